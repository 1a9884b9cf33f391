"""Answers to contributions: accept, merge or decline, and notify the contributor."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Accreditation, Instance, Institution, Notification, User
from servanda.people.notifications.services import notify, origin_for_links
from servanda.progress.assessments.services import keep_latest, lock_record, save_assessment
from servanda.progress.assessments.signing import refresh_signatures
from servanda.progress.contributions.services import institution_of, record_codes
from servanda.progress.evidence.services import are_accredited
from servanda.progress.models import Assessment, Contribution, Voice
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

State = Contribution.State


@transaction.atomic
def accept_contribution(*, contribution: Contribution, answer: str, by: User) -> Contribution:
    """Show it with its records; a rating becomes an independent assessment of each of them.

    Raises `Refused` if this person may not answer contributions, or if a person has answered it already.
    """
    contribution = lock_waiting(contribution, by)
    record_answer(contribution, State.ACCEPTED, clean(answer), by=by)
    if contribution.grade:
        records = [
            record for record in contribution.recommendations.all() if not has_signed_since(contribution, record)
        ]
        contribution.assessments.set([create_assessment(contribution, record, by=by) for record in records])
    notify_contributor(contribution)
    Event.record("contribution-accepted", contribution, by=by, label=record_codes(contribution))
    return contribution


def create_assessment(contribution: Contribution, record: Recommendation, *, by: User) -> Assessment:
    """The rating as an assessment of the day on which it was received, under the organisation's name or none."""
    contributor, grade = contribution.contributor, contribution.grade
    assert grade is not None
    institution = institution_of(contribution)
    record = lock_record(record)
    assessment = Assessment(
        recommendation=record,
        voice=Voice.INDEPENDENT,
        grade=grade,
        common=grade.common,
        reason=contribution.text,
        date=timezone.localdate(contribution.received_at),
        institution=institution,
        accreditation=accreditation_for(institution, contribution),
        author="" if contribution.hides_identity else contribution.organisation,
        is_published=True,
        published_at=timezone.now(),
        is_latest=False,
        made_by=contributor,
    )
    save_assessment(assessment, list(contribution.evidence.filter(withdrawn_at=None)), [], by=by)
    keep_latest(assessment)
    refresh_signatures(record.pk)
    return assessment


def has_signed_since(contribution: Contribution, record: Recommendation) -> bool:
    """Whether the contributor's institution has signed an assessment since it sent this: a rating that is accepted
    late must not replace it."""
    institution = institution_of(contribution)
    signed = Assessment.objects.signed().filter(recommendation=record, made_at__gt=contribution.received_at)
    return institution is not None and signed.filter(institution=institution).exists()


def accreditation_for(institution: Institution | None, contribution: Contribution) -> Accreditation | None:
    """The accreditation on the day of receipt: an accepted rating of an accredited institution counts as signed."""
    day = timezone.localdate(contribution.received_at)
    return Accreditation.objects.signing(on=day).filter(institution=institution).first() if institution else None


@transaction.atomic
def merge_contribution(*, contribution: Contribution, into: Contribution, answer: str, by: User) -> Contribution:
    """Merge into an accepted contribution that says the same; its evidence is shown with its records all the same.

    A rating and the word of an accredited institution would be lost: these are merged only with another contribution
    of the same sender. Raises `Refused` as in `accept_contribution`, and `FieldRefused` if the other one is not
    suitable, or without a message.
    """
    contribution = lock_waiting(contribution, by)
    other = Contribution.objects.get(pk=into.pk)
    refuse_losing_a_voice(contribution, other)
    if other.state != State.ACCEPTED or other.pk == contribution.pk:
        raise FieldRefused(
            "into", _("Choose an accepted contribution. If it is not accepted yet, accept it first, then merge.")
        )
    refuse_other_records(contribution, other)
    contribution.merged_into = other
    record_answer(contribution, State.MERGED, required_message(answer), by=by)
    notify_contributor(contribution)
    Event.record("contribution-merged", contribution, by=by, label=record_codes(contribution))
    return contribution


def required_message(answer: str) -> str:
    if not (message := clean(answer)):
        raise FieldRefused("answer", _("Explain to the contributor why the contributions have the same content."))
    return message


