"""Reminders of meetings: once, a week before, to registered participants with an account or an invitation."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Lower

from servanda.network.meetings.letters import write_reminder, write_reminder_by_link
from servanda.network.models import Meeting, MeetingInvitation, MeetingParticipant
from servanda.people.models import User
from servanda.progress.rounds.days import local

WEEK = timedelta(days=7)
FIRST_HOUR = 7  # in the time zone of the mechanism


def remind_of_meetings(*, now: datetime) -> int:
    """Returns the number of meetings whose participants were written to."""
    if local(now).hour < FIRST_HOUR:
        return 0
    due = Meeting.objects.held().filter(reminded_at=None, begins_at__gt=now, begins_at__lte=now + WEEK)
    return sum(remind_of(meeting, now=now) for meeting in due)


@transaction.atomic
def remind_of(meeting: Meeting, *, now: datetime) -> bool:
    """Locked, so that two workers do not send the same mail."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.reminded_at is not None or locked.is_cancelled:
        return False
    locked.reminded_at = now
    locked.save(update_fields=["reminded_at"])
    people, invitations = list(people_of(locked)), list(invitations_of(locked))
    for person in people:
        write_reminder(locked, person)
    for invitation in invitations:
        write_reminder_by_link(invitation)
    return bool(people or invitations)


def people_of(meeting: Meeting) -> Iterable[User]:
    """Active accounts with the address of a registered participant."""
    participants = MeetingParticipant.objects.filter(meeting=meeting).registered().exclude(email="")
    addresses = participants.order_by().annotate(lower=Lower("email")).values("lower")
    return User.objects.annotate(lower=Lower("email")).filter(is_active=True, lower__in=addresses).order_by("pk")


def invitations_of(meeting: Meeting) -> Iterable[MeetingInvitation]:
    """Of registered participants without an account."""
    accounts = User.objects.filter(is_active=True).annotate(lower=Lower("email")).order_by().values("lower")
    rows = MeetingInvitation.objects.open().filter(
        meeting=meeting, participant__state=MeetingParticipant.State.REGISTERED
    )
    return rows.annotate(lower=Lower("email")).exclude(lower__in=accounts).select_related("meeting", "participant")
