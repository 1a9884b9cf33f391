"""Who answers for an institution, from which day to which; every refusal names what is to be mended."""

import re
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

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
    new_stamp,
)
from servanda.people.notifications.services import notify
from servanda.people.versioning import difference_of
from servanda.trail.models import Event

BODY_CODE = re.compile(r"[A-Za-z0-9-]+")


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
    """From the first day to the last, the person has the role of this function in the institution."""
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
    tell("person-appointed", appointment, by=by, difference=difference)
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
    """Correct what was written; the person and the institution stay, for they make it another appointment."""
    held = locked(appointment)
    refuse_if_saved_since(held, seen=seen)
    before = facts(held)
    held.function, held.act, held.start, held.end = function, act, start, end
    held.bodies = tidy_bodies(bodies)
    difference = difference_of(before, facts(held))
    if not difference:
        return held
    refuse_misfit(held)
    held.reminded_before = None if "end" in difference else held.reminded_before
    save_attributed(held, by=by)
    end_sessions_without_standing([held.person_id])
    tell("appointment-edited", held, by=by, difference=difference)
    return held


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: date, by: User | None) -> Appointment:
    """`on` is the last day. Whoever holds nothing any more is logged out everywhere."""
    held = locked(appointment)
    if on < held.start:
        sentence = _("It begins on %(day)s. Choose that day or a later one as the last day.")
        raise FieldRefused("on", sentence % {"day": in_words(held.start)})
    if held.end is not None and held.end < on:
        sentence = _("It ends on %(day)s already. To make it longer, edit the appointment.")
        raise FieldRefused("on", sentence % {"day": in_words(held.end)})
    before = facts(held)
    held.end = on
    save_attributed(held, by=by)
    end_sessions_without_standing([held.person_id])
    notify(people=[held.person], kind=Notification.Kind.APPOINTMENT_ENDED, thing=held, by=by)
    tell("appointment-ended", held, by=by, difference=difference_of(before, facts(held)))
    return held


@transaction.atomic
def reopen_appointment(*, appointment: Appointment, by: User | None) -> Appointment:
    """Undo an end: the last day is the one that stood there before, and nobody has taken over."""
    held = locked(appointment)
    before = facts(held)
    held.end = end_before(held)
    held.reminded_before = None
    refuse_misfit(held)
    difference = difference_of(before, facts(held))
    if hand_over := HandOver.objects.filter(appointment=held).first():
        difference["taken_over_by"] = [hand_over.to_id, ""]
        hand_over.delete()
    save_attributed(held, by=by)
    tell("appointment-reopened", held, by=by, difference=difference)
    return held


def end_before(appointment: Appointment) -> date | None:
    """The last day that stood there before the present one."""
    earlier = appointment.history.exclude(end=appointment.end).order_by("-history_date", "-history_id").first()
    if appointment.end is None or earlier is None:
        raise Refused(_("Nobody has moved its last day. To make it longer, edit the appointment."))
    return earlier.end


def tell(action: str, appointment: Appointment, *, by: User | None, difference: dict) -> None:
    """One line in the trail, without a name: not everybody who reads it may know who contributes."""
    label = f"{appointment.get_function_display()}, {appointment.institution}"
    Event.record(action, appointment, by=by, difference=difference, label=label)


def locked_institution(pk: int) -> Institution:
    """One after the other: two people cannot both become the principal of one institution."""
    return Institution.objects.select_for_update().get(pk=pk)


def locked(appointment: Appointment) -> Appointment:
    institution = locked_institution(appointment.institution_id)
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    held.institution = institution
    return held


def end_sessions_without_standing(people: list[int]) -> None:
    for person in User.objects.select_for_update().filter(pk__in=people).order_by("pk"):
        if not person.roles:
            person.session_stamp = new_stamp()
            person.save(update_fields=["session_stamp"])


