"""Reminders of meetings: once, a week before, to registered participants with an account, in their language."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.network.models import Meeting, MeetingParticipant
from servanda.people.models import Instance, User
from servanda.people.notifications.services import house_address, in_language_of
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
    people = list(people_of(locked))
    write_letters(locked, people)
    return bool(people)


def people_of(meeting: Meeting) -> Iterable[User]:
    """Active accounts with the address of a registered participant."""
    participants = MeetingParticipant.objects.filter(meeting=meeting).registered().exclude(email="")
    addresses = participants.order_by().annotate(lower=Lower("email")).values("lower")
    return User.objects.annotate(lower=Lower("email")).filter(is_active=True, lower__in=addresses).order_by("pk")


def write_letters(meeting: Meeting, people: Iterable[User]) -> None:
    for person in people:
        with in_language_of(person):
            subject = _("Reminder of a meeting: %(title)s") % {"title": meeting.title}
            body = _(
                "Dear %(name)s,\n\nyou are registered for this meeting: %(title)s.\n\nIt begins on %(day)s "
                "(%(zone)s).\n\nAgenda and papers:\n%(link)s\n\n%(instance)s\n"
            )
            queue_mail(to=person.email, subject=subject, body=body % values(meeting, person))


def values(meeting: Meeting, person: User) -> dict[str, object]:
    instance = Instance.current()
    return {
        "name": person,
        "instance": instance,
        "title": meeting.title,
        "day": date_format(local(meeting.begins_at), "DATETIME_FORMAT"),
        "zone": instance.time_zone,
        "link": house_address("") + meeting.get_absolute_url(),
    }
