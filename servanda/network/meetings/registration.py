"""Participants of a meeting: registration, the waiting list, and withdrawal."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings.letters import write_place_letter
from servanda.network.models import MechanismProfile, Meeting, MeetingParticipant
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

State = MeetingParticipant.State
LINES = ("name", "institution", "language", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantValues:
    name: str
    role: str
    mechanism: MechanismProfile | None = None
    institution: str = ""
    language: str = ""
    email: str = ""


@transaction.atomic
def register_participant(*, meeting: Meeting, values: ParticipantValues, by: User | None) -> MeetingParticipant:
    """Register a person, or put them on the waiting list if all places are taken.

    Raises `FieldRefused` without a name, without a mechanism or institution, and for an address that is registered.
    """
    locked = lock_open(meeting)
    participant = MeetingParticipant(meeting=locked, added_by=by, queued_at=timezone.now())
    set_values(participant, values)
    participant.state = locked.state_of_next()
    participant.save()
    difference = {"participant": ["", participant.pk]}
    if participant.state == State.WAITING:
        Event.record("meeting-waiting", locked, by=by, difference=difference)
    else:
        Event.record("meeting-registered", locked, by=by, difference=difference)
    return participant


@transaction.atomic
def edit_participant(
    *, participant: MeetingParticipant, values: ParticipantValues, seen: int | None, by: User
) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since; otherwise as `register_participant`."""
    meeting = lock_open(participant.meeting)
    locked = MeetingParticipant.objects.select_related("mechanism").get(pk=participant.pk)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.name))
    before = in_trail(locked)
    set_values(locked, values)
    if difference := difference_of(before, in_trail(locked)):
        locked.version += 1
        locked.save()
        changed = {"participant": ["", locked.pk]} | difference
        Event.record("meeting-participant-edited", meeting, by=by, difference=changed)


def set_values(participant: MeetingParticipant, values: ParticipantValues) -> None:
    for name in LINES:
        setattr(participant, name, clean_label(getattr(values, name)))
    participant.role, participant.mechanism = values.role, values.mechanism
    if not participant.name:
        raise FieldRefused("name", _("Enter a name."))
    if not participant.mechanism and not participant.institution:
        raise FieldRefused("institution", _("Choose a mechanism or enter an institution."))
    others = MeetingParticipant.objects.filter(meeting=participant.meeting_id).exclude(pk=participant.pk)
    if participant.email and others.filter(email__iexact=participant.email).exists():
        raise FieldRefused("email", _("This address is registered for the meeting already."))


def in_trail(participant: MeetingParticipant) -> dict[str, str]:
    """Without the name and the address: the trail is kept when a person is erased."""
    names = ("role", "institution", "language")
    return {name: getattr(participant, name) for name in names} | {"mechanism": str(participant.mechanism or "")}


@transaction.atomic
def withdraw_participant(*, participant: MeetingParticipant, by: User) -> None:
    """Their place goes to the one who has waited longest. Raises `Refused` if they have withdrawn."""
    meeting = lock_open(participant.meeting)
    locked = MeetingParticipant.objects.get(pk=participant.pk)
    if locked.state == State.WITHDRAWN:
        raise Refused(_("This has already been done."))
    set_state(locked, State.WITHDRAWN)
    Event.record("meeting-participant-withdrawn", meeting, by=by, difference={"participant": ["", locked.pk]})
    fill_places(meeting, by=by)


@transaction.atomic
def restore_participant(*, participant: MeetingParticipant, by: User) -> None:
    """Register them again, behind all who wait. Raises `Refused` if they have not withdrawn."""
    meeting = lock_open(participant.meeting)
    locked = MeetingParticipant.objects.get(pk=participant.pk)
    if locked.state != State.WITHDRAWN:
        raise Refused(_("This has already been done."))
    locked.queued_at = timezone.now()
    set_state(locked, meeting.state_of_next())
    Event.record("meeting-participant-restored", meeting, by=by, difference={"participant": ["", locked.pk]})


def set_state(participant: MeetingParticipant, state: str) -> None:
    participant.state = state
    participant.version += 1
    participant.save()


def fill_places(meeting: Meeting, *, by: User | None) -> None:
    """Register those who wait while there are places, those who have waited longest first, and write to them."""
    for participant in meeting.next_in_queue():
        set_state(participant, State.REGISTERED)
        write_place_letter(participant)
        Event.record("meeting-registered", meeting, by=by, difference={"participant": ["", participant.pk]})


def lock_open(meeting: Meeting) -> Meeting:
    """Locked, so that two people do not get the last place. Raises `Refused` for a cancelled one."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.is_cancelled:
        raise Refused(_("This meeting is cancelled. Restore it first."))
    return locked
