"""Who is to be reminded today, of what, and why: before the day, on it, after it, and then others beside them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Appointment, User
from servanda.planning.models import Indicator
from servanda.progress.models import InputItem, InputRequest, Reminder
from servanda.progress.rounds.days import MILESTONES, Step, has_come, house_zone, local_day, usual_step
from servanda.progress.rounds.recipients import Function, Reached, reached
from servanda.progress.rounds.reports_due import Reported, reports_due

TO_ALTERNATE, TO_AUTHORITY, TO_COORDINATOR = 3, 7, 14  # from the milestone on they are told as well
BEGINS = {Function.PRINCIPAL: MILESTONES[0], Function.ALTERNATE: TO_ALTERNATE, Function.AUTHORITY: TO_AUTHORITY}
ESCALATED = {
    Function.ALTERNATE: Step.ALTERNATE,
    Function.AUTHORITY: Step.AUTHORITY,
}


@dataclass(slots=True)
class OpenRequest:
    """One request before one person: how much of it is theirs and still open, and in which step they hear of it."""

    request: InputRequest
    owed: int
    total: int
    step: str
    is_due: bool  # a step has come since they last heard of it


@dataclass(slots=True)
class Counted:
    """One indicator whose next value is due, before one person of the institution that keeps it."""

    indicator: Indicator
    step: str
    is_due: bool


@dataclass(slots=True)
class Addressee:
    person: User
    asked: list[OpenRequest] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)

    @property
    def is_due(self) -> bool:
        due: list[OpenRequest | Counted | Reported] = [*self.asked, *self.counted, *self.reported]
        return any(one.is_due for one in due)

    def own(self) -> list[OpenRequest]:
        return [one for one in self.asked if one.step != Step.COORDINATOR]

    def overseen(self) -> list[OpenRequest]:
        return [one for one in self.asked if one.step == Step.COORDINATOR]


@dataclass(slots=True)
class Open:
    """One request with what is open of it, by the body that recommended."""

    request: InputRequest
    asked_on: date
    owed: Counter[str]
    total: Counter[str]

    def of(self, held: Appointment) -> tuple[int, int]:
        """What of it belongs to this appointment, which may be limited to bodies."""
        bodies = held.body_codes() or list(self.total)
        return sum(self.owed[code] for code in bodies), sum(self.total[code] for code in bodies)


def plan_reminders(*, on: date) -> list[Addressee]:
    """Everybody of whom something is asked, with all of it; a handful of questions, however many they are."""
    there = open_requests()
    people = reached({one.request.institution for one in there}, on=on)
    known = heard_of(there)
    coordinators = list(User.objects.filter(is_active=True, role=Role.COORDINATOR).order_by("pk"))
    found: dict[int, Addressee] = {}
    for one in there:
        for person, begins, owed, total, step in addressed(one, people[one.request.institution_id], coordinators, on):
            due = is_due(one, begins, known.get((one.request.pk, person.pk)), on=on)
            addressee = found.setdefault(person.pk, Addressee(person))
            addressee.asked.append(OpenRequest(one.request, owed, total, step, due))
    add_values(found, on=on)
    for person, reported in reports_due(coordinators, on=on):
        found.setdefault(person.pk, Addressee(person)).reported.append(reported)
    return [found[pk] for pk in sorted(found)]


def add_values(found: dict[int, Addressee], *, on: date) -> None:
    """Values that are due go to the focal points of the institution that keeps the indicator, into the same mail."""
    waiting = Indicator.objects.kept().due_by(on - timedelta(days=MILESTONES[0])).exclude(custodian=None)
    there = list(waiting.select_related("custodian").order_by("next_due_on", "code"))
    people = reached({one.custodian for one in there if one.custodian}, on=on)
    rows = (
        Reminder.objects.filter(indicator__in=[one.pk for one in there]).order_by().values_list("indicator", "person")
    )
    known = {(indicator, person): last for indicator, person, last in rows.annotate(Max("on"))}
    for one in there:
        for person, begins, step in kept_by(one, people[one.custodian_id or 0], on):
            addressee = found.setdefault(person.pk, Addressee(person))
            due = has_come(
                one.next_due_on or on, local_day(one.created_at), begins, known.get((one.pk, person.pk)), on=on
            )
            addressee.counted.append(Counted(one, step, due))


def kept_by(one: Indicator, people: Reached, on: date) -> Iterable[tuple[User, int, str]]:
    late = (on - (one.next_due_on or on)).days
    first = {held.function for held in people.first_asked}
    seen: set[int] = set()
    for function in (Function.PRINCIPAL, Function.ALTERNATE):
        if function not in first and late < TO_ALTERNATE:
            continue
        for held in people.holding(function):
            if held.person_id not in seen:
                seen.add(held.person_id)
                is_first = function in first
                step = usual_step(late) if is_first else ESCALATED[function]
                yield held.person, MILESTONES[0] if is_first else TO_ALTERNATE, step


def open_requests() -> list[Open]:
    rows = (
        InputItem.objects.standing()
        .filter(request__round__closed_at=None)
        .order_by()
        .values_list("request", "recommendation__body__code")
        .annotate(total=Count("pk"), owed=Count("pk", filter=Q(answered_at=None)))
    )
    owed: dict[int, Counter[str]] = {}
    total: dict[int, Counter[str]] = {}
    for request, code, number, missing in rows:
        total.setdefault(request, Counter())[code] = number
        owed.setdefault(request, Counter())[code] = missing
    requests = InputRequest.objects.open().select_related("round", "institution").order_by("due_on", "pk")
    zone = house_zone()
    return [
        Open(one, timezone.localtime(one.created_at, zone).date(), owed[one.pk], total[one.pk])
        for one in requests
        if owed.get(one.pk, Counter()).total()
    ]


def heard_of(there: Iterable[Open]) -> dict[tuple[int, int], date]:
    """When each person last heard of each request."""
    rows = Reminder.objects.filter(request__round__closed_at=None).order_by().values_list("request", "person")
    return {(request, person): last for request, person, last in rows.annotate(Max("on"))}


type Address = tuple[User, int, int, int, str]  # person, first milestone, owed, total, step


def addressed(one: Open, people: Reached, coordinators: list[User], on: date) -> Iterable[Address]:
    """Each person once, in the nearest of their functions."""
    late = (on - one.request.due_on).days
    seen: set[int] = set()
    first = {held.function for held in people.first_asked}
    for function in BEGINS:
        begins = MILESTONES[0] if function in first else BEGINS[function]
        if function not in first and late < begins:
            continue
        for held in people.holding(function):
            owed, total = one.of(held)
            if owed and held.person_id not in seen:
                seen.add(held.person_id)
                step = usual_step(late) if function in first else ESCALATED[function]
                yield held.person, begins, owed, total, step
    if late >= TO_COORDINATOR:
        for person in coordinators:
            if person.pk not in seen:
                yield person, TO_COORDINATOR, one.owed.total(), one.total.total(), Step.COORDINATOR


def is_due(one: Open, begins: int, heard: date | None, *, on: date) -> bool:
    return has_come(one.request.due_on, one.asked_on, begins, heard, on=on)
