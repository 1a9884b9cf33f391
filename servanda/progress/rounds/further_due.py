"""Reminders that rooms above register, such as sections of reports. They register it in `ready()` of their
`apps.py`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.functional import Promise

from servanda.people.models import Institution, User
from servanda.progress.models import Reminder
from servanda.progress.rounds.days import Step, has_come
from servanda.progress.rounds.recipients import TO_COORDINATOR, Contacts, contacts_for, contacts_of, may_hear

MILESTONES = (-30, -7, -1, 0, 3, 7, 14)  # days from the deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherThing:
    """One thing that an institution has to do. `body` is the code of the body that it is for, empty for none; `group`
    is what one line of the mail is about."""

    key: int
    institution: Institution
    body: str
    due_on: date
    asked_on: date
    group: object


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherSource:
    """`things` are still to be done on a day, with deadlines `near` the `MILESTONES`. `line` is one line of a mail on
    some things of one group, institution and day, and never contains a title, as a mail leaves the system."""

    code: str
    things: Callable[[date], list[FurtherThing]]
    heading: str | Promise
    line: Callable[[Sequence[FurtherThing], str], str]
    link: str | Promise
    address: Callable[[], str]
    subject: Callable[[int], str]


@dataclass(slots=True)
class DueFurther:
    """One thing for one person."""

    source: FurtherSource
    thing: FurtherThing
    step: str
    is_due: bool


_sources: dict[str, FurtherSource] = {}


def register_further(source: FurtherSource) -> None:
    """Raises `ValueError` if the code is in use."""
    if source.code in _sources:
        raise ValueError(f"Reminders with the code {source.code} are registered already.")
    _sources[source.code] = source


def further_due(coordinators: Sequence[User], *, on: date) -> Iterator[tuple[User, DueFurther]]:
    """Each thing once for each person to remind. One query for each source when nothing is due soon."""
    for source in _sources.values():
        if things := source.things(on):
            yield from readers_of(source, things, coordinators, on=on)


def readers_of(
    source: FurtherSource, things: Sequence[FurtherThing], coordinators: Sequence[User], *, on: date
) -> Iterator[tuple[User, DueFurther]]:
    contacts = contacts_of({thing.institution.pk: thing.institution for thing in things}.values(), on=on)
    last_reminders = last_reminders_of(source, things)
    for thing in things:
        # The successor of a closed institution does not see what was registered for it.
        own = contacts[thing.institution.pk] if thing.institution.is_active(on=on) else Contacts(on)
        for person, begins, step in people_for(thing, own, coordinators, on=on):
            last = last_reminders.get((person.pk, thing.key))
            is_due = has_come(thing.due_on, thing.asked_on, begins, last, on=on, milestones=MILESTONES)
            yield person, DueFurther(source, thing, step, is_due)


def people_for(
    thing: FurtherThing, contacts: Contacts, coordinators: Sequence[User], *, on: date
) -> Iterable[tuple[User, int, str]]:
    """Each person once, with the first milestone of their function: those who write for the institution, then the
    coordinators if it is two weeks late."""
    late = (on - thing.due_on).days
    people: dict[int, tuple[User, int, str]] = {}
    for appointment, step in contacts_for(contacts, late):
        if may_hear(appointment, thing.body):
            people.setdefault(appointment.person_id, (appointment.person, MILESTONES[0], step))
    if late >= TO_COORDINATOR:
        for person in coordinators:
            people.setdefault(person.pk, (person, TO_COORDINATOR, Step.COORDINATOR))
    return people.values()


def last_reminders_of(source: FurtherSource, things: Iterable[FurtherThing]) -> dict[tuple[int, int], date]:
    """The day of the last reminder, by person and key."""
    rows = Reminder.objects.filter(further=source.code, further_key__in=[thing.key for thing in things]).order_by()
    last = rows.values_list("person", "further_key").annotate(Max("on"))
    return {(person, key): day for person, key, day in last}
