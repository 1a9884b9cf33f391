"""Appoint people to institutions; edit, end and reopen appointments. Refusals say what to correct."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from servanda.kit.database.sentences import gettext as _
from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.institutions.saving import refuse_if_saved_since, save_attributed
from servanda.people.models import (
    AccountState,
    Appointment,
    AppointmentQuerySet,
    HandOver,
    Institution,
    Notification,
    User,
    body_codes_in,
    new_stamp,
)
from servanda.people.notifications.services import notify
from servanda.people.versioning import difference_of
from servanda.trail.models import Event

PLAIN_CODE = re.compile(r"[A-Za-z0-9-]+")
_find_codes: list[Callable[[list[str]], set[str]]] = []  # of the vocabulary, which is a room above


def register_codes(find: Callable[[list[str]], set[str]]) -> None:
    """`find` returns those of the codes that are codes of bodies."""
    _find_codes[:] = [find]


@transaction.atomic
def appoint_person(
    *,
    person: User,
    institution: Institution,
    function: str,
    act: str,
    start: date,
    end: date | None,
    bodies: str,
    by: User | None,
) -> Appointment:
    """Appoint a person; from the first day to the last, they have the role of this function in the institution.

    Raises `Refused` (or `FieldRefused`) if the account is closed, or the appointment is not allowed.
    """
    appointment = Appointment(
        person=person,
        institution=locked_institution(institution.pk),
        function=function,
        act=act,
        start=start,
        end=end,
        bodies=tidy_bodies(bodies),
    )
    refuse_closed_account(person)
    refuse_misfit(appointment)
    save_attributed(appointment, by=by)
    notify(people=[person], kind=Notification.Kind.APPOINTED, thing=appointment, by=by)
    difference = difference_of({}, facts(appointment))
    if by is not None and person.pk == by.pk:
        difference["only_account"] = ["", True]
    record_event("person-appointed", appointment, by=by, difference=difference)
    return appointment


@transaction.atomic
def edit_appointment(
    *,
    appointment: Appointment,
    seen: int,
    function: str,
    act: str,
    start: date,
    end: date | None,
    bodies: str,
    by: User | None,
) -> Appointment:
    """Correct an appointment; the person and the institution cannot change: that is another appointment.

    Raises `ChangedMeanwhile` if another person saved it since, and `Refused` if the result is not allowed.
    """
    appointment = lock(appointment)
    refuse_if_saved_since(appointment, seen=seen)
    before = facts(appointment)
    appointment.function, appointment.act, appointment.start, appointment.end = function, act, start, end
    appointment.bodies = tidy_bodies(bodies)
    difference = difference_of(before, facts(appointment))
    if not difference:
        return appointment
    refuse_misfit(appointment)
    appointment.reminded_before = None if "end" in difference else appointment.reminded_before
    save_attributed(appointment, by=by)
    end_sessions_without_standing([appointment.person_id])
    record_event("appointment-edited", appointment, by=by, difference=difference)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: date, by: User | None) -> Appointment:
    """End an appointment; `on` is its last day. A person without any role left is logged out everywhere.

    Raises `FieldRefused` if the day is before its first day, or would prolong it.
    """
    appointment = lock(appointment)
    if on < appointment.start:
        sentence = _("The appointment begins on %(day)s. Enter this or a later date as the end date.")
        raise FieldRefused("on", sentence % {"day": in_words(appointment.start)})
    if appointment.end is not None and appointment.end < on:
        sentence = _("The appointment already ends on %(day)s. To extend it, edit the appointment.")
        raise FieldRefused("on", sentence % {"day": in_words(appointment.end)})
    before = facts(appointment)
    appointment.end = on
    save_attributed(appointment, by=by)
    end_sessions_without_standing([appointment.person_id])
    notify(people=[appointment.person], kind=Notification.Kind.APPOINTMENT_ENDED, thing=appointment, by=by)
    record_event("appointment-ended", appointment, by=by, difference=difference_of(before, facts(appointment)))
    return appointment


@transaction.atomic
def reopen_appointment(*, appointment: Appointment, by: User | None) -> Appointment:
    """Undo an end: restore the former last day and delete the hand-over. Raises `Refused` if that is not
    allowed now."""
    appointment = lock(appointment)
    before = facts(appointment)
    appointment.end = end_before(appointment)
    appointment.reminded_before = None
    refuse_misfit(appointment)
    difference = difference_of(before, facts(appointment))
    if hand_over := HandOver.objects.filter(appointment=appointment).first():
        difference["taken_over_by"] = [hand_over.to_id, ""]
        hand_over.delete()
    save_attributed(appointment, by=by)
    record_event("appointment-reopened", appointment, by=by, difference=difference)
    return appointment


def end_before(appointment: Appointment) -> date | None:
    """The end of the appointment before its end was last changed. Raises `Refused` if it never was."""
    earlier = appointment.history.exclude(end=appointment.end).order_by("-history_date", "-history_id").first()
    if appointment.end is None or earlier is None:
        raise Refused(_("The end date has not been changed. To extend the appointment, edit it."))
    return earlier.end


def record_event(action: str, appointment: Appointment, *, by: User | None, difference: dict) -> None:
    """Record an event without a name: not every reader of the trail may know who contributes."""
    label = f"{appointment.get_function_display()}, {appointment.institution}"
    Event.record(action, appointment, by=by, difference=difference, label=label)


def locked_institution(pk: int) -> Institution:
    """Lock the institution, so that two people cannot both become its principal."""
    return Institution.objects.select_for_update().get(pk=pk)


def lock(appointment: Appointment) -> Appointment:
    institution = locked_institution(appointment.institution_id)
    current = Appointment.objects.select_for_update().get(pk=appointment.pk)
    current.institution = institution
    return current


def end_sessions_without_standing(people: list[int]) -> None:
    for person in User.objects.select_for_update().filter(pk__in=people).order_by("pk"):
        if not person.roles:
            person.session_stamp = new_stamp()
            person.save(update_fields=["session_stamp"])


def tidy_bodies(bodies: str) -> str:
    """The codes as they are stored. Raises `FieldRefused` for what looks like no code and is none in the vocabulary:
    those of special procedures have blanks, and one has commas."""
    codes = body_codes_in(bodies)
    odd = [code for code in codes if not PLAIN_CODE.fullmatch(code)]
    known = {code for find in _find_codes for code in find(odd)} if odd else set()
    if wrong := next((code for code in odd if code not in known), None):
        sentence = _("“%(code)s” is not the code of a body. Enter codes separated by commas, for example CRC,CEDAW.")
        raise FieldRefused("bodies", sentence % {"code": wrong})
    if any("," in code for code in codes):
        return "; ".join(codes) + ";"
    return ",".join(codes)


def refuse_closed_account(person: User) -> None:
    if person.state in (AccountState.CLOSED, AccountState.ERASED):
        raise FieldRefused("person", _("This account is closed. Reopen it first, or choose another person."))


def refuse_misfit(appointment: Appointment) -> None:
    if appointment.end is not None and appointment.end < appointment.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    refuse_time_without_institution(appointment)
    refuse_same_again(appointment)
    refuse_second_principal(appointment)


def refuse_time_without_institution(appointment: Appointment) -> None:
    begins, ends = appointment.institution.active_from, appointment.institution.active_to
    if begins is not None and appointment.start < begins:
        sentence = _("%(institution)s has existed only since %(day)s. Enter this or a later date as the start date.")
        raise FieldRefused("start", sentence % {"institution": appointment.institution, "day": in_words(begins)})
    if ends is None:
        return
    facts_of_it = {"institution": appointment.institution, "day": in_words(ends)}
    if appointment.start > ends:
        sentence = _("%(institution)s existed until %(day)s. Choose its successor.")
        raise FieldRefused("start", sentence % facts_of_it)
    if appointment.end is None or appointment.end > ends:
        sentence = _("%(institution)s exists until %(day)s. Enter this or an earlier date as the end date.")
        raise FieldRefused("end", sentence % facts_of_it)


def at_the_same_time(appointment: Appointment) -> AppointmentQuerySet:
    """Other appointments in the same function at the same institution, in the same period."""
    others = Appointment.objects.filter(institution=appointment.institution_id, function=appointment.function)
    others = others.exclude(pk=appointment.pk).filter(Q(end=None) | Q(end__gte=appointment.start))
    return others.filter(start__lte=appointment.end) if appointment.end else others


def refuse_same_again(appointment: Appointment) -> None:
    if same := at_the_same_time(appointment).filter(person=appointment.person_id).first():
        sentence = _(
            "This person already holds this function in this institution, %(period)s. Edit that appointment instead."
        )
        raise FieldRefused("function", sentence % {"period": period(same)})


def refuse_second_principal(appointment: Appointment) -> None:
    if appointment.function != Appointment.Function.PRINCIPAL:
        return
    if first := at_the_same_time(appointment).select_related("person").first():
        sentence = _(
            "%(institution)s already has a principal focal point, %(person)s, %(period)s. End that appointment "
            "first, or choose another function or period."
        )
        values = {"institution": appointment.institution, "person": first.person, "period": period(first)}
        raise FieldRefused("function", sentence % values)


def period(appointment: Appointment) -> str:
    if appointment.end is None:
        return _("since %(start)s") % {"start": in_words(appointment.start)}
    return _("from %(start)s until %(end)s") % {
        "start": in_words(appointment.start),
        "end": in_words(appointment.end),
    }


def facts(appointment: Appointment) -> dict[str, object]:
    """The facts for the trail; people by their key, so that no name remains there."""
    return {
        "person": appointment.person_id,
        "institution": appointment.institution.code,
        "function": appointment.function,
        "act": appointment.act,
        "start": appointment.start.isoformat(),
        "end": appointment.end.isoformat() if appointment.end else "",
        "bodies": appointment.bodies,
    }


FOCAL_POINT = (Appointment.Function.PRINCIPAL, Appointment.Function.ALTERNATE)


def appointed(functions: Iterable[str], *, on: date, institution: str = "pk") -> Exists:
    """A condition on rows: whether a person with an account or an invitation is appointed to one of these functions.

    `institution` is the column of the row that holds the institution.
    """
    people = User.objects.in_state(AccountState.ACTIVE) | User.objects.in_state(AccountState.INVITED)
    current = Appointment.objects.current(on=on).filter(institution=OuterRef(institution), function__in=functions)
    return Exists(current.filter(person__in=people))


def has_focal_point(*, on: date, institution: str = "pk") -> Exists:
    return appointed(FOCAL_POINT, on=on, institution=institution)
