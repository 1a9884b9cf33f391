"""Who is to be reminded today, of what, and at which step: before, on and after the due date, then escalated."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Appointment, User
from servanda.planning.models import Indicator
from servanda.progress.models import InputItem, InputRequest, Reminder
from servanda.progress.rounds.days import MILESTONES, Step, has_come, house_zone, local_day, usual_step
from servanda.progress.rounds.further_due import DueFurther, further_due
from servanda.progress.rounds.obligations_due import DueObligation, obligations_due
from servanda.progress.rounds.recipients import (
    TO_ALTERNATE,
    TO_AUTHORITY,
    TO_COORDINATOR,
    Contacts,
    Function,
    contacts_of,
)
from servanda.progress.rounds.reports_due import DueReply, reports_due

BODY_OF_ITEM = ("recommendation__body__code", "question__document__body__code", "question__body__code")
BEGINS = {Function.PRINCIPAL: MILESTONES[0], Function.ALTERNATE: TO_ALTERNATE, Function.AUTHORITY: TO_AUTHORITY}
RECORDS, QUESTIONS = "records", "questions"  # on which updates, and to which answers, are requested
ESCALATED = {
    Function.ALTERNATE: Step.ALTERNATE,
    Function.AUTHORITY: Step.AUTHORITY,
}


@dataclass(slots=True)
class OpenRequest:
    """One request to one person: how much of it concerns them and is still open, and the step of the reminder."""

    request: InputRequest
    owed: int
    total: int
    step: str
    is_due: bool  # a milestone has passed since the last reminder
    about: frozenset[str] = frozenset({RECORDS})  # what its open items are


@dataclass(slots=True)
class DueValue:
    """One indicator whose next value is due, for one person of the institution that keeps it."""

    indicator: Indicator
    step: str
    is_due: bool


@dataclass(slots=True)
class Addressee:
    person: User
    requests: list[OpenRequest] = field(default_factory=list)
    values: list[DueValue] = field(default_factory=list)
    replies: list[DueReply] = field(default_factory=list)
    obligations: list[DueObligation] = field(default_factory=list)
    further: list[DueFurther] = field(default_factory=list)

    @property
    def is_due(self) -> bool:
        lists = (self.requests, self.values, self.replies, self.obligations, self.further)
        return any(item.is_due for items in lists for item in items)

    def own(self) -> list[OpenRequest]:
        return [request for request in self.requests if request.step != Step.COORDINATOR]

    def overseen(self) -> list[OpenRequest]:
        return [request for request in self.requests if request.step == Step.COORDINATOR]


@dataclass(slots=True)
class RequestTotals:
    """One request with its items and its open items, by the body that recommended."""

    request: InputRequest
    asked_on: date
    owed: Counter[str]
    total: Counter[str]
    about: frozenset[str]

    def of(self, appointment: Appointment) -> tuple[int, int]:
        """Open items and items that concern this appointment, which may be limited to some bodies."""
        bodies = appointment.body_codes() or list(self.total)
        return sum(self.owed[code] for code in bodies), sum(self.total[code] for code in bodies)


def plan_reminders(*, on: date) -> list[Addressee]:
    """Everyone with something to answer, and all of it. The number of queries does not grow with the number of
    people."""
    requests = open_requests()
    people = contacts_of({request.request.institution for request in requests}, on=on)
    last_reminders = last_reminders_of_requests()
    coordinators = list(User.objects.filter(is_active=True, role=Role.COORDINATOR).order_by("pk"))
    addressees: dict[int, Addressee] = {}
    for request in requests:
        for person, begins, owed, total, step in contacts_for_request(
            request, people[request.request.institution_id], coordinators, on
        ):
            due = is_due(request, begins, last_reminders.get((request.request.pk, person.pk)), on=on)
            addressee = addressees.setdefault(person.pk, Addressee(person))
            addressee.requests.append(OpenRequest(request.request, owed, total, step, due, request.about))
    add_values(addressees, on=on)
    for person, reported in reports_due(coordinators, on=on):
        addressees.setdefault(person.pk, Addressee(person)).replies.append(reported)
    for person, obligation in obligations_due(coordinators, on=on):
        addressees.setdefault(person.pk, Addressee(person)).obligations.append(obligation)
    for person, thing in further_due(coordinators, on=on):
        addressees.setdefault(person.pk, Addressee(person)).further.append(thing)
    return [addressees[pk] for pk in sorted(addressees)]


def add_values(addressees: dict[int, Addressee], *, on: date) -> None:
    """Add the values that are due, for the focal points of the institutions that keep the indicators."""
    waiting = Indicator.objects.kept().due_by(on - timedelta(days=MILESTONES[0])).exclude(custodian=None)
    indicators = list(waiting.select_related("custodian").order_by("next_due_on", "code"))
    people = contacts_of({indicator.custodian for indicator in indicators if indicator.custodian}, on=on)
    rows = (
        Reminder.objects.filter(indicator__in=[indicator.pk for indicator in indicators])
        .order_by()
        .values_list("indicator", "person")
    )
    last_reminders = {(indicator, person): last for indicator, person, last in rows.annotate(Max("on"))}
    for indicator in indicators:
        for person, begins, step in contacts_for_value(indicator, people[indicator.custodian_id or 0], on):
            addressee = addressees.setdefault(person.pk, Addressee(person))
            due = has_come(
                indicator.next_due_on or on,
                local_day(indicator.created_at),
                begins,
                last_reminders.get((indicator.pk, person.pk)),
                on=on,
            )
            addressee.values.append(DueValue(indicator, step, due))


def contacts_for_value(indicator: Indicator, contacts: Contacts, on: date) -> Iterable[tuple[User, int, str]]:
    late = (on - (indicator.next_due_on or on)).days
    first = {appointment.function for appointment in contacts.first_asked}
    seen: set[int] = set()
    for function in (Function.PRINCIPAL, Function.ALTERNATE):
        if function not in first and late < TO_ALTERNATE:
            continue
        for appointment in contacts.holding(function):
            if appointment.person_id not in seen:
                seen.add(appointment.person_id)
                is_first = function in first
                step = usual_step(late) if is_first else ESCALATED[function]
                yield appointment.person, MILESTONES[0] if is_first else TO_ALTERNATE, step


def open_requests() -> list[RequestTotals]:
    rows = (
        InputItem.objects.standing()
        .filter(request__round__closed_at=None)
        .order_by()
        .values_list("request", Coalesce(*BODY_OF_ITEM, Value("")))
        .annotate(
            total=Count("pk"),
            owed=Count("pk", filter=Q(answered_at=None)),
            questions=Count("pk", filter=Q(answered_at=None, question__isnull=False)),
        )
    )
    owed: dict[int, Counter[str]] = {}
    total: dict[int, Counter[str]] = {}
    about: dict[int, set[str]] = {}
    for request, code, number, missing, questions in rows:
        total.setdefault(request, Counter())[code] = number
        owed.setdefault(request, Counter())[code] = missing
        about.setdefault(request, set()).update(
            kind for kind, count in ((QUESTIONS, questions), (RECORDS, missing - questions)) if count
        )
    requests = InputRequest.objects.open().select_related("round", "institution").order_by("due_on", "pk")
    zone = house_zone()
    return [
        RequestTotals(
            request,
            timezone.localtime(request.created_at, zone).date(),
            owed[request.pk],
            total[request.pk],
            frozenset(about[request.pk]),
        )
        for request in requests
        if owed.get(request.pk, Counter()).total()
    ]


def last_reminders_of_requests() -> dict[tuple[int, int], date]:
    """The day of the last reminder, by request and person."""
    rows = Reminder.objects.filter(request__round__closed_at=None).order_by().values_list("request", "person")
    return {(request, person): last for request, person, last in rows.annotate(Max("on"))}


type Address = tuple[User, int, int, int, str]  # person, first milestone, owed, total, step


def contacts_for_request(
    request: RequestTotals, contacts: Contacts, coordinators: list[User], on: date
) -> Iterable[Address]:
    """Who is reminded of the request: each person once, in the first of their functions."""
    late = (on - request.request.due_on).days
    seen: set[int] = set()
    first = {appointment.function for appointment in contacts.first_asked}
    for function in BEGINS:
        begins = MILESTONES[0] if function in first else BEGINS[function]
        if function not in first and late < begins:
            continue
        for appointment in contacts.holding(function):
            owed, total = request.of(appointment)
            if owed and appointment.person_id not in seen:
                seen.add(appointment.person_id)
                step = usual_step(late) if function in first else ESCALATED[function]
                yield appointment.person, begins, owed, total, step
    if late >= TO_COORDINATOR:
        for person in coordinators:
            if person.pk not in seen:
                yield person, TO_COORDINATOR, request.owed.total(), request.total.total(), Step.COORDINATOR


def is_due(totals: RequestTotals, begins: int, last_reminder: date | None, *, on: date) -> bool:
    return has_come(totals.request.due_on, totals.asked_on, begins, last_reminder, on=on)
