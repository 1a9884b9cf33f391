"""What others bring in: taken in without following anybody, answered one by one, and the contributor is told."""

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
from servanda.people.notifications.services import house_address, notify
from servanda.planning.assignments.services import coordinators
from servanda.progress.assessments.services import (
    keep_latest,
    needed,
    put,
    refuse_wrong_scale,
    speaks_for,
    still_there,
)
from servanda.progress.assessments.signing import settle_signatures
from servanda.progress.contributions.visitors import Visitor, refuse_hasty_or_flooding
from servanda.progress.evidence.services import (
    Described,
    Examined,
    add_link,
    examine,
    keep_file,
    neutral_name,
    without_author,
)
from servanda.progress.models import Assessment, Contribution, ContributionRecommendation, Evidence, Grade, Voice
from servanda.progress.updates.permissions import refuse_form_of_others
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event
from servanda.trail.repeats import record_refused

State = Contribution.State


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What somebody says, and what they show."""

    text: str
    language: str
    recommendations: Sequence[Recommendation]
    grade: Grade | None = None
    links: Sequence[str] = ()
    file: File | None = None
    described: Described | None = None  # of all that is shown
    organisation: str = ""
    email: str = ""
    hides_identity: bool = False


def contribute(*, brought: Brought, form_key: UUID, by: User | None, visitor: Visitor | None = None) -> Contribution:
    """Take in what a contributor, or through the public form a visitor, has to say. It waits for an answer.

    A file is examined before any row is locked, and that of a hidden sender cleaned before it is stored. A form sent
    twice makes one row. Raises `Refused`.
    """
    if there := Contribution.objects.filter(form_key=form_key).first():
        refuse_form_of_others(there.contributor, by)
        return there
    if by is not None and not can(by, Can.CONTRIBUTE):
        raise Refused(_("Your role does not contribute. Write a note or an update instead."))
    examined = examine(brought.file, brought.file.name or "") if brought.file and by is not None else None
    if examined and brought.hides_identity:
        examined = without_author(examined)
    try:
        return take_in(brought, examined, form_key=form_key, by=by, visitor=visitor)
    except IntegrityError:  # the same form came in at the same moment
        first = Contribution.objects.filter(form_key=form_key).first()
        if first is None:
            raise
        refuse_form_of_others(first.contributor, by)
        return first


@transaction.atomic
def take_in(
    brought: Brought, examined: Examined | None, *, form_key: UUID, by: User | None, visitor: Visitor | None
) -> Contribution:
    if by is None:
        refuse_closed()
    if visitor:
        refuse_hasty_or_flooding(visitor, on=timezone.now())
    refuse_hidden(brought.recommendations, by)
    made = Contribution(
        text=clean(brought.text),
        language=brought.language,
        grade=brought.grade,
        contributor=by,
        organisation=clean_label(brought.organisation) or place_of(by),
        email="" if by else brought.email,
        hides_identity=brought.hides_identity,
        form_key=form_key,
    )
    if not made.text:
        raise FieldRefused("text", _("Say in a few sentences what you know."))
    if brought.grade:
        for record in brought.recommendations:
            refuse_wrong_scale(Assessment(recommendation=record, grade=brought.grade, voice=Voice.INDEPENDENT))
    made.save(force_insert=True)
    ContributionRecommendation.objects.bulk_create(
        ContributionRecommendation(contribution=made, recommendation=record) for record in brought.recommendations
    )
    named = None if made.hides_identity else by
    if examined and made.hides_identity:
        examined = replace(examined, name=neutral_name(f"contribution-{made.pk}-1", examined.mime))
    made.evidence.set(shown(brought, examined, by=named))
    codes = about(made)
    notify(people=coordinators(), kind=Notification.Kind.CONTRIBUTION_RECEIVED, thing=made, by=None, label=codes)
    if named:
        Event.record("contributed", made, by=named, label=codes)
    else:
        Event.record("contributed-without-name", made, label=codes)
    return made


def place_of(by: User | None) -> str:
    place = speaks_for(by) if by else None
    return str(place) if place else ""


def shown(brought: Brought, examined: Examined | None, *, by: User | None) -> list[Evidence]:
    """Files and links, under no name where the contributor hides theirs."""
    if brought.described is None:
        return []
    described, records = brought.described, brought.recommendations
    found = [add_link(link=link, described=described, recommendations=records, by=by) for link in brought.links]
    if examined:
        found.append(
            keep_file(
                examined=examined, described=described, recommendations=records, by=by, institution=None, update=None
            )
        )
    return found


def refuse_closed() -> None:
    if not Instance.current().takes_public_contributions:
        raise Refused(_("This mechanism takes contributions from accounts only. Write to its public contact."))


def refuse_hidden(records: Sequence[Recommendation], by: User | None) -> None:
    seen = Recommendation.objects.visible_to(by) if by else Recommendation.objects.public()
    if not records or seen.filter(pk__in=[record.pk for record in records]).count() < len(records):
        raise FieldRefused("records", _("Give the reference of at least one recommendation, as on its page."))


@transaction.atomic
def accept_contribution(*, contribution: Contribution, answer: str, by: User) -> Contribution:
    """It is shown with its records from now on; a rating becomes an independent assessment of each of them."""
    held = waiting(contribution, by)
    settle(held, State.ACCEPTED, clean(answer), by=by)
    if held.grade:
        records = [record for record in held.recommendations.all() if not has_signed_since(held, record)]
        held.assessments.set([rated(held, record, by=by) for record in records])
    tell(held)
    Event.record("contribution-accepted", held, by=by, label=about(held))
    return held


def rated(held: Contribution, record: Recommendation, *, by: User) -> Assessment:
    """In the name of the organisation, or of nobody; as of the day on which it came."""
    contributor, grade = held.contributor, held.grade
    assert grade is not None
    is_named = contributor is not None and not held.hides_identity
    institution = speaks_for(contributor) if contributor and is_named else None
    record = still_there(record)
    made = Assessment(
        recommendation=record,
        voice=Voice.INDEPENDENT,
        grade=grade,
        common=grade.common,
        reason=held.text,
        date=timezone.localdate(held.received_at),
        institution=institution,
        accreditation=accredited(institution, held),
        author="" if held.hides_identity else held.organisation,
        is_published=True,
        is_latest=False,
        made_by=contributor,
    )
    put(made, list(held.evidence.filter(withdrawn_at=None)), [], by=by)
    keep_latest(made)
    settle_signatures(record.pk)
    return made


def has_signed_since(held: Contribution, record: Recommendation) -> bool:
    """Whether the institution of the contributor has published an assessment of its own after it sent this: an older
    rating that is accepted late does not take its place."""
    institution = speaks_for(held.contributor) if held.contributor and not held.hides_identity else None
    signed = Assessment.objects.signed().filter(recommendation=record, made_at__gt=held.received_at)
    return institution is not None and signed.filter(institution=institution).exists()


def accredited(institution: Institution | None, held: Contribution) -> Accreditation | None:
    """What an accredited institution contributed is, once shown, as much its own as what it signs."""
    day = timezone.localdate(held.received_at)
    return Accreditation.objects.signing(on=day).filter(institution=institution).first() if institution else None


@transaction.atomic
def merge_contribution(*, contribution: Contribution, into: Contribution, answer: str, by: User) -> Contribution:
    """Another one, which was accepted, says the same; what this one shows is shown with its records all the same."""
    held = waiting(contribution, by)
    other = Contribution.objects.get(pk=into.pk)
    if other.state != State.ACCEPTED or other.pk == held.pk:
        raise FieldRefused("into", _("Choose one that was accepted. Accept that one first, then merge this with it."))
    refuse_elsewhere(held, other)
    held.merged_into = other
    settle(held, State.MERGED, clean(answer), by=by)
    tell(held)
    Event.record("contribution-merged", held, by=by, label=about(held))
    return held


def refuse_elsewhere(held: Contribution, other: Contribution) -> None:
    """That one is shown wherever this would be: the public reads that they were merged. Raises `FieldRefused`."""
    public = Recommendation.objects.public().order_by()
    missing = public.filter(contributions=held).exclude(pk__in=public.filter(contributions=other).values("pk"))
    if missing.exists():
        raise FieldRefused("into", _("Choose a contribution that is shown on the same public records."))


@transaction.atomic
def decline_contribution(*, contribution: Contribution, decline_reason: str, reason: str, by: User) -> Contribution:
    """Not published, for a reason of the list that the public counts, and with words for the contributor. Raises
    `Refused`."""
    held = waiting(contribution, by)
    if decline_reason not in dict(reasons_to_decline()):
        raise FieldRefused("decline_reason", _("Select a reason."))
    held.decline_reason = decline_reason
    settle(held, State.DECLINED, needed(reason), by=by)
    tell(held)
    difference = {"decline_reason": ["", decline_reason]}
    Event.record("contribution-declined", held, by=by, difference=difference, label=about(held))
    return held


def reasons_to_decline() -> list[tuple[str, str]]:
    """Those that are offered now."""
    reasons = Contribution.DeclineReason
    return [(value, str(label)) for value, label in reasons.choices if value != reasons.NOT_RECORDED]


@transaction.atomic
def withdraw_contribution(*, contribution: Contribution, by: User) -> Contribution:
    """Whoever sent it takes it back, with what they showed, as long as nobody has answered. The row stays."""
    there = Contribution.objects.select_for_update(of=("self",)).filter(contributor=by, pk=contribution.pk)
    held = there.first()
    if held is None:
        raise Refused(_("Only whoever sent a contribution takes it back."))
    if held.state == State.WITHDRAWN:
        raise Refused(_("It is taken back already."))
    if held.state != State.RECEIVED:
        raise Refused(_("It was answered meanwhile. Send a new one: of your ratings the newest counts."))
    held.state, held.withdrawn_at = State.WITHDRAWN, timezone.now()
    held.save(update_fields=["state", "withdrawn_at"])
    named = None if held.hides_identity else by
    held.evidence.filter(withdrawn_at=None).update(
        withdrawn_at=held.withdrawn_at,
        withdrawn_by=named,
        withdrawal_reason=_("Taken back with the contribution that it came with."),
    )
    Event.record("contribution-withdrawn", held, by=named, label=about(held))
    return held


def record_refused_contribution(reason: str, *, page: str, path: str) -> None:
    """That one was refused, and not whose it was: one line for all visitors together, and how many more an hour."""
    difference = {"reason": ["", reason]} if reason else None
    record_refused("contribution-refused", page=page, path=path, difference=difference)


def waiting(contribution: Contribution, by: User) -> Contribution:
    if not can(by, Can.ANSWER_CONTRIBUTIONS):
        raise Refused(_("Your role does not answer contributions. Ask the coordinator of the mechanism."))
    held = Contribution.objects.select_for_update(of=("self",)).select_related("contributor", "grade__scale")
    found = held.get(pk=contribution.pk)
    if found.state != State.RECEIVED:
        raise Refused(_("Somebody has answered this contribution meanwhile. Look at it again."))
    return found


def settle(held: Contribution, state: str, answer: str, *, by: User) -> None:
    held.state, held.answer, held.answered_at, held.answered_by = state, answer, timezone.now(), by
    held.save(update_fields=["state", "answer", "answered_at", "answered_by", "merged_into", "decline_reason"])


def tell(held: Contribution) -> None:
    """On their desk, or by the mail that they asked for; the address is kept no longer than for that."""
    if held.contributor:
        kind = Notification.Kind.CONTRIBUTION_ANSWERED
        notify(people=[held.contributor], kind=kind, thing=held, by=None, label=about(held))
    if held.email:
        with translation.override(held.language if held.language in dict(settings.LANGUAGES) else None):
            write_answer(held)
        held.email = ""
        held.save(update_fields=["email"])


def write_answer(held: Contribution) -> None:
    subject = _("An answer to your contribution on %(what)s") % {"what": about(held)}
    body = _(
        "Hello,\n\n"
        "you wrote to %(instance)s about %(what)s. The answer is: %(state)s.\n\n%(answer)s\n\n"
        "Read it here:\n%(link)s\n\n"
        "Your address was kept for this mail only, and is deleted now.\n"
    )
    words = {
        "instance": Instance.current(),
        "what": about(held),
        "state": held.get_state_display(),
        "answer": held.answer,
        "link": house_address("") + reverse("portal:contribution_receipt", args=[held.key]),
    }
    queue_mail(to=held.email, subject=subject, body=body % words)


def about(held: Contribution) -> str:
    """The references of its records: what the trail and the notices call it by."""
    return listed(held.recommendations.order_by("order_key").values_list("code", flat=True))
