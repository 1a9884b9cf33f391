"""Obligations and their steps that are due, and who is reminded: the responsible institution or person, the
institution of the step, and the coordinators. Those that records have are in `reports_due`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from servanda.people.models import Institution, User
from servanda.progress.models import Reminder
from servanda.progress.rounds.days import has_come, local_day, near, usual_step
from servanda.progress.rounds.recipients import Contacts, contacts_for, contacts_of, may_hear, responsible_persons
from servanda.progress.rounds.reports_due import requests_owed
from servanda.sources.models import Obligation, ObligationStep

MILESTONES = (-30, -7, -1, 0, 7)  # days from the deadline


@dataclass(slots=True)
class DueObligation:
    """One obligation, or one step towards it, for one person."""

    obligation: Obligation
    step_row: ObligationStep | None
    due_on: date
    step: str
    is_due: bool


type Thing = tuple[Obligation, ObligationStep | None, date]


def obligations_due(coordinators: Sequence[User], *, on: date) -> Iterator[tuple[User, DueObligation]]:
    """Each thing that is due once for each person to remind. Two queries when nothing is due soon."""
    things = things_due(on=on)
    if not things:
        return
    institutions = {owner.pk: owner for thing in things if (owner := institution_of(thing))}
    contacts = contacts_of(institutions.values(), on=on)
    persons = responsible_persons({person for thing in things if (person := person_of(thing))}, on=on)
    last_reminders = last_reminders_of(things)
    for thing in things:
        obligation, step, due_on = thing
        late, owner = (on - due_on).days, institution_of(thing)
        has_nobody = owner is None and person_of(thing) is None
        also_reminded = coordinators if step is None or has_nobody else ()
        readers = {person.pk: (person, usual_step(late)) for person in also_reminded}
        reminders = asked_of_institution(contacts[owner.pk], obligation, late) if owner else ()
        if responsible := person_of(thing):
            reminders = persons[responsible.pk].reminded(obligation, late, on=on)
        for person, reminder in reminders:
            readers.setdefault(person.pk, (person, reminder))
        for person, reminder in readers.values():
            last = last_reminders.get((person.pk, obligation.pk, step.pk if step else None))
            known_since = local_day(obligation.created_at)
            is_due = has_come(due_on, known_since, MILESTONES[0], last, on=on, milestones=MILESTONES)
            yield person, DueObligation(obligation, step, due_on, reminder, is_due)


def asked_of_institution(contacts: Contacts, obligation: Obligation, late: int) -> Iterable[tuple[User, str]]:
    reminded = contacts_for(contacts, late)
    return ((row.person, reminder) for row, reminder in reminded if may_hear(row, obligation.body.code))


def things_due(*, on: date) -> list[Thing]:
    """Obligations from 30 days before their deadline, later only if they are overdue; steps until they are done.
    Replies on records are reminded of as such."""
    days = near(MILESTONES, on=on)
    unfinished = Obligation.objects.kept().unfinished()
    late = Obligation.objects.late(on=on).order_by().values("pk")
    due = unfinished.filter(Q(due_on__gte=on) | Q(pk__in=late), due_on__range=days)
    due = due.exclude(pk__in=requests_owed().order_by().values("obligation"))
    steps = ObligationStep.objects.filter(
        done_on=None, due_on__range=days, obligation__in=unfinished.order_by().values("pk")
    )
    things: list[Thing] = [
        (obligation, None, obligation.due_on)
        for obligation in due.select_related("body", "owner", "responsible").order_by("due_on", "code")
        if obligation.due_on
    ]
    linked = ("obligation__body", "obligation__owner", "obligation__responsible", "institution")
    rows = steps.select_related(*linked).order_by("due_on", "pk")
    return things + [(step.obligation, step, step.due_on) for step in rows if step.due_on]


def institution_of(thing: Thing) -> Institution | None:
    """The institution of the step, or else the responsible one; not of a step of a proceeding, in which each
    institution sees its own part."""
    obligation, step, _due_on = thing
    if step and (step.institution or obligation.is_derived):
        return step.institution
    return obligation.owner


def person_of(thing: Thing) -> User | None:
    obligation, step, _due_on = thing
    return None if step and step.institution else obligation.responsible


def last_reminders_of(things: Iterable[Thing]) -> dict[tuple[int, int, int | None], date]:
    """The day of the last reminder, by person, obligation and step."""
    about = {obligation.pk for obligation, _step, _due_on in things}
    rows = Reminder.objects.filter(obligation__in=about).order_by()
    last = rows.values_list("person", "obligation", "obligation_step").annotate(Max("on"))
    return {(person, obligation, step): day for person, obligation, step, day in last}
