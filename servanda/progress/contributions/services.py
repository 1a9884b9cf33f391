"""Contributions: receive without tracking anyone, accept, merge, decline, withdraw, and notify the contributor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.kit.pages.translations import listed
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Accreditation, Instance, Institution, Notification, User
from servanda.people.notifications.services import notify, origin_for_links
from servanda.planning.assignments.services import coordinators
from servanda.progress.assessments.services import keep_latest, lock_record, refuse_wrong_scale, save_assessment
from servanda.progress.assessments.signing import refresh_signatures
from servanda.progress.assessments.speaking import contributing_institution, remember_institution
from servanda.progress.contributions.visitors import Visitor, refuse_hasty_or_flooding
from servanda.progress.evidence.services import (
    Described,
    Examined,
    add_link,
    are_accredited,
    bytes_of,
    examine,
    keep_file,
    neutral_name,
    without_author,
)
from servanda.progress.models import Assessment, Contribution, ContributionRecommendation, Evidence, Grade, Voice
from servanda.progress.updates.permissions import refuse_other_sender
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event
from servanda.trail.repeats import record_refused

State = Contribution.State


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A contribution as it was entered: the text and the evidence."""

    text: str
    language: str
    recommendations: Sequence[Recommendation]
    grade: Grade | None = None
    links: Sequence[str] = ()
    file: File | None = None
    described: Described | None = None  # the description of all its evidence
    organisation: str = ""
    email: str = ""
    hides_identity: bool = False
    institution: Institution | None = None  # chosen by a person who contributes for several


def contribute(
    *, submission: Submission, form_key: UUID, by: User | None, visitor: Visitor | None = None
) -> Contribution:
    """Store a contribution from an account, or from a visitor through the public form. It then waits for an answer.

    A file is examined before any row is locked, and cleaned first if the sender hides their identity. A form sent
    twice makes one row. Raises `Refused` (or `FieldRefused`) if this person or visitor may not contribute, or if the
    file, the text, the records or the rating are not acceptable.
    """
    if existing := Contribution.objects.filter(form_key=form_key).first():
        refuse_other_sender(existing.contributor, by)
        return existing
    if by is not None and not can(by, Can.CONTRIBUTE):
        raise Refused(_("You do not have permission to send contributions. Write a note or an update instead."))
    examined = examine(submission.file, submission.file.name or "") if submission.file and by is not None else None
    if examined and submission.hides_identity:
        examined = without_author(examined)
    try:
        return store_contribution(submission, examined, form_key=form_key, by=by, visitor=visitor)
    except IntegrityError:  # the same form arrived twice at the same moment
        first = Contribution.objects.filter(form_key=form_key).first()
        if first is None:
            raise
        refuse_other_sender(first.contributor, by)
        return first


@transaction.atomic
def store_contribution(
    submission: Submission, examined: Examined | None, *, form_key: UUID, by: User | None, visitor: Visitor | None
) -> Contribution:
    if by is None:
        refuse_closed()
    if visitor:
        refuse_hasty_or_flooding(visitor, on=timezone.now())
    refuse_hidden(submission.recommendations, by)
    institution = contributing_institution(by, submission.institution)
    contribution = Contribution(
        text=clean(submission.text),
        language=submission.language,
        grade=submission.grade,
        contributor=by,
        organisation=clean_label(submission.organisation) or str(institution or ""),
        institution=institution,
        email="" if by else submission.email,
        hides_identity=submission.hides_identity,
        form_key=form_key,
    )
    if not contribution.text:
        raise FieldRefused("text", _("Enter the text of your contribution."))
    if submission.grade:
        for record in submission.recommendations:
            refuse_wrong_scale(Assessment(recommendation=record, grade=submission.grade, voice=Voice.INDEPENDENT))
    contribution.save(force_insert=True)
    ContributionRecommendation.objects.bulk_create(
        ContributionRecommendation(contribution=contribution, recommendation=record)
        for record in submission.recommendations
    )
    named_sender = None if contribution.hides_identity else by
    if examined and contribution.hides_identity:
        examined = replace(examined, name=neutral_name(f"contribution-{contribution.pk}-1", examined.mime))
    used = bytes_sent_by(by) if by and examined else 0
    contribution.evidence.set(store_evidence(submission, examined, by=named_sender, used=used))
    codes = record_codes(contribution)
    notify(
        people=coordinators(), kind=Notification.Kind.CONTRIBUTION_RECEIVED, thing=contribution, by=None, label=codes
    )
    if named_sender:
        remember_institution(named_sender, submission.institution)
        Event.record("contributed", contribution, by=named_sender, label=codes)
    else:
        Event.record("contributed-without-name", contribution, label=codes)
    return contribution


