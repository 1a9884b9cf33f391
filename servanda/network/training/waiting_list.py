"""Registration for a session: places in the order of registration, a waiting list, people without an account, and
attendance."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import CourseRegistration, CourseSession
from servanda.network.training.letters import write_place_letter
from servanda.people.models import User
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

State = CourseRegistration.State


@transaction.atomic
def register_for_session(*, session: CourseSession, by: User) -> CourseRegistration:
    """Register this person, or put them on the waiting list if all places are taken.

    Raises `Refused` if the session is cancelled or over or takes no more registrations, and if the person is
    registered or waits already.
    """
    locked = lock(session)
    if not locked.is_open(on=timezone.localdate()):
        raise Refused(_("This session is cancelled or over. Choose another one."))
    if locked.closes_on and locked.is_closed(on=timezone.localdate()):
        sentence = _("Registration closed on %(day)s. Write to the organiser.")
        raise Refused(sentence % {"day": date_format(locked.closes_on, "DATE_FORMAT")})
    found = locked.registrations.filter(person=by).first() or CourseRegistration(session=locked, person=by)
    if found.pk and found.state != State.WITHDRAWN:
        raise Refused(_("You are already registered or on the waiting list."))
    found.session = locked
    enqueue(found)
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
def register_guest(*, session: CourseSession, name: str, institution: str, by: User | None) -> CourseRegistration:
    """Register a person without an account, or put them on the waiting list if all places are taken.

    Raises `Refused` if the session is cancelled, and `FieldRefused` without a name or an institution.
    """
    locked = lock(session)
    if locked.is_cancelled:
        raise Refused(_("This session is cancelled. Reopen it first."))
    guest = CourseRegistration(session=locked, name=clean_label(name), institution=clean_label(institution))
    for field in ("name", "institution"):
        if not getattr(guest, field):
            raise FieldRefused(field, _("Required field."))
    enqueue(guest)
    Event.record("session-guest-registered", locked, by=by, difference=guest_in_trail(guest))
    return guest


@transaction.atomic
def withdraw_guest(*, registration: CourseRegistration, by: User) -> None:
    """Give the place to the next person who waits. Raises `Refused` if they have withdrawn."""
    session = lock(registration.session)
    guest = CourseRegistration.objects.get(pk=registration.pk)
    if guest.state == State.WITHDRAWN:
        raise Refused(_("This has already been done."))
    guest.state = State.WITHDRAWN
    guest.save(update_fields=["state"])
    Event.record("session-guest-withdrawn", session, by=by, difference=guest_in_trail(guest))
    fill_places(session, by=by)


@transaction.atomic
def restore_guest(*, registration: CourseRegistration, by: User) -> None:
    """Register them again, behind all who wait. Raises `Refused` if they have not withdrawn."""
    session = lock(registration.session)
    guest = CourseRegistration.objects.select_related("session").get(pk=registration.pk)
    if guest.state != State.WITHDRAWN:
        raise Refused(_("This has already been done."))
    enqueue(guest)
    Event.record("session-guest-registered", session, by=by, difference=guest_in_trail(guest))


def enqueue(registration: CourseRegistration) -> None:
    registration.state = registration.session.state_of_next()
    registration.queued_at, registration.attended = timezone.now(), None
    registration.save()


def guest_in_trail(guest: CourseRegistration) -> dict[str, list]:
    """Without the name: the trail is kept when a person is erased."""
    return {"participant": ["", guest.pk], "state": ["", guest.state]}


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


def fill_places(session: CourseSession, *, by: User) -> None:
    """Register those who wait while there are places, those who have waited longest first, and write to them."""
    for registration in session.next_in_queue():
        registration.session, registration.state = session, State.REGISTERED
        registration.save(update_fields=["state"])
        write_place_letter(registration)
        Event.record("session-place-given", session, by=by, difference={"participant": ["", registration.pk]})


def lock(session: CourseSession) -> CourseSession:
    return CourseSession.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
