"""Replies that a body asks for before the next report, and who hears that their day is near: those who coordinate,
and the focal points of the institutions that lead on the records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.models import Reminder
from servanda.progress.rounds.days import has_come, local_day, usual_step
from servanda.progress.rounds.recipients import reached
from servanda.recommendations.models import FollowUp, Recommendation

MILESTONES = (-90, -30, -7, 0, 7)  # days from the due day: a reply is written by many, over weeks
BEGINS, ENDS = -MILESTONES[0], MILESTONES[-1]


@dataclass(slots=True)
class Reply:
    """What one document asks to hear of by one day; records by the institution that leads on each."""

    body: str
    symbol: str
    due_on: date
    asked_on: date
    records: dict[int, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class Reported:
    """One reply before one person: on how many records, and in which step they hear of it."""

    reply: Reply
    records: int
    step: str
    is_due: bool


def reports_due(coordinators: Sequence[User], *, on: date) -> Iterator[tuple[User, Reported]]:
    """Each reply for each person once; a handful of questions, and only one where no day is near."""
    there = replies(on=on)
    if not there:
        return
    known = heard_of({reply.due_on for reply in there})
    people = reached(led_by(there), on=on)
    for reply in there:
        told = {person.pk: (person, len(reply.records)) for person in coordinators}
        for pk in {lead for lead in reply.records.values() if lead}:
            number = sum(lead == pk for lead in reply.records.values())
            for held in people[pk].first_asked:
                if not held.body_codes() or reply.body in held.body_codes():
                    told.setdefault(held.person_id, (held.person, number))
        for person, number in told.values():
            heard = known.get((person.pk, reply.due_on))
            due = has_come(reply.due_on, reply.asked_on, MILESTONES[0], heard, on=on, milestones=MILESTONES)
            yield person, Reported(reply, number, usual_step((on - reply.due_on).days), due)


def replies(*, on: date) -> list[Reply]:
    near = {"due_on__gte": on - timedelta(days=ENDS), "due_on__lte": on + timedelta(days=BEGINS)}
    rows = FollowUp.objects.current().outstanding().filter(**near)
    rows = rows.filter(recommendation__in=Recommendation.objects.kept().order_by().values("pk"))
    found: dict[tuple, Reply] = {}
    for row in rows.select_related("recommendation__body", "recommendation__document", "added_by").order_by("pk"):
        record, applied = row.recommendation, row.added_by and row.added_by.applied_at
        symbol = record.document.symbol if record.document else ""
        since = local_day(applied or row.created_at or record.created_at)
        reply = found.setdefault(
            (record.body.code, symbol, row.due_on), Reply(record.body.code, symbol, row.due_on, since)
        )
        reply.asked_on = min(reply.asked_on, since)
        reply.records[record.pk] = None
    return sorted(found.values(), key=lambda one: (one.due_on, one.body, one.symbol))


def led_by(there: Iterable[Reply]) -> list[Institution]:
    """The institutions that lead on the records; each record learns its own. Of a restricted one only the desk tells:
    who may see it can have changed since it was assigned."""
    pks = [pk for reply in there for pk in reply.records]
    leading = Assignment.objects.current().leading().filter(recommendation__in=pks)
    leading = leading.exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    by_record = {one.recommendation_id: one.institution for one in leading.select_related("institution")}
    for reply in there:
        reply.records = {pk: by_record[pk].pk if pk in by_record else None for pk in reply.records}
    return list({one.pk: one for one in by_record.values()}.values())


def heard_of(days: Iterable[date]) -> dict[tuple[int, date], date]:
    """When each person last heard of each day."""
    rows = Reminder.objects.filter(report_due_on__in=days).order_by().values_list("person", "report_due_on")
    return {(person, day): last for person, day, last in rows.annotate(Max("on"))}