def refuse_losing_a_voice(contribution: Contribution, other: Contribution) -> None:
    """Raises `FieldRefused` for a rating or the word of an accredited institution, unless the sender is the same."""
    sender = contribution.contributor
    if sender is not None and sender == other.contributor:
        return
    is_accredited = sender is not None and are_accredited(User.objects.filter(pk=sender.pk))
    if contribution.grade is not None or is_accredited:
        sentence = _(
            "This contribution has a rating or comes from an accredited institution. Merging would hide it. Accept "
            "or decline it."
        )
        raise FieldRefused("into", sentence)


def refuse_other_records(contribution: Contribution, other: Contribution) -> None:
    """Raises `FieldRefused` unless the other contribution is shown on all public records of this one."""
    public = Recommendation.every_kind.public().order_by()
    missing = public.filter(contributions=contribution).exclude(
        pk__in=public.filter(contributions=other).values("pk")
    )
    if missing.exists():
        raise FieldRefused("into", _("Choose a contribution that is shown on the same public records."))


@transaction.atomic
def decline_contribution(*, contribution: Contribution, decline_reason: str, reason: str, by: User) -> Contribution:
    """Decline with a listed reason, which is counted in public, and a message to the contributor.

    Raises `Refused` as in `accept_contribution`, and `FieldRefused` without a reason or a message.
    """
    contribution = lock_waiting(contribution, by)
    if decline_reason not in dict(reasons_to_decline()):
        raise FieldRefused("decline_reason", _("Select a reason."))
    contribution.decline_reason = decline_reason
    record_answer(contribution, State.DECLINED, required_reason(reason), by=by)
    notify_contributor(contribution)
    difference = {"decline_reason": ["", decline_reason]}
    Event.record(
        "contribution-declined", contribution, by=by, difference=difference, label=record_codes(contribution)
    )
    return contribution


def reasons_to_decline() -> list[tuple[str, str]]:
    """The reasons that can be chosen today."""
    reasons = Contribution.DeclineReason
    return [(value, str(label)) for value, label in reasons.choices if value != reasons.NOT_RECORDED]


def lock_waiting(contribution: Contribution, by: User) -> Contribution:
    if not can(by, Can.ANSWER_CONTRIBUTIONS):
        raise Refused(_("You do not have permission to answer contributions. Contact the coordinator."))
    contributions = Contribution.objects.select_for_update(of=("self",)).select_related("contributor", "grade__scale")
    locked = contributions.get(pk=contribution.pk)
    if locked.state != State.RECEIVED:
        raise Refused(_("This contribution was answered or withdrawn since you opened the page. Reload the page."))
    return locked


def record_answer(contribution: Contribution, state: str, answer: str, *, by: User) -> None:
    contribution.state, contribution.answer, contribution.answered_at, contribution.answered_by = (
        state,
        answer,
        timezone.now(),
        by,
    )
    contribution.save(
        update_fields=["state", "answer", "answered_at", "answered_by", "merged_into", "decline_reason"]
    )


def notify_contributor(contribution: Contribution) -> None:
    """Notify at the desk, or by mail if an address was given; the address is deleted afterwards."""
    if contribution.contributor:
        kind = Notification.Kind.CONTRIBUTION_ANSWERED
        notify(
            people=[contribution.contributor],
            kind=kind,
            thing=contribution,
            by=None,
            label=record_codes(contribution),
        )
    if contribution.email:
        with translation.override(
            contribution.language if contribution.language in dict(settings.LANGUAGES) else None
        ):
            write_answer(contribution)
        contribution.email = ""
        contribution.save(update_fields=["email"])


def write_answer(contribution: Contribution) -> None:
    subject = _("An answer to your contribution on %(what)s") % {"what": record_codes(contribution)}
    body = _(
        "Hello,\n\nyou wrote to %(instance)s about %(what)s. The answer is: %(state)s.\n\n%(answer)s\n\nRead it "
        "here:\n%(link)s\n\nYour address was kept only for this e-mail and has now been deleted.\n"
    )
    values = {
        "instance": Instance.current(),
        "what": record_codes(contribution),
        "state": contribution.get_state_display(),
        "answer": contribution.answer,
        "link": origin_for_links("") + reverse("portal:contribution_receipt", args=[contribution.key]),
    }
    queue_mail(to=contribution.email, subject=subject, body=body % values)
