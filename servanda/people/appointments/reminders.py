"""Reminders before and after the end of appointments, for the person and the coordinators."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.jobs.services import queue_mail
from servanda.people.access import Role
from servanda.people.models import Appointment, AppointmentQuerySet, User
from servanda.people.notifications.services import in_language_of
from servanda.trail.models import Event

STEPS = (30, 7)  # days before the last day
OVER = 0  # the step after the last day
LATEST = timedelta(days=7)  # after the last day; later, a reminder is of no use


@transaction.atomic
def remind_of_endings(*, on: date) -> int:
    """Remind each person once at each step, and each coordinator of all of them in one mail; returns their number."""
    due = list(due_reminders(on=on))
    for appointment in due:
        remind_person(appointment, on=on)
        # Without an entry in the history: a mail does not change the appointment.
        Appointment.objects.filter(pk=appointment.pk).update(reminded_before=step_on(last_day(appointment), on=on))
    if due:
        for coordinator in User.objects.filter(is_active=True, role=Role.COORDINATOR).order_by("pk"):
            send_digest(coordinator, due, on=on)
        Event.record("reminders-sent", label=str(len(due)))
    return len(due)


def due_reminders(*, on: date) -> AppointmentQuerySet:
    """Appointments that end soon or ended recently and have no reminder for the current step; renewed ones are left
    out."""
    first, second = (on + timedelta(days=days) for days in STEPS)
    steps = (
        Q(end__gt=second, end__lte=first, reminded_before=None)
        | Q(end__gte=on, end__lte=second) & (Q(reminded_before=None) | Q(reminded_before__gt=STEPS[1]))
        | Q(end__lt=on, end__gte=on - LATEST) & (Q(reminded_before=None) | Q(reminded_before__gt=OVER))
    )
    renewed = Appointment.objects.filter(
        person=OuterRef("person"),
        institution=OuterRef("institution"),
        function=OuterRef("function"),
        start__gt=OuterRef("end"),
    )
    rows = Appointment.objects.filter(steps, ~Exists(renewed), start__lte=on).order_by("end", "pk")
    return rows.select_for_update(of=("self",)).select_related("person", "institution")


def step_on(end: date, *, on: date) -> int:
    if end < on:
        return OVER
    return next(days for days in reversed(STEPS) if end <= on + timedelta(days=days))


def last_day(appointment: Appointment) -> date:
    assert appointment.end is not None  # only those that have one are due
    return appointment.end


def remind_person(appointment: Appointment, *, on: date) -> None:
    person = appointment.person
    if not person.is_active:
        return
    with in_language_of(person):
        facts = {
            "name": person,
            "function": appointment.get_function_display(),
            "institution": appointment.institution,
            "day": date_format(last_day(appointment), "DATE_FORMAT"),
        }
        subject, body = over(facts) if last_day(appointment) < on else near(facts)
        queue_mail(to=person.email, subject=subject, body=body)


def near(facts: dict) -> tuple[str, str]:
    subject = _("Your appointment to %(institution)s ends on %(day)s") % facts
    body = _(
        "Dear %(name)s,\n\nyour appointment to %(institution)s (%(function)s) ends on %(day)s.\n\nIf you are "
        "staying, ask the mechanism to extend it. If another person will succeed you, inform the mechanism of "
        "the name, so that the hand-over can take place in time.\n"
    )
    return subject, body % facts


def over(facts: dict) -> tuple[str, str]:
    subject = _("Your appointment to %(institution)s has ended") % facts
    body = _(
        "Dear %(name)s,\n\nyour appointment to %(institution)s (%(function)s) ended on %(day)s, and with it the "
        "access that it gave you. Thank you for your work.\n\nIf this is a mistake, contact the mechanism.\n"
    )
    return subject, body % facts


def send_digest(coordinator: User, due: list[Appointment], *, on: date) -> None:
    with in_language_of(coordinator):
        subject = ngettext("%(count)d appointment is ending soon", "%(count)d appointments are ending soon", len(due))
        lines = "\n".join(line(appointment, on=on) for appointment in due)
        body = _(
            "Dear %(name)s,\n\nthese appointments are ending soon or have just ended:\n\n%(lines)s\n\nTo extend them "
            "or to appoint other people, open “Vacancies” on your desk.\n"
        )
        queue_mail(
            to=coordinator.email,
            subject=subject % {"count": len(due)},
            body=body % {"name": coordinator, "lines": lines},
        )


def line(appointment: Appointment, *, on: date) -> str:
    values = {
        "day": date_format(last_day(appointment), "DATE_FORMAT"),
        "institution": appointment.institution,
        "function": appointment.get_function_display(),
        "person": appointment.person,
    }
    if last_day(appointment) < on:
        return _("– ended on %(day)s: %(institution)s, %(function)s, %(person)s") % values
    return _("– until %(day)s: %(institution)s, %(function)s, %(person)s") % values