def tidy_bodies(bodies: str) -> str:
    codes = [code.strip() for code in bodies.split(",") if code.strip()]
    if wrong := next((code for code in codes if not BODY_CODE.fullmatch(code)), None):
        sentence = _("“%(code)s” is no code of a body. Write codes separated by commas, for instance CRC,CEDAW.")
        raise FieldRefused("bodies", sentence % {"code": wrong})
    return ",".join(dict.fromkeys(codes))


def refuse_closed_account(person: User) -> None:
    if person.state in (AccountState.CLOSED, AccountState.ERASED):
        raise FieldRefused("person", _("This account is closed. Open it again first, or choose somebody else."))


def refuse_misfit(appointment: Appointment) -> None:
    if appointment.end is not None and appointment.end < appointment.start:
        raise FieldRefused("end", _("The last day lies before the first. Choose a later last day."))
    refuse_time_without_institution(appointment)
    refuse_same_again(appointment)
    refuse_second_principal(appointment)


def refuse_time_without_institution(appointment: Appointment) -> None:
    begins, ends = appointment.institution.active_from, appointment.institution.active_to
    if begins is not None and appointment.start < begins:
        sentence = _("%(institution)s exists since %(day)s only. Choose that day or a later one as the first.")
        raise FieldRefused("start", sentence % {"institution": appointment.institution, "day": in_words(begins)})
    if ends is None:
        return
    facts_of_it = {"institution": appointment.institution, "day": in_words(ends)}
    if appointment.start > ends:
        sentence = _("%(institution)s existed until %(day)s. Choose the institution that took over from it.")
        raise FieldRefused("start", sentence % facts_of_it)
    if appointment.end is None or appointment.end > ends:
        sentence = _("%(institution)s exists until %(day)s. Choose that day or an earlier one as the last.")
        raise FieldRefused("end", sentence % facts_of_it)


def at_the_same_time(appointment: Appointment) -> AppointmentQuerySet:
    """The others at the same institution in the same function."""
    others = Appointment.objects.filter(institution=appointment.institution_id, function=appointment.function)
    others = others.exclude(pk=appointment.pk).filter(Q(end=None) | Q(end__gte=appointment.start))
    return others.filter(start__lte=appointment.end) if appointment.end else others


def refuse_same_again(appointment: Appointment) -> None:
    if same := at_the_same_time(appointment).filter(person=appointment.person_id).first():
        sentence = _("This person holds this function here already, %(period)s. Edit that appointment instead.")
        raise FieldRefused("function", sentence % {"period": period(same)})


def refuse_second_principal(appointment: Appointment) -> None:
    if appointment.function != Appointment.Function.PRINCIPAL:
        return
    if first := at_the_same_time(appointment).select_related("person").first():
        sentence = _(
            "%(institution)s has a principal focal point, %(person)s, %(period)s. "
            "End that appointment first, or choose another function or another time."
        )
        words = {"institution": appointment.institution, "person": first.person, "period": period(first)}
        raise FieldRefused("function", sentence % words)


def period(appointment: Appointment) -> str:
    if appointment.end is None:
        return _("since %(start)s") % {"start": in_words(appointment.start)}
    return _("from %(start)s until %(end)s") % {
        "start": in_words(appointment.start),
        "end": in_words(appointment.end),
    }


def facts(appointment: Appointment) -> dict[str, object]:
    """What the trail keeps of it; people by their number, so that nobody's name stays there."""
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
    """Whether a person who has an account, or is invited, is appointed to one of these functions; `institution` is
    where the row that is asked about names it."""
    people = User.objects.in_state(AccountState.ACTIVE) | User.objects.in_state(AccountState.INVITED)
    current = Appointment.objects.current(on=on).filter(institution=OuterRef(institution), function__in=functions)
    return Exists(current.filter(person__in=people))


def has_focal_point(*, on: date, institution: str = "pk") -> Exists:
    return appointed(FOCAL_POINT, on=on, institution=institution)
