"""The recipients of a request: people appointed to an institution or, if it has closed, to its successor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from servanda.people.access import OFFICES
from servanda.people.models import Appointment, Institution, Succession, User
from servanda.progress.rounds.days import Step, usual_step
from servanda.sources.models import Obligation

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


@dataclass(slots=True)
class ResponsiblePerson:
    """A person who is responsible for obligations, the alternates of their institutions, and their former
    appointments with the contacts of these institutions."""

    person: User
    appointments: list[Appointment] = field(default_factory=list)
    alternates: list[Appointment] = field(default_factory=list)
    former: list[tuple[Appointment, Contacts]] = field(default_factory=list)

    def reminded(self, obligation: Obligation, late: int, *, on: date) -> Iterable[tuple[User, str]]:
        """The person, and the alternates while the person is away or out of reach, or three days after the deadline.
        If the person is no longer appointed for the body, those who write for their last institution. Colleagues do
        not see what is restricted."""
        body, is_open = obligation.body.code, obligation.confidentiality != Obligation.Confidentiality.RESTRICTED
        if not self.works_on(body):
            rows = contacts_for(self.last_contacts(body), late) if is_open else ()
            yield from ((row.person, step) for row, step in rows if may_hear(row, body))
            return
        is_reached = can_be_mailed(self.person)
        if is_reached:
            yield self.person, usual_step(late)
        is_absent = not is_reached or self.person.is_away(on=on)
        if is_open and (is_absent or late >= TO_ALTERNATE):
            step = usual_step(late) if is_absent else Step.ALTERNATE
            yield from ((row.person, step) for row in self.alternates if may_hear(row, body))

    def works_on(self, body: str) -> bool:
        return self.person.role in OFFICES or any(may_hear(row, body) for row in self.appointments)

    def last_contacts(self, body: str) -> Contacts:
        """The contacts of the institution of the last appointment for this body."""
        return next((contacts for row, contacts in self.former if may_hear(row, body)), Contacts(date.min))


def responsible_persons(persons: Iterable[User], *, on: date) -> dict[int, ResponsiblePerson]:
    """By person. One query, or three if they have appointments."""
    found = {person.pk: ResponsiblePerson(person) for person in persons}
    if not found:
        return {}
    appointments = Appointment.objects.filter(person__in=found, function__in=ASKED, start__lte=on)
    rows = list(appointments.select_related("institution").order_by("pk"))
    contacts = contacts_of({row.institution_id: row.institution for row in rows}.values(), on=on)
    for row in rows:
        responsible = found[row.person_id]
        if row.end is None or row.end >= on:
            others = contacts[row.institution_id].holding(Function.ALTERNATE)
            responsible.appointments.append(row)
            responsible.alternates += [other for other in others if other.person_id != row.person_id]
        else:
            responsible.former.append((row, contacts[row.institution_id]))
    for responsible in found.values():
        responsible.former.sort(key=lambda pair: pair[0].end or on, reverse=True)
    return found


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
