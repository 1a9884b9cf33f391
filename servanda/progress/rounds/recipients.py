"""Whom a question reaches: the people appointed to an institution or, if it has closed, to its successor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from servanda.people.models import Appointment, Institution, Succession, User
from servanda.progress.rounds.days import Step, usual_step

Function = Appointment.Function
TO_ALTERNATE, TO_AUTHORITY, TO_COORDINATOR = 3, 7, 14  # days late from which they are reminded too
ASKED = (Function.PRINCIPAL, Function.ALTERNATE, Function.AUTHORITY)


@dataclass(slots=True)
class Contacts:
    """Those appointed today; separately, those whom no mail reaches because their account is closed or unused."""

    on: date
    appointments: list[Appointment] = field(default_factory=list)
    out_of_reach: list[Appointment] = field(default_factory=list)

    def holding(self, *functions: str) -> list[Appointment]:
        return [appointment for appointment in self.appointments if appointment.function in functions]

    @property
    def first_asked(self) -> list[Appointment]:
        """The principals; where there is none, or all are away, the alternates as well."""
        principals = self.holding(Function.PRINCIPAL)
        is_any_present = any(not appointment.person.is_away(on=self.on) for appointment in principals)
        return principals if is_any_present else principals + self.holding(Function.ALTERNATE)


def contacts_for(contacts: Contacts, late: int) -> Iterable[tuple[Appointment, str]]:
    """The principals, or also the alternates while there is none at work; three days after the deadline both."""
    first = contacts.first_asked
    yield from ((appointment, usual_step(late)) for appointment in first)
    if late >= TO_ALTERNATE:
        others = (appointment for appointment in contacts.holding(Function.ALTERNATE) if appointment not in first)
        yield from ((appointment, Step.ALTERNATE) for appointment in others)


def may_hear(appointment: Appointment, body: str) -> bool:
    """Whether the appointment is for this body, or for all."""
    return not appointment.body_codes() or body in appointment.body_codes()


def heirs(institutions: Iterable[Institution], *, on: date) -> dict[int, int | None]:
    """For each institution the one that answers for it: itself while it exists, then its successor. None if it has no
    successor, or several."""
    successors: dict[int, int | None] = {}
    closed = {institution.pk for institution in institutions if not institution.is_active(on=on)}
    if closed:
        successors = active_successors(closed, on=on)
    return {
        institution.pk: successors[institution.pk] if institution.pk in closed else institution.pk
        for institution in institutions
    }


def active_successors(closed: set[int], *, on: date) -> dict[int, int | None]:
    successors: dict[int, set[int]] = {}
    for predecessor, successor in Succession.objects.values_list("predecessor_id", "successor_id"):
        successors.setdefault(predecessor, set()).add(successor)
    active = set(Institution.objects.active(on=on).values_list("pk", flat=True))
    return {pk: last_successor(pk, successors, active) for pk in closed}


def last_successor(pk: int, successors: dict[int, set[int]], active: set[int]) -> int | None:
    visited = {pk}
    while pk not in active:
        next_ones = successors.get(pk, set()) - visited
        if len(next_ones) != 1:
            return None
        pk = next_ones.pop()
        visited.add(pk)
    return pk


def contacts_of(institutions: Iterable[Institution], *, on: date) -> dict[int, Contacts]:
    """Whom to contact, by institution. Two queries, or four if one of them has closed."""
    answering = heirs(list(institutions), on=on)
    appointments = Appointment.objects.current(on=on).filter(
        institution__in=set(answering.values()) - {None}, function__in=ASKED
    )
    by_institution: dict[int, Contacts] = {}
    for appointment in appointments.select_related("person").order_by("pk"):
        contacts = by_institution.setdefault(appointment.institution_id, Contacts(on))
        (contacts.appointments if can_be_mailed(appointment.person) else contacts.out_of_reach).append(appointment)
    return {pk: by_institution.get(successor or 0, Contacts(on)) for pk, successor in answering.items()}


def can_be_mailed(person: User) -> bool:
    return bool(person.is_active and person.email and not person.erased_at)
