"""Institutions close, merge, split and take new names. What was restricted to one is read by those in its place."""

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

# Why a row changed, in the history of its fields: this is what undoing a succession goes by.
CLOSED = "institution-closed"
SUCCEEDED = "institution-succeeded"


class Ended(NamedTuple):
    """An appointment that ends with its institution, and the last day that it had before."""

    appointment: Appointment
    was_until: date | None


@transaction.atomic
def close_institution(*, institution: Institution, on: date, act: str, by: User | None) -> Institution:
    """`on` is its last day. Nobody takes its place, and appointments to it end with it."""
    locked_tree()
    held = open_one(institution)
    refuse_leaving_children(held, on)
    ended = shut(held, last_day=on, by=by)
    end_sessions_without_standing([one.appointment.person_id for one in ended])
    Event.record("institution-closed", held, by=by, difference=closing(held, act, ended))
    return held


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
    """From `on`, others stand in its place: one after a merger or a new name, several after a split.

    What was part of it goes to the one successor, and so does whoever was appointed to it, if that is asked for.
    """
    tree = locked_tree()
    held = open_one(institution)
    others = list(Institution.objects.filter(pk__in=[one.pk for one in successors]).order_by("code"))
    refuse_bad_successors(held, others, on, tree)
    for one in others:
        refuse_own_gain(held, one, by=by)
    only = others[0] if len(others) == 1 else None
    last_day = on - timedelta(days=1)
    if only is None:
        refuse_what_only_one_can_take(held, last_day, moves_appointments=moves_appointments)
    ended = shut(held, last_day=last_day, by=by)
    Succession.objects.bulk_create([Succession(predecessor=held, successor=one, on=on, act=act) for one in others])
    made: list[Appointment] = []
    if only is not None:
        move_children(held, only, last_day, tree, by=by)
        made = move_appointments(ended, only, on=on, act=act, by=by) if moves_appointments else []
    end_sessions_without_standing([one.appointment.person_id for one in ended])
    difference = closing(held, act, ended) | {
        "successors": ["", ",".join(one.code for one in others)],
        "appointments_made": [[], [appointment.pk for appointment in made]],
    }
    Event.record("institution-succeeded", held, by=by, difference=difference)
    return held


@transaction.atomic
def reopen_institution(*, institution: Institution, by: User | None) -> Institution:
    """Undo a closing or a succession: its appointments and what was part of it come back."""
    locked_tree()
    held = Institution.objects.select_related("parent").get(pk=institution.pk)
    if held.active_to is None:
        raise Refused(_("It is open. There is nothing to take back."))
    if held.parent is not None and held.parent.active_to is not None:
        sentence = _("It is part of %(above)s, which is closed. Reopen that first, or say what it is part of now.")
        raise Refused(sentence % {"above": held.parent})
    last_day, held.active_to = held.active_to, None
    successors = list(Institution.objects.filter(inheritances__predecessor=held).order_by("code"))
    save_attributed(held, by=by)
    take_children_back(held, successors, by=by)
    take_appointments_back(held, successors, last_day, by=by)
    held.successions.all().delete()
    difference = {
        "active_to": [last_day.isoformat(), ""],
        "successors": [",".join(one.code for one in successors), ""],
    }
    Event.record("institution-reopened", held, by=by, difference=difference)
    return held


def open_one(institution: Institution) -> Institution:
    held = Institution.objects.select_related("parent").get(pk=institution.pk)
    if held.active_to is not None:
        sentence = _("It is closed already: its last day is %(day)s. Reopen it first to change that.")
        raise Refused(sentence % {"day": in_words(held.active_to)})
    return held


def outliving(institution: Institution, last_day: date) -> list[Institution]:
    """What is part of it and exists longer."""
    longer = Q(active_to=None) | Q(active_to__gt=last_day)
    return list(institution.children.filter(longer).order_by("code"))


def refuse_leaving_children(institution: Institution, last_day: date) -> None:
    if left := outliving(institution, last_day):
        sentence = _("These are part of it: %(children)s. Close them first, or move them elsewhere.")
        raise Refused(sentence % {"children": ", ".join(str(child) for child in left)})


def refuse_what_only_one_can_take(institution: Institution, last_day: date, *, moves_appointments: bool) -> None:
    if moves_appointments:
        raise FieldRefused(
            "moves_appointments",
            _("With several successors nobody can say who goes where. Leave this empty and appoint people to each."),
        )
    refuse_leaving_children(institution, last_day)


