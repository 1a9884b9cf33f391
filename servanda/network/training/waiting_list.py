"""Registration for a session: places in the order of registration, a waiting list, and attendance."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.models import CourseRegistration, CourseSession
from servanda.people.models import User
from servanda.trail.models import Event

State = CourseRegistration.State


@transaction.atomic
def register_for_session(*, session: CourseSession, by: User) -> CourseRegistration:
    """Register this person, or put them on the waiting list if all places are taken.

    Raises `Refused` if the session is cancelled or over, and if the person is registered or waits already.
    """
    locked = lock(session)
    if not locked.is_open(on=timezone.localdate()):
        raise Refused(_("This session is cancelled or over. Choose another one."))
    found = locked.registrations.filter(person=by).first() or CourseRegistration(session=locked, person=by)
    if found.pk and found.state != State.WITHDRAWN:
        raise Refused(_("You are already registered or on the waiting list."))
    found.state = State.REGISTERED if has_place(locked) else State.WAITING
    found.queued_at, found.attended = timezone.now(), None
    found.save()
    Event.record("session-registered", locked, by=by, difference={"state": ["", found.state]})
    return found


@transaction.atomic
def withdraw_registration(*, session: CourseSession, by: User) -> None:
    """Give the place to the next person who waits. Raises `Refused` if this person is not registered, or the session
    is over."""
    locked = lock(session)
    found = locked.registrations.filter(person=by).exclude(state=State.WITHDRAWN).first()
    if found is None or locked.end < timezone.localdate():
        raise Refused(_("You are not registered for this session, or it is over."))
    former, found.state = found.state, State.WITHDRAWN
    found.save(update_fields=["state"])
    Event.record("session-left", locked, by=by, difference={"state": [former, found.state]})
    fill_places(locked, by=by)


@transaction.atomic
def set_attendance(*, session: CourseSession, attended: Collection[int], by: User) -> None:
    """Record who of the registered people attended, by the keys of their registrations. Raises `Refused` before the
    start date, and for a cancelled session."""
    locked = lock(session)
    if locked.is_cancelled or locked.start > timezone.localdate():
        raise Refused(_("Attendance can be recorded from the start date of the session."))
    registered = locked.registrations.filter(state=State.REGISTERED)
    registered.filter(pk__in=attended).update(attended=True)
    registered.exclude(pk__in=attended).update(attended=False)
    number = registered.filter(attended=True).count()
    Event.record("session-attendance-set", locked, by=by, difference={"attended": ["", str(number)]})


def has_place(session: CourseSession) -> bool:
    taken = session.registrations.filter(state=State.REGISTERED).count()
    return session.places is None or taken < session.places


def fill_places(session: CourseSession, *, by: User) -> None:
    """Those who have waited longest take the free places."""
    waiting = list(session.registrations.filter(state=State.WAITING).order_by("queued_at", "pk"))
    for registration in waiting:
        if not has_place(session):
            return
        registration.state = State.REGISTERED
        registration.save(update_fields=["state"])
        Event.record("session-place-given", session, by=by, difference={"person": ["", registration.person_id]})


def lock(session: CourseSession) -> CourseSession:
    return CourseSession.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
