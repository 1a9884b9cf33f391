"""Meetings: plan one, set its agenda, cancel and restore it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings.registration import fill_places
from servanda.network.models import AgendaPoint, Meeting
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

MOST_POINTS = 100
LONGEST_POINT = 300
LINES = ("title", "place", "link")
TEXTS = ("call", "notes")
PLAIN = ("kind", "begins_at", "ends_at", "most_participants", "closes_on", "is_invented")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingValues:
    kind: str
    title: str
    begins_at: datetime
    ends_at: datetime
    languages: Sequence[str]
    call: str = ""
    place: str = ""
    link: str = ""
    most_participants: int | None = None
    closes_on: date | None = None
    notes: str = ""
    is_invented: bool = False


@transaction.atomic
def add_meeting(*, values: MeetingValues, by: User | None) -> Meeting:
    """Raises `FieldRefused` without a title or a language, and for an end before the beginning."""
    meeting = Meeting(created_by=by, version=0)
    set_values(meeting, values)
    save_version(meeting, "meeting-added", by=by, difference={})
    return meeting


@transaction.atomic
def edit_meeting(*, meeting: Meeting, values: MeetingValues, seen: int | None, by: User) -> None:
    """With more places, those who have waited longest are registered; a lower limit takes no place away.

    Raises `ChangedMeanwhile` if another user saved it since; otherwise as `add_meeting`.
    """
    locked = lock(meeting)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.title))
    before, begins_at = in_trail(locked), locked.begins_at
    set_values(locked, values)
    if locked.begins_at != begins_at:
        locked.reminded_at = None
    if difference := difference_of(before, in_trail(locked)):
        save_version(locked, "meeting-edited", by=by, difference=difference)
        fill_places(locked, by=by)


def set_values(meeting: Meeting, values: MeetingValues) -> None:
    for name in LINES:
        setattr(meeting, name, clean_label(getattr(values, name)))
    for name in TEXTS:
        setattr(meeting, name, clean(getattr(values, name)))
    for name in PLAIN:
        setattr(meeting, name, getattr(values, name))
    meeting.languages = " ".join(values.languages)
    for name in ("title", "languages"):
        if not getattr(meeting, name):
            raise FieldRefused(name, _("Required field."))
    if values.ends_at < values.begins_at:
        raise FieldRefused("ends_at", _("Enter an end that is not before the beginning."))
    if values.closes_on and values.closes_on > timezone.localdate(values.begins_at):
        raise FieldRefused("closes_on", _("Enter the start date or an earlier date."))


def in_trail(meeting: Meeting) -> dict[str, object]:
    names = (*LINES, *TEXTS, "kind", "languages", "is_invented")
    plain = {name: getattr(meeting, name) for name in names}
    times = {name: getattr(meeting, name).isoformat() for name in ("begins_at", "ends_at")}
    closes_on = meeting.closes_on.isoformat() if meeting.closes_on else ""
    return plain | times | {"most_participants": meeting.most_participants or "", "closes_on": closes_on}


@transaction.atomic
def set_agenda(*, meeting: Meeting, titles: Iterable[str], by: User) -> None:
    """Replace the agenda. Points whose words stay the same keep their papers.

    Raises `FieldRefused` for too many points or one that is too long.
    """
    locked = lock(meeting)
    wanted = list(dict.fromkeys(filter(None, map(clean_label, titles))))
    if len(wanted) > MOST_POINTS:
        raise FieldRefused("agenda", _("Enter at most %(most)d points.") % {"most": MOST_POINTS})
    if any(len(title) > LONGEST_POINT for title in wanted):
        raise FieldRefused("agenda", _("Enter at most %(most)d characters a line.") % {"most": LONGEST_POINT})
    known = {point.title: point for point in locked.agenda.all()}
    if list(known) == wanted:
        return
    locked.agenda.exclude(title__in=wanted).delete()
    for place, title in enumerate(wanted, start=1):
        point = known.get(title) or AgendaPoint(meeting=locked, title=title)
        point.place = place
        point.save()
    difference = {"agenda": ["\n".join(known), "\n".join(wanted)]}
    save_version(locked, "meeting-agenda-set", by=by, difference=difference)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: User) -> None:
    """Raises `Refused` without a reason, and for one that is cancelled."""
    locked = lock(meeting)
    locked.cancelled_at, locked.cancelled_reason = timezone.now(), required_reason(reason)
    save_version(locked, "meeting-cancelled", by=by, difference={"reason": ["", locked.cancelled_reason]})


@transaction.atomic
def restore_meeting(*, meeting: Meeting, by: User) -> None:
    """Raises `Refused` if it is not cancelled."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not locked.is_cancelled:
        raise Refused(_("This meeting is not cancelled."))
    reason, locked.cancelled_at, locked.cancelled_reason = locked.cancelled_reason, None, ""
    save_version(locked, "meeting-restored", by=by, difference={"reason": [reason, ""]})


def record_download(*, meeting: Meeting, by: User) -> None:
    """Leave a line in the trail about a list of participants that left as a file."""
    Event.record("meeting-participants-downloaded", meeting, by=by)


def record_list_download(*, by: User) -> None:
    """Leave a line in the trail about a list of meetings that left as a file."""
    Event.record("meetings-downloaded", by=by)


def lock(meeting: Meeting) -> Meeting:
    """Raises `Refused` for a cancelled one."""
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.is_cancelled:
        raise Refused(_("This meeting is cancelled. Restore it first."))
    return locked
