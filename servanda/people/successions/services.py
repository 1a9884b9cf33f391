"""Close institutions, and merge, split or rename them. Successors may read what was restricted to a predecessor."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.appointments import services as appointments
from servanda.people.appointments.services import end_sessions_without_standing
from servanda.people.institutions.saving import save_attributed
from servanda.people.institutions.self_appointment import refuse_own_gain
from servanda.people.institutions.services import MOST_LEVELS, Tree, height, line_of, locked_tree
from servanda.people.models import Appointment, HandOver, Institution, Succession, User
from servanda.trail.models import Event

# Reasons in the history of rows, by which a succession is undone.
CLOSED = "institution-closed"
SUCCEEDED = "institution-succeeded"


class Ended(NamedTuple):
    """An appointment that ends with its institution, and its former last day."""

    appointment: Appointment
    was_until: date | None


@transaction.atomic
def close_institution(*, institution: Institution, on: date, act: str, by: User | None) -> Institution:
    """Close an institution without a successor; `on` is its last day. Its appointments end with it.

    Raises `Refused` (or `FieldRefused`) if it is closed, has open parts, or the day is not possible.
    """
    locked_tree()
    institution = lock_open(institution)
    refuse_leaving_children(institution, on)
    ended = close(institution, last_day=on, by=by)
    end_sessions_without_standing([appointment_end.appointment.person_id for appointment_end in ended])
    Event.record("institution-closed", institution, by=by, difference=closing(institution, act, ended))
    return institution


@transaction.atomic
def succeed_institution(
    *,
    institution: Institution,
    successors: Sequence[Institution],
    on: date,
    act: str,
    moves_appointments: bool,
    by: User | None,
) -> Institution:
    """Replace an institution from a day on: by one successor (merger, renaming) or several (split).

    A single successor takes over its parts and, with `moves_appointments`, its appointments. Raises `Refused` (or
    `FieldRefused`) if it is closed, or if the successors or the day are not possible.
    """
    tree = locked_tree()
    institution = lock_open(institution)
    others = list(Institution.objects.filter(pk__in=[successor.pk for successor in successors]).order_by("code"))
    refuse_bad_successors(institution, others, on, tree)
    for successor in others:
        refuse_own_gain(institution, successor, by=by)
    single = others[0] if len(others) == 1 else None
    last_day = on - timedelta(days=1)
    if single is None:
        refuse_what_only_one_can_take(institution, last_day, moves_appointments=moves_appointments)
    ended = close(institution, last_day=last_day, by=by)
    Succession.objects.bulk_create(
        [Succession(predecessor=institution, successor=successor, on=on, act=act) for successor in others]
    )
    made: list[Appointment] = []
    if single is not None:
        move_children(institution, single, last_day, tree, by=by)
        made = move_appointments(ended, single, on=on, act=act, by=by) if moves_appointments else []
    end_sessions_without_standing([appointment_end.appointment.person_id for appointment_end in ended])
    difference = closing(institution, act, ended) | {
        "successors": ["", ",".join(successor.code for successor in others)],
        "appointments_made": [[], [appointment.pk for appointment in made]],
    }
    Event.record("institution-succeeded", institution, by=by, difference=difference)
    return institution


@transaction.atomic
def reopen_institution(*, institution: Institution, by: User | None) -> Institution:
    """Undo a closing or a succession, with its appointments and parts. Raises `Refused` if it is open, or its parent
    is closed."""
    locked_tree()
    institution = Institution.objects.select_related("parent").get(pk=institution.pk)
    if institution.active_to is None:
        raise Refused(_("This institution is not closed."))
    if institution.parent is not None and institution.parent.active_to is not None:
        sentence = _(
            "The institution is part of %(above)s, which is closed. Reopen %(above)s first, or change “Part of”."
        )
        raise Refused(sentence % {"above": institution.parent})
    last_day, institution.active_to = institution.active_to, None
    successors = list(Institution.objects.filter(inheritances__predecessor=institution).order_by("code"))
    save_attributed(institution, by=by)
    take_children_back(institution, successors, by=by)
    take_appointments_back(institution, successors, last_day, by=by)
    institution.successions.all().delete()
    difference = {
        "active_to": [last_day.isoformat(), ""],
        "successors": [",".join(successor.code for successor in successors), ""],
    }
    Event.record("institution-reopened", institution, by=by, difference=difference)
    return institution


def lock_open(institution: Institution) -> Institution:
    current = Institution.objects.select_related("parent").get(pk=institution.pk)
    if current.active_to is not None:
        sentence = _("The institution is already closed. Its end date is %(day)s. Reopen it first to change this.")
        raise Refused(sentence % {"day": in_words(current.active_to)})
    return current


def outliving(institution: Institution, last_day: date) -> list[Institution]:
    """Its parts that are open after this day."""
    longer = Q(active_to=None) | Q(active_to__gt=last_day)
    return list(institution.children.filter(longer).order_by("code"))


def refuse_leaving_children(institution: Institution, last_day: date) -> None:
    if left := outliving(institution, last_day):
        sentence = _(
            "These institutions are part of it: %(children)s. Close them first, or move them to another institution."
        )
        raise Refused(sentence % {"children": ", ".join(str(child) for child in left)})


def refuse_what_only_one_can_take(institution: Institution, last_day: date, *, moves_appointments: bool) -> None:
    if moves_appointments:
        raise FieldRefused(
            "moves_appointments",
            _(
                "With several successors, appointments cannot be transferred. Clear this box and appoint people to "
                "each successor."
            ),
        )
    refuse_leaving_children(institution, last_day)


def refuse_bad_successors(institution: Institution, others: list[Institution], on: date, tree: Tree) -> None:
    if not others:
        raise FieldRefused("successors", _("Select at least one successor."))
    for successor in others:
        values = {"successor": successor, "institution": institution, "day": in_words(on)}
        if successor.pk == institution.pk:
            raise FieldRefused(
                "successors", _("An institution cannot be its own successor. Select another institution.")
            )
        if institution.pk in line_of(successor.pk, tree):
            sentence = _("%(successor)s is part of %(institution)s. Move it to another institution first.")
            raise FieldRefused("successors", sentence % values)
        if successor.active_to is not None or not successor.is_active(on=on):
            sentence = _("%(successor)s does not exist on %(day)s. Choose another institution or another date.")
            raise FieldRefused("successors", sentence % values)


def close(institution: Institution, *, last_day: date, by: User | None) -> list[Ended]:
    """Close it, and end all appointments that would last longer. Raises `FieldRefused` if the day is not possible."""
    if institution.active_from is not None and last_day < institution.active_from:
        sentence = _("The institution has existed since %(day)s. Enter a later date.")
        raise FieldRefused("on", sentence % {"day": in_words(institution.active_from)})
    if (
        later := institution.inheritances.filter(on__gt=last_day)
        .select_related("predecessor")
        .order_by("-on")
        .first()
    ):
        sentence = _("The institution succeeded %(predecessor)s on %(day)s. Enter a later date.")
        raise FieldRefused("on", sentence % {"predecessor": later.predecessor, "day": in_words(later.on)})
    outlasting = institution.appointments.select_for_update().filter(Q(end=None) | Q(end__gt=last_day))
    ended = [
        end_appointment_with(appointment, institution, last_day, by) for appointment in outlasting.order_by("pk")
    ]
    institution.active_to = last_day
    save_attributed(institution, by=by, reason=CLOSED)
    return ended


def end_appointment_with(
    appointment: Appointment, institution: Institution, last_day: date, by: User | None
) -> Ended:
    if appointment.start > last_day:
        sentence = _(
            "The appointment of %(person)s begins on %(day)s. Change that appointment first, or enter a later date."
        )
        raise FieldRefused("on", sentence % {"person": appointment.person, "day": in_words(appointment.start)})
    was_until, appointment.end = appointment.end, last_day
    save_attributed(appointment, by=by, reason=CLOSED)
    return Ended(appointment, was_until)


def move_children(
    institution: Institution, successor: Institution, last_day: date, tree: Tree, *, by: User | None
) -> None:
    if len(line_of(successor.pk, tree)) + height(institution.pk, tree) > MOST_LEVELS:
        sentence = _(
            "Institutions can have at most %(most)s levels. Move the institutions that are part of this one to a "
            "higher level first."
        )
        raise FieldRefused("successors", sentence % {"most": MOST_LEVELS})
    for child in outliving(institution, last_day):
        child.parent = successor
        save_attributed(child, by=by, reason=SUCCEEDED)


def move_appointments(
    ended: list[Ended], successor: Institution, *, on: date, act: str, by: User | None
) -> list[Appointment]:
    """Create the same appointments at the successor, except for people who already have that function there.

    Raises `Refused` for an appointment that the successor cannot have, as `refuse_misfit` does.
    """
    made = []
    for old, was_until in ended:
        new = Appointment(person=old.person, institution=successor, function=old.function, start=on, end=was_until)
        new.act, new.bodies = act or old.act, old.bodies
        if appointments.at_the_same_time(new).filter(person=new.person_id).exists():
            continue
        appointments.refuse_misfit(new)
        save_attributed(new, by=by, reason=SUCCEEDED)
        HandOver.objects.create(appointment=old, to=old.person)
        made.append(new)
    return made


def take_children_back(institution: Institution, successors: list[Institution], *, by: User | None) -> None:
    for child in Institution.objects.filter(parent__in=successors).order_by("pk"):
        newest, *earlier = child.history.order_by("-history_date", "-history_id")[:2]
        if newest.history_change_reason == SUCCEEDED and earlier and earlier[0].parent_id == institution.pk:
            child.parent = institution
            save_attributed(child, by=by)


def take_appointments_back(
    institution: Institution, successors: list[Institution], last_day: date, *, by: User | None
) -> None:
    for old in institution.appointments.select_for_update().filter(end=last_day).order_by("pk"):
        if last_reason(old) != CLOSED:
            continue
        carried_over = Appointment.objects.filter(institution__in=successors, start=last_day + timedelta(days=1))
        for new in carried_over.filter(person=old.person_id, function=old.function):
            if last_reason(new) == SUCCEEDED:
                HandOver.objects.filter(appointment=old, to=old.person_id).delete()
                new.delete()
        old.end = appointments.end_before(old)
        old.reminded_before = None
        save_attributed(old, by=by)


def last_reason(appointment: Appointment) -> str:
    """The reason of the last change in the history."""
    newest = appointment.history.order_by("-history_date", "-history_id").first()
    return newest.history_change_reason or "" if newest else ""


def closing(institution: Institution, act: str, ended: list[Ended]) -> dict[str, list]:
    last_day = institution.active_to.isoformat() if institution.active_to else ""
    return {
        "active_to": ["", last_day],
        "act": ["", act],
        "appointments_ended": [[], [appointment_end.appointment.pk for appointment_end in ended]],
    }