def institution_of(contribution: Contribution) -> Institution | None:
    """For which it speaks openly: the one that its sender named when sending it, whatever they belong to today."""
    return None if contribution.hides_identity else contribution.institution


def bytes_sent_by(person: User) -> int:
    """The bytes of all files that this person sent, hidden and withdrawn ones included: the quota is per person."""
    person = User.objects.select_for_update().get(pk=person.pk)
    return bytes_of(Evidence.objects.filter(contributions__contributor=person))


def store_evidence(
    submission: Submission, examined: Examined | None, *, by: User | None, used: int
) -> list[Evidence]:
    """Store the links and the file; `by` is None if the contributor hides their identity. `used` is how many bytes
    the contributor has sent already."""
    if submission.described is None:
        return []
    described, records = submission.described, submission.recommendations
    evidence = [add_link(link=link, described=described, recommendations=records, by=by) for link in submission.links]
    if examined:
        evidence.append(
            keep_file(
                examined=examined,
                described=described,
                recommendations=records,
                by=by,
                institution=None,
                update=None,
                used=used,
            )
        )
    return evidence


def refuse_closed() -> None:
    if not Instance.current().takes_public_contributions:
        raise Refused(
            _("This mechanism accepts contributions only from users with an account. Write to its public contact.")
        )


def refuse_hidden(records: Sequence[Recommendation], by: User | None) -> None:
    visible = Recommendation.every_kind.visible_to(by) if by else Recommendation.every_kind.public()
    if not records or visible.filter(pk__in=[record.pk for record in records]).count() < len(records):
        raise FieldRefused("records", _("Enter the reference of at least one recommendation, as shown on its page."))


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


@transaction.atomic
def withdraw_contribution(*, contribution: Contribution, by: User) -> Contribution:
    """Withdraw a contribution and its evidence; the rows stay.

    Raises `Refused` for anyone except its sender, and once it was answered or withdrawn.
    """
    own = Contribution.objects.select_for_update(of=("self",)).filter(contributor=by, pk=contribution.pk)
    locked = own.first()
    if locked is None:
        raise Refused(_("Only the contributor can withdraw a contribution."))
    if locked.state == State.WITHDRAWN:
        raise Refused(_("This contribution has already been withdrawn."))
    if locked.state != State.RECEIVED:
        raise Refused(
            _(
                "This contribution has been answered and can no longer be withdrawn. Send a new one: only your "
                "latest rating applies."
            )
        )
    locked.state, locked.withdrawn_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "withdrawn_at"])
    named_sender = None if locked.hides_identity else by
    locked.evidence.filter(withdrawn_at=None).update(
        withdrawn_at=locked.withdrawn_at,
        withdrawn_by=named_sender,
        withdrawal_reason=_("Withdrawn together with the contribution."),
    )
    Event.record("contribution-withdrawn", locked, by=named_sender, label=record_codes(locked))
    return locked


def record_refused_contribution(reason: str, *, page: str, path: str) -> None:
    """Record a refusal without saying whose it was: one line in the trail, then one count an hour for all
    visitors."""
    difference = {"reason": ["", reason]} if reason else None
    record_refused("contribution-refused", page=page, path=path, difference=difference)


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


def record_codes(contribution: Contribution) -> str:
    """The references of its records, by which the trail and notifications name it."""
    return listed(contribution.recommendations.order_by("order_key").values_list("code", flat=True))
