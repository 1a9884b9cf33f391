"""Contributions: receive without tracking anyone, and withdraw. `answering.py` has the answers to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import listed
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Instance, Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.planning.assignments.services import coordinators
from servanda.progress.assessments.services import refuse_wrong_scale
from servanda.progress.assessments.speaking import contributing_institution, remember_institution
from servanda.progress.contributions.visitors import Visitor, refuse_hasty_or_flooding
from servanda.progress.evidence.services import (
    Described,
    Examined,
    add_link,
    bytes_of,
    examine,
    keep_file,
    neutral_name,
    without_author,
)
from servanda.progress.models import Assessment, Contribution, ContributionRecommendation, Evidence, Grade, Voice
from servanda.progress.updates.permissions import refuse_other_sender
from servanda.recommendations.models import Recommendation
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


def record_codes(contribution: Contribution) -> str:
    """The references of its records, by which the trail and notifications name it."""
    return listed(contribution.recommendations.order_by("order_key").values_list("code", flat=True))
