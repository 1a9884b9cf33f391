"""Registration by the person who takes part: with an account, or by the link of an invitation."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.meetings.registration import (
    ParticipantValues,
    State,
    fill_places,
    lock_open,
    set_state,
    set_values,
)
from servanda.network.models import Meeting, MeetingInvitation, MeetingParticipant
from servanda.people.models import User
from servanda.trail.models import Event


def own_participation(meeting: Meeting, user: User) -> MeetingParticipant | None:
    """The registration of this person, found by the address of the account."""
    return participant_of(meeting, user.email)


def participant_of(meeting: Meeting, email: str) -> MeetingParticipant | None:
    rows = MeetingParticipant.objects.filter(meeting=meeting, email__iexact=email).exclude(email="")
    return rows.select_related("mechanism", "meeting").first()


@transaction.atomic
def register_for_meeting(*, meeting: Meeting, values: ParticipantValues, by: User) -> MeetingParticipant:
    """Register this person, or put them on the waiting list if all places are taken; those who are registered change
    what they entered and keep their place.

    Raises `Refused` if the meeting is cancelled, has begun or takes no more registrations, and `FieldRefused` without
    a mechanism or institution.
    """
    locked = lock_open(meeting)
    participant = join(locked, values, by=by)
    Event.record("meeting-joined", locked, by=by, difference=state_in_trail(participant))
    return participant


@transaction.atomic
def restore_own_registration(*, meeting: Meeting, by: User) -> None:
    """Register this person again, behind all who wait. Raises `Refused` if they have not withdrawn."""
    locked = lock_open(meeting)
    refuse_begun(locked)
    refuse_closed(locked)
    participant = own_participation(locked, by)
    if participant is None or participant.state != State.WITHDRAWN:
        raise Refused(_("This has already been done."))
    enqueue(participant)
    Event.record("meeting-joined", locked, by=by, difference=state_in_trail(participant))


@transaction.atomic
def accept_meeting_invitation(*, invitation: MeetingInvitation, values: ParticipantValues) -> MeetingParticipant:
    """As `register_for_meeting`, for the person with the link. Raises `Refused` if the invitation is revoked."""
    locked = lock_open(invitation.meeting)
    open_one = lock_invitation(invitation)
    participant = join(locked, values, by=None)
    open_one.participant = participant
    open_one.save(update_fields=["participant"])
    Event.record("meeting-invitation-accepted", locked, by=None, difference=state_in_trail(participant))
    return participant


@transaction.atomic
def withdraw_from_meeting(*, meeting: Meeting, by: User) -> None:
    """Give the place to the next person who waits. Raises `Refused` for those who are not registered, and when the
    meeting has begun."""
    locked = lock_open(meeting)
    participant = leave(locked, own_participation(locked, by))
    Event.record("meeting-left", locked, by=by, difference={"participant": ["", participant.pk]})
    fill_places(locked, by=by)


@transaction.atomic
def decline_meeting_invitation(*, invitation: MeetingInvitation) -> None:
    """As `withdraw_from_meeting`, for the person with the link."""
    locked = lock_open(invitation.meeting)
    participant = leave(locked, lock_invitation(invitation).participant)
    Event.record("meeting-invitation-declined", locked, by=None, difference={"participant": ["", participant.pk]})
    fill_places(locked, by=None)


def join(meeting: Meeting, values: ParticipantValues, *, by: User | None) -> MeetingParticipant:
    refuse_begun(meeting)
    former = participant_of(meeting, values.email)
    participant = former or MeetingParticipant(meeting=meeting, added_by=by, version=0)
    set_values(participant, values)
    if former and former.state != State.WITHDRAWN:
        set_state(former, former.state)
    else:
        refuse_closed(meeting)
        enqueue(participant)
    return participant


def refuse_closed(meeting: Meeting) -> None:
    if meeting.closes_on and meeting.is_closed(on=timezone.localdate()):
        sentence = _("Registration closed on %(day)s. Write to the organiser.")
        raise Refused(sentence % {"day": date_format(meeting.closes_on, "DATE_FORMAT")})


def enqueue(participant: MeetingParticipant) -> None:
    participant.queued_at = timezone.now()
    set_state(participant, participant.meeting.state_of_next())


def state_in_trail(participant: MeetingParticipant) -> dict[str, list]:
    """Without the name and the address: the trail is kept when a person is erased."""
    return {"participant": ["", participant.pk], "state": ["", participant.state]}


def leave(meeting: Meeting, participant: MeetingParticipant | None) -> MeetingParticipant:
    refuse_begun(meeting)
    if participant is None or participant.state == State.WITHDRAWN:
        raise Refused(_("You are not registered for this meeting."))
    set_state(participant, State.WITHDRAWN)
    return participant


def refuse_begun(meeting: Meeting) -> None:
    if meeting.begins_at <= timezone.now():
        raise Refused(_("This meeting has begun. Write to the organiser."))


def lock_invitation(invitation: MeetingInvitation) -> MeetingInvitation:
    found = MeetingInvitation.objects.open().select_for_update(of=("self",)).filter(pk=invitation.pk)
    if (locked := found.select_related("participant").first()) is None:
        raise Refused(_("This link no longer works."))
    return locked
