"""Decisions of a meeting, and the commitments that are made of them."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.commitments.services import CommitmentValues, add_commitment
from servanda.network.meetings.registration import lock_open
from servanda.network.models import Commitment, MechanismProfile, Meeting, MeetingDecision
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.progress.rounds.days import local_day
from servanda.recommendations.editing.structure import restore_recommendation, withdraw_recommendation
from servanda.sources.printed.texts import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionValues:
    text: str
    language: str
    owner: MechanismProfile | None = None
    due_on: date | None = None


@transaction.atomic
def add_decision(*, meeting: Meeting, values: DecisionValues, by: User | None) -> MeetingDecision:
    """Raises `FieldRefused` without a text."""
    locked = lock_open(meeting)
    last = locked.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = MeetingDecision(meeting=locked, number=last + 1, version=0)
    set_values(decision, values)
    save_version(decision, "meeting-decision-added", by=by, difference={})
    return decision


@transaction.atomic
def edit_decision(*, decision: MeetingDecision, values: DecisionValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since, `Refused` for one that is followed up as a
    commitment, and `FieldRefused` without a text."""
    locked = lock_decision(decision)
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    refuse_followed(locked)
    before = in_trail(locked)
    set_values(locked, values)
    if difference := difference_of(before, in_trail(locked)):
        save_version(locked, "meeting-decision-edited", by=by, difference=difference)


def set_values(decision: MeetingDecision, values: DecisionValues) -> None:
    if not (text := clean(values.text)):
        raise FieldRefused("text", _("Enter the text of the decision."))
    decision.text, decision.language = text, values.language
    decision.owner, decision.due_on = values.owner, values.due_on


def in_trail(decision: MeetingDecision) -> dict[str, str]:
    return {name: str(getattr(decision, name) or "") for name in ("text", "language", "owner", "due_on")}


@transaction.atomic
def withdraw_decision(*, decision: MeetingDecision, by: User) -> None:
    """Raises `Refused` for one that is followed up as a commitment."""
    locked = lock_decision(decision)
    refuse_followed(locked)
    locked.withdrawn_at = timezone.now()
    save_version(locked, "meeting-decision-withdrawn", by=by, difference={})


@transaction.atomic
def restore_decision(*, decision: MeetingDecision, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = MeetingDecision.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=decision.pk)
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at = None
    save_version(locked, "meeting-decision-restored", by=by, difference={})


@transaction.atomic
def make_commitment(*, decision: MeetingDecision, by: User) -> Commitment:
    """Follow a decision up as a record of the register, unpublished, with its owner and deadline.

    A commitment that was undone returns. Raises `Refused` if it is followed up already, before the meeting begins, or
    while the settings do not name the State.
    """
    locked = lock_decision(decision)
    refuse_followed(locked)
    if locked.meeting.begins_at > timezone.now():
        raise Refused(_("The meeting has not begun. Add its decisions to the commitments once they are taken."))
    if locked.commitment:
        restore_recommendation(recommendation=locked.commitment.recommendation, by=by)
    else:
        locked.commitment = new_commitment(locked, by=by)
    save_version(locked, "meeting-commitment-made", by=by, difference={"commitment": ["", str(locked.commitment)]})
    return locked.commitment


def new_commitment(decision: MeetingDecision, *, by: User) -> Commitment:
    agreed_on = local_day(min(decision.meeting.ends_at, timezone.now()))
    values = CommitmentValues(
        wording=Commitment.Wording.COMMITMENT,
        source=f"{decision.meeting.title}, {date_format(agreed_on, 'DATE_FORMAT')}"[:300],
        owner=decision.owner,
        due_on=decision.due_on,
    )
    return add_commitment(
        text=decision.text,
        language=decision.language,
        agreed_on=agreed_on,
        number=f"M{decision.meeting_id}.{decision.number}",
        values=values,
        by=by,
    )


@transaction.atomic
def undo_commitment(*, decision: MeetingDecision, by: User) -> None:
    """Withdraw the record; it can be made again. Raises `Refused` if the decision is not followed up."""
    locked = lock_decision(decision)
    if not locked.is_followed or locked.commitment is None:
        raise Refused(_("This decision is not followed up as a commitment."))
    reason = _("The decision of the meeting is no longer followed up as a commitment.")
    withdraw_recommendation(recommendation=locked.commitment.recommendation, reason=reason, by=by)
    save_version(locked, "meeting-commitment-undone", by=by, difference={"commitment": [str(locked.commitment), ""]})


def refuse_followed(decision: MeetingDecision) -> None:
    if decision.is_followed:
        raise Refused(_("This decision is followed up as a commitment. Edit the commitment instead."))


def lock_decision(decision: MeetingDecision) -> MeetingDecision:
    """Raises `Refused` for a withdrawn one, and for one of a cancelled meeting."""
    lock_open(decision.meeting)
    rows = MeetingDecision.objects.select_related("meeting", "owner", "commitment__recommendation")
    locked = rows.get(pk=decision.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This decision is withdrawn. Restore it first."))
    return locked