def refuse_bad_successors(held: Institution, others: list[Institution], on: date, tree: Tree) -> None:
    if not others:
        raise FieldRefused("successors", _("Choose at least one institution that takes its place."))
    for one in others:
        words = {"successor": one, "institution": held, "day": in_words(on)}
        if one.pk == held.pk:
            raise FieldRefused("successors", _("An institution cannot take its own place. Choose another one."))
        if held.pk in line_of(one.pk, tree):
            sentence = _("%(successor)s is part of %(institution)s. Move it out of there first.")
            raise FieldRefused("successors", sentence % words)
        if one.active_to is not None or not one.is_active(on=on):
            sentence = _("%(successor)s does not exist on %(day)s. Choose another institution or another day.")
            raise FieldRefused("successors", sentence % words)


def shut(held: Institution, *, last_day: date, by: User | None) -> list[Ended]:
    """Closed, and every appointment that would outlast it ended with it."""
    if held.active_from is not None and last_day < held.active_from:
        sentence = _("It exists since %(day)s. Choose a later day.")
        raise FieldRefused("on", sentence % {"day": in_words(held.active_from)})
    if later := held.inheritances.filter(on__gt=last_day).select_related("predecessor").order_by("-on").first():
        sentence = _("It took the place of %(predecessor)s on %(day)s. Choose a later day.")
        raise FieldRefused("on", sentence % {"predecessor": later.predecessor, "day": in_words(later.on)})
    outlasting = held.appointments.select_for_update().filter(Q(end=None) | Q(end__gt=last_day))
    ended = [end_with_it(one, held, last_day, by) for one in outlasting.order_by("pk")]
    held.active_to = last_day
    save_attributed(held, by=by, reason=CLOSED)
    return ended


def end_with_it(appointment: Appointment, held: Institution, last_day: date, by: User | None) -> Ended:
    if appointment.start > last_day:
        sentence = _(
            "%(person)s is appointed from %(day)s only. Change that appointment first, or choose a later day."
        )
        raise FieldRefused("on", sentence % {"person": appointment.person, "day": in_words(appointment.start)})
    was_until, appointment.end = appointment.end, last_day
    save_attributed(appointment, by=by, reason=CLOSED)
    return Ended(appointment, was_until)


def move_children(held: Institution, successor: Institution, last_day: date, tree: Tree, *, by: User | None) -> None:
    if len(line_of(successor.pk, tree)) + height(held.pk, tree) > MOST_LEVELS:
        sentence = _("What is part of it would stand more than %(most)s levels deep. Move that up first.")
        raise FieldRefused("successors", sentence % {"most": MOST_LEVELS})
    for child in outliving(held, last_day):
        child.parent = successor
        save_attributed(child, by=by, reason=SUCCEEDED)


def move_appointments(
    ended: list[Ended], successor: Institution, *, on: date, act: str, by: User | None
) -> list[Appointment]:
    """The same at the successor; whoever holds that function there already keeps it as it is."""
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


def take_children_back(held: Institution, successors: list[Institution], *, by: User | None) -> None:
    for child in Institution.objects.filter(parent__in=successors).order_by("pk"):
        newest, *earlier = child.history.order_by("-history_date", "-history_id")[:2]
        if newest.history_change_reason == SUCCEEDED and earlier and earlier[0].parent_id == held.pk:
            child.parent = held
            save_attributed(child, by=by)


def take_appointments_back(
    held: Institution, successors: list[Institution], last_day: date, *, by: User | None
) -> None:
    for old in held.appointments.select_for_update().filter(end=last_day).order_by("pk"):
        if why(old) != CLOSED:
            continue
        there = Appointment.objects.filter(institution__in=successors, start=last_day + timedelta(days=1))
        for new in there.filter(person=old.person_id, function=old.function):
            if why(new) == SUCCEEDED:
                HandOver.objects.filter(appointment=old, to=old.person_id).delete()
                new.delete()
        old.end = appointments.end_before(old)
        old.reminded_before = None
        save_attributed(old, by=by)


def why(appointment: Appointment) -> str:
    """What the history gives as the reason of the last change."""
    newest = appointment.history.order_by("-history_date", "-history_id").first()
    return newest.history_change_reason or "" if newest else ""


def closing(held: Institution, act: str, ended: list[Ended]) -> dict[str, list]:
    last_day = held.active_to.isoformat() if held.active_to else ""
    return {
        "active_to": ["", last_day],
        "act": ["", act],
        "appointments_ended": [[], [one.appointment.pk for one in ended]],
    }
