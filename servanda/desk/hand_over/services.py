"""End an appointment, appoint the successor, and move open work to them."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.services import hand_over_imports
from servanda.jobs.services import queue_mail
from servanda.kit.refusal import Refused
from servanda.people.appointments import services as appointments
from servanda.people.models import Appointment, HandOver, Instance, Notification, User
from servanda.people.notifications.services import in_language_of, notify, origin_for_links
from servanda.recommendations.register.saved_views import hand_over_views
from servanda.sources.obligations.persons import hand_over_obligations
from servanda.trail.models import Event


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, on: date, to: User | None, act: str, note: str, origin: str, by: User
) -> HandOver:
    """End an appointment; `on` is its last day. From the next day, `to` has the same function and the obligations;
    other open work moves at once.

    Without a successor, no one is responsible from then on for the obligations of the person in this appointment.

    Raises `Refused` (or `FieldRefused`) if it was handed over already, or the end or the new appointment is not
    allowed.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if HandOver.objects.filter(appointment=appointment).exists():
        raise Refused(
            _("This appointment has already been handed over. Edit the new appointment, or open its hand-over.")
        )
    appointment = appointments.end_appointment(appointment=appointment, on=on, by=by)
    hand_over = HandOver.objects.create(appointment=appointment, to=to, note=note)
    moved = {"obligations": hand_over_obligations(hand_over=hand_over, on=timezone.localdate(), by=by)}
    if to is not None:
        appoint_successor(appointment, to, act, by=by)
        moved |= move_open_work(appointment, to)
        write_to_newcomer(hand_over, origin)
        notify(people=[to], kind=Notification.Kind.HANDED_OVER, thing=hand_over, by=by)
    difference = {"to": ["", to.pk if to else ""], **{name: ["", number] for name, number in moved.items()}}
    # Without a name: not every reader of the trail may know who contributes.
    label = f"{appointment.get_function_display()}, {appointment.institution}"
    Event.record("handed-over", hand_over, by=by, label=label, difference=difference)
    return hand_over


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
    """Move saved lists and imports that await a decision. Lists are named after the function, not the person."""
    with in_language_of(to):
        office = f"{ended.institution.code}, {ended.get_function_display()}"
        views = hand_over_views(person=ended.person, to=to, origin=office)
    return {"imports": hand_over_imports(person=ended.person, to=to), "views": views}


def write_to_newcomer(hand_over: HandOver, origin: str) -> None:
    ended, to = hand_over.appointment, hand_over.to
    with in_language_of(to):
        values = {
            "mechanism": Instance.current(),
            "function": ended.get_function_display(),
            "institution": ended.institution,
            "person": ended.person,
            "address": origin_for_links(origin) + reverse("desk:hand_over", args=[hand_over.pk]),
        }
        subject = _("Your new function: %(function)s, %(institution)s") % values
        body = _(
            "You succeed %(person)s as %(function)s of %(institution)s.\n\nThis page shows open items, contacts "
            "and recent changes. You can also download it as a file:\n%(address)s\n\n%(mechanism)s"
        )
        queue_mail(to=to.email, subject=subject, body=body % values)
