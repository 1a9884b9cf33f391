"""Courses and their sessions: add, edit, withdraw, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Course, CourseSession
from servanda.network.training.waiting_list import fill_places
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

COURSE_FACTS = ("title", "text", "provider", "level", "form", "languages", "capacity", "materials", "link")
SESSION_FACTS = ("start", "end", "place", "language", "places", "closes_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseValues:
    title: str
    text: str
    provider: str
    level: str = Course.Level.INTRODUCTORY
    form: str = Course.Form.ONLINE
    languages: Sequence[str] = ()
    capacity: str = ""
    materials: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionValues:
    start: date
    end: date
    place: str
    language: str = ""
    places: int | None = None
    closes_on: date | None = None


@transaction.atomic
def add_course(*, values: CourseValues, by: User | None) -> Course:
    """Raises `FieldRefused` without a title, a content, a provider or a language."""
    course = Course(created_by=by, version=0)
    set_values(course, values)
    save_version(course, "course-added", by=by, difference={})
    return course


@transaction.atomic
def edit_course(*, course: Course, values: CourseValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since; otherwise as `add_course`."""
    locked = lock(course)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.title))
    before = facts_of(locked, COURSE_FACTS)
    set_values(locked, values)
    if difference := difference_of(before, facts_of(locked, COURSE_FACTS)):
        save_version(locked, "course-edited", by=by, difference=difference)


def set_values(course: Course, values: CourseValues) -> None:
    title, text, provider = clean_label(values.title), clean(values.text), clean_label(values.provider)
    for name, value in {"title": title, "text": text, "provider": provider, "languages": values.languages}.items():
        if not value:
            raise FieldRefused(name, _("Required field."))
    course.title, course.text, course.provider = title, text, provider
    course.level, course.form, course.capacity = values.level, values.form, values.capacity
    course.languages, course.materials, course.link = " ".join(values.languages), clean(values.materials), values.link


def facts_of(row: Course | CourseSession, names: Sequence[str]) -> dict[str, object]:
    values = {name: getattr(row, name) for name in names}
    return {name: "" if value is None else str(value) for name, value in values.items()}


@transaction.atomic
def withdraw_course(*, course: Course, reason: str, by: User) -> None:
    """Remove it from the catalogue. Raises `FieldRefused` without a reason."""
    locked = lock(course)
    withdraw(locked, "course-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_course(*, course: Course, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = Course.objects.select_for_update().get(pk=course.pk)
    restore(locked, "course-restored", by=by)


@transaction.atomic
def add_session(*, course: Course, values: SessionValues, by: User | None) -> CourseSession:
    """Raises `FieldRefused` for an end before the start, and without a venue."""
    session = CourseSession(course=lock(course), version=0)
    set_session(session, values)
    save_version(session, "session-added", by=by, difference={})
    return session


@transaction.atomic
def edit_session(*, session: CourseSession, values: SessionValues, seen: int | None, by: User) -> None:
    """Additional places go to people on the waiting list; fewer places take none away. Raises `ChangedMeanwhile` if
    another user saved it since; otherwise as `add_session`."""
    locked = lock_session(session)
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    before = facts_of(locked, SESSION_FACTS)
    set_session(locked, values)
    if difference := difference_of(before, facts_of(locked, SESSION_FACTS)):
        save_version(locked, "session-edited", by=by, difference=difference)
        fill_places(locked, by=by)


def set_session(session: CourseSession, values: SessionValues) -> None:
    place = clean_label(values.place)
    if not place:
        raise FieldRefused("place", _("Required field."))
    if values.end < values.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    session.start, session.end, session.place = values.start, values.end, place
    session.language, session.places, session.closes_on = values.language, values.places, values.closes_on
    if values.closes_on and values.closes_on > values.end:
        raise FieldRefused("closes_on", _("Enter the end date of the session or an earlier date."))


@transaction.atomic
def cancel_session(*, session: CourseSession, reason: str, by: User) -> None:
    """Registrations stay. Raises `FieldRefused` without a reason."""
    locked = lock_session(session)
    locked.cancelled_at, locked.cancelled_reason = timezone.now(), required_reason(reason)
    save_version(locked, "session-cancelled", by=by, difference={"reason": ["", locked.cancelled_reason]})


@transaction.atomic
def reopen_session(*, session: CourseSession, by: User) -> None:
    """Raises `Refused` if it is not cancelled."""
    locked = CourseSession.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
    if not locked.is_cancelled:
        raise Refused(_("It is not cancelled."))
    locked.cancelled_at, locked.cancelled_reason = None, ""
    save_version(locked, "session-reopened", by=by, difference={})


def record_download(*, by: User) -> None:
    """Leave a line in the trail about the catalogue that left as a file."""
    Event.record("courses-downloaded", by=by)


def lock(course: Course) -> Course:
    """Raises `Refused` for a withdrawn one."""
    locked = Course.objects.select_for_update().get(pk=course.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This course is withdrawn. Restore it first."))
    return locked


def lock_session(session: CourseSession) -> CourseSession:
    """Raises `Refused` for a cancelled one."""
    locked = CourseSession.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
    if locked.is_cancelled:
        raise Refused(_("This session is cancelled. Reopen it first."))
    return locked


def record_participants_download(*, session: CourseSession, by: User) -> None:
    """Leave a line in the trail about a list of participants that left as a file."""
    Event.record("session-participants-downloaded", session, by=by)
