"""The end of an appointment: who takes over, what goes to them, and the pack that they read."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.intake.services import hand_over_imports
from servanda.jobs.services import queue_mail
from servanda.kit.refusal import Refused
from servanda.people.appointments import services as appointments
from servanda.people.models import Appointment, HandOver, Instance, Notification, User
from servanda.people.notifications.services import house_address, in_language_of, notify
from servanda.recommendations.register.saved_views import hand_over_views
from servanda.trail.models import Event


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, on: date, to: User | None, act: str, note: str, origin: str, by: User
) -> HandOver:
    """`on` is the last day; from the next day on `to` holds the same function, and what is open is theirs at once."""
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if HandOver.objects.filter(appointment=held).exists():
        raise Refused(_("This appointment was handed over already. Edit the new one, or open its hand-over."))
    held = appointments.end_appointment(appointment=held, on=on, by=by)
    made = HandOver.objects.create(appointment=held, to=to, note=note)
    moved = {}
    if to is not None:
        appoint_successor(held, to, act, by=by)
        moved = move_open_work(held, to)
        write_to_newcomer(made, origin)
        notify(people=[to], kind=Notification.Kind.HANDED_OVER, thing=made, by=by)
    difference = {"to": ["", to.pk if to else ""], **{name: ["", number] for name, number in moved.items()}}
    # Without a name, for not everybody who reads the trail may know who contributes.
    label = f"{held.get_function_display()}, {held.institution}"
    Event.record("handed-over", made, by=by, label=label, difference=difference)
    return made


def appoint_successor(ended: Appointment, to: User, act: str, *, by: User) -> Appointment:
    return appointments.appoint_person(
        person=to,
        institution=ended.institution,
        function=ended.function,
        act=act,
        start=ended.end + timedelta(days=1),
        end=None,
        bodies=ended.bodies,
        by=by,
    )


def move_open_work(ended: Appointment, to: User) -> dict[str, int]:
    """The lists are named after the office that they come from, for names of people do not belong into them."""
    with in_language_of(to):
        office = f"{ended.institution.code}, {ended.get_function_display()}"
        views = hand_over_views(person=ended.person, to=to, origin=office)
    return {"imports": hand_over_imports(person=ended.person, to=to), "views": views}


def write_to_newcomer(hand_over: HandOver, origin: str) -> None:
    ended, to = hand_over.appointment, hand_over.to
    with in_language_of(to):
        words = {
            "mechanism": Instance.current(),
            "function": ended.get_function_display(),
            "institution": ended.institution,
            "person": ended.person,
            "address": house_address(origin) + reverse("desk:hand_over", args=[hand_over.pk]),
        }
        subject = _("You take over: %(function)s, %(institution)s") % words
        body = _(
            "You take over from %(person)s as %(function)s of %(institution)s.\n\n"
            "What is open, whom to ask and what changed lately is here, on the page and as a file:\n"
            "%(address)s\n\n"
            "%(mechanism)s"
        )
        queue_mail(to=to.email, subject=subject, body=body % words)
