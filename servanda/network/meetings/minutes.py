"""Minutes of a meeting: each save is a version; the text of an adopted version never changes."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings.registration import lock_open
from servanda.network.models import Meeting, MeetingMinutes
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.progress.rounds.days import local_day
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


def current_minutes(meeting: Meeting) -> MeetingMinutes | None:
    return MeetingMinutes.objects.filter(meeting=meeting).order_by("-number").first()


@transaction.atomic
def write_minutes(*, meeting: Meeting, text: str, language: str, seen: int | None, by: User | None) -> None:
    """Save the draft as a new version. `seen` is the number of the version that the person was shown, 0 for none.

    Raises `ChangedMeanwhile` if another user saved one since, `FieldRefused` without a text, and `Refused` if the
    minutes are adopted.
    """
    locked = lock_open(meeting)
    current = current_minutes(locked)
    refuse_if_changed(current.number if current else 0, seen, overwriting_conflict(locked.title))
    if current and current.is_adopted:
        raise Refused(_("The minutes are adopted. Reopen them to change the text."))
    if not (text := clean(text)):
        raise FieldRefused("text", _("Enter the text of the minutes."))
    if current and (current.text, current.language) == (text, language):
        return
    add_version(locked, current, text=text, language=language, by=by)
    Event.record("meeting-minutes-written", locked, by=by, difference={})


def add_version(
    meeting: Meeting, current: MeetingMinutes | None, *, text: str, language: str, by: User | None, reason: str = ""
) -> None:
    number = current.number + 1 if current else 1
    MeetingMinutes.objects.create(
        meeting=meeting, number=number, text=text, language=language, reason=reason, written_by=by
    )


@transaction.atomic
def adopt_minutes(*, meeting: Meeting, on: date, by: User) -> None:
    """Adopt the newest version, whose text can no longer be changed.

    Raises `Refused` without minutes, if they are adopted, or before the meeting begins; `FieldRefused` for a day
    before the meeting or in the future.
    """
    locked = lock_open(meeting)
    current = current_minutes(locked)
    if current is None:
        raise Refused(_("There are no minutes to adopt."))
    if current.is_adopted:
        raise Refused(_("This has already been done."))
    if locked.begins_at > timezone.now():
        raise Refused(_("The meeting has not begun. Adopt its minutes after it, or correct its dates first."))
    if on > timezone.localdate():
        raise FieldRefused("on", _("The date must be today or in the past."))
    if on < (held_on := local_day(locked.begins_at)):
        sentence = _("Enter the date of the meeting, %(day)s, or a later date.")
        raise FieldRefused("on", sentence % {"day": date_format(held_on, "DATE_FORMAT")})
    current.adopted_on, current.adopted_by = on, by
    current.save(update_fields=["adopted_on", "adopted_by"])
    Event.record("meeting-minutes-adopted", locked, by=by, difference={"version": ["", current.number]})


@transaction.atomic
def reopen_minutes(*, meeting: Meeting, reason: str, by: User) -> None:
    """Begin a new draft with the adopted text, which stays among the versions.

    Raises `Refused` without a reason, and if the minutes are not adopted.
    """
    locked = lock_open(meeting)
    current = current_minutes(locked)
    if current is None or not current.is_adopted:
        raise Refused(_("The minutes are not adopted."))
    why = required_reason(reason)
    add_version(locked, current, text=current.text, language=current.language, by=by, reason=why)
    Event.record("meeting-minutes-reopened", locked, by=by, difference={"reason": ["", why]})
