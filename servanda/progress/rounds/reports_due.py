"""Replies that bodies ask for before the next report, and who is reminded of them: coordinators, the responsible
institution, and the focal points of the institutions that lead on the records."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.models import Reminder
from servanda.progress.rounds.days import has_come, local_day, near, usual_step
from servanda.progress.rounds.recipients import (
    Contacts,
    ResponsiblePerson,
    contacts_for,
    contacts_of,
    may_hear,
    responsible_persons,
)
from servanda.recommendations.models import FollowUp, FollowUpQuerySet, Recommendation
from servanda.sources.models import Obligation

MILESTONES = (-90, -30, -7, 0, 7)  # days from the due date: many people write a reply, over weeks


@dataclass(slots=True)
class Reply:
    """The reply that one document asks for by one day; for each record the institution that leads on it."""

    obligation: Obligation
    due_on: date
    asked_on: date
    records: dict[int, int | None] = field(default_factory=dict)

    @property
    def symbol(self) -> str:
        return self.obligation.document.symbol if self.obligation.document else ""


@dataclass(slots=True)
class DueReply:
    """One reply for one person: on how many records, and the step of the reminder."""

    reply: Reply
    records: int
    step: str
    is_due: bool


def reports_due(coordinators: Sequence[User], *, on: date) -> Iterator[tuple[User, DueReply]]:
    """Each reply once for each person to remind. A single query when nothing is due soon."""
    upcoming = replies(on=on)
    if not upcoming:
        return
    last_reminders = last_reminders_of(upcoming)
    owners = [reply.obligation.owner for reply in upcoming if reply.obligation.owner]
    people = contacts_of({owner.pk: owner for owner in [*led_by(upcoming), *owners]}.values(), on=on)
    responsible = {reply.obligation.responsible for reply in upcoming if reply.obligation.responsible}
    persons = responsible_persons(responsible, on=on)
    for reply in upcoming:
        for person, number, step in readers_of(reply, coordinators, people, persons, on=on):
            last = last_reminders.get((person.pk, reply.obligation.pk))
            is_due = has_come(reply.due_on, reply.asked_on, MILESTONES[0], last, on=on, milestones=MILESTONES)
            yield person, DueReply(reply, number, step, is_due)


type Reader = tuple[User, int, str]  # person, number of records, step of the reminder


def readers_of(
    reply: Reply,
    coordinators: Sequence[User],
    people: Mapping[int, Contacts],
    persons: Mapping[int, ResponsiblePerson],
    *,
    on: date,
) -> Iterable[Reader]:
    """Each person once: coordinators, then the responsible institution or person, then the institutions that lead on
    the records."""
    late, total, leads = (on - reply.due_on).days, len(reply.records), Counter(reply.records.values())
    readers: dict[int, Reader] = {person.pk: (person, total, usual_step(late)) for person in coordinators}
    owner = reply.obligation.owner_id
    if responsible := persons.get(reply.obligation.responsible_id or 0):
        for person, step in responsible.reminded(reply.obligation, late, on=on):
            readers.setdefault(person.pk, (person, total, step))
    reminded = [(total, *contact) for contact in (contacts_for(people[owner], late) if owner else ())]
    for pk in sorted(lead for lead in leads if lead):
        reminded += [(leads[pk], appointment, usual_step(late)) for appointment in people[pk].first_asked]
    for number, appointment, step in reminded:
        if may_hear(appointment, reply.obligation.body.code):
            readers.setdefault(appointment.person_id, (appointment.person, number, step))
    return readers.values()


def requests_owed() -> FollowUpQuerySet:
    """Requests that are still to be replied to, on records that are kept."""
    kept = Recommendation.every_kind.kept().order_by().values("pk")
    return FollowUp.objects.current().outstanding().filter(recommendation__in=kept)


def replies(*, on: date) -> list[Reply]:
    """Replies still owed on the day of their obligation."""
    rows = requests_owed().filter(obligation__due_on__range=near(MILESTONES, on=on))
    linked = (
        "obligation__body",
        "obligation__document",
        "obligation__owner",
        "obligation__responsible",
        "recommendation",
        "added_by",
    )
    by_obligation: dict[int, Reply] = {}
    for row in rows.select_related(*linked).order_by("pk"):
        obligation, applied = row.obligation, row.added_by and row.added_by.applied_at
        since = local_day(applied or row.created_at or row.recommendation.created_at)
        reply = by_obligation.setdefault(obligation.pk, Reply(obligation, obligation.due_on, since))
        reply.asked_on = min(reply.asked_on, since)
        reply.records[row.recommendation_id] = None
    return sorted(by_obligation.values(), key=lambda reply: (reply.due_on, reply.obligation.body.code, reply.symbol))


def led_by(due: Iterable[Reply]) -> list[Institution]:
    """The institutions that lead on the records, and set them on the replies.

    Restricted records get none: who may see them can have changed since they were assigned, and a mail leaves the
    system.
    """
    pks = [pk for reply in due for pk in reply.records]
    leading = Assignment.objects.current().leading().filter(recommendation__in=pks)
    leading = leading.exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    by_record = {
        assignment.recommendation_id: assignment.institution for assignment in leading.select_related("institution")
    }
    for reply in due:
        reply.records = {pk: by_record[pk].pk if pk in by_record else None for pk in reply.records}
    return list({institution.pk: institution for institution in by_record.values()}.values())


def last_reminders_of(upcoming: Iterable[Reply]) -> dict[tuple[int, int], date]:
    """The day of the last reminder, by person and obligation."""
    about = [reply.obligation.pk for reply in upcoming]
    rows = Reminder.objects.filter(obligation__in=about, obligation_step=None).order_by()
    last = rows.values_list("person", "obligation").annotate(Max("on"))
    return {(person, obligation): day for person, obligation, day in last}
