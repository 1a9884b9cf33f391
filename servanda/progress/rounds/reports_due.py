"""Replies that bodies ask for before the next report, and who is reminded of them: coordinators, and the focal points
of the institutions that lead on the records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.models import Reminder
from servanda.progress.rounds.days import has_come, local_day, usual_step
from servanda.progress.rounds.recipients import contacts_of
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Extension, Obligation, ObligationQuerySet
from servanda.vocab.models import Body

MILESTONES = (-90, -30, -7, 0, 7)  # days from the due date: many people write a reply, over weeks
BEGINS, ENDS = -MILESTONES[0], MILESTONES[-1]


@dataclass(slots=True)
class Reply:
    """The reply that one document asks for by one day; for each record the institution that leads on it."""

    body: Body
    symbol: str
    due_on: date
    asked_on: date
    document_id: int | None = None
    records: dict[int, int | None] = field(default_factory=dict)

    def is_same_as(self, obligation: Obligation) -> bool:
        """Whether an obligation is the same deadline: made from the same document, or entered without one."""
        is_of_day = (obligation.body_id, obligation.due_on) == (self.body.pk, self.due_on)
        return is_of_day and obligation.document_id in (None, self.document_id)


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
    last_reminders = last_reminders_of({reply.due_on for reply in upcoming})
    people = contacts_of(led_by(upcoming), on=on)
    for reply in upcoming:
        readers = {person.pk: (person, len(reply.records)) for person in coordinators}
        for pk in {lead for lead in reply.records.values() if lead}:
            number = sum(lead == pk for lead in reply.records.values())
            for appointment in people[pk].first_asked:
                if not appointment.body_codes() or reply.body.code in appointment.body_codes():
                    readers.setdefault(appointment.person_id, (appointment.person, number))
        for person, number in readers.values():
            last_reminder = last_reminders.get((person.pk, reply.due_on))
            due = has_come(reply.due_on, reply.asked_on, MILESTONES[0], last_reminder, on=on, milestones=MILESTONES)
            yield person, DueReply(reply, number, usual_step((on - reply.due_on).days), due)


def replies(*, on: date) -> list[Reply]:
    """Replies still owed on their day, or on the later one that was granted for the obligation; not those that an
    obligation shows to be sent, settled or postponed."""
    near = (on - timedelta(days=ENDS), on + timedelta(days=BEGINS))
    rows = FollowUp.objects.current().outstanding().exclude(due_on=None)
    rows = rows.filter(recommendation__in=Recommendation.every_kind.kept().order_by().values("pk"))
    rows = rows.exclude(Exists(settled_obligations()))
    granted = Subquery(extended_obligations().values("due_on")[:1], output_field=DateField())
    rows = rows.annotate(deadline=Coalesce(granted, F("due_on"))).filter(deadline__range=near)
    by_document: dict[tuple, Reply] = {}
    for row in rows.select_related("recommendation__body", "recommendation__document", "added_by").order_by("pk"):
        record, applied = row.recommendation, row.added_by and row.added_by.applied_at
        symbol = record.document.symbol if record.document else ""
        since = local_day(applied or row.created_at or record.created_at)
        reply = by_document.setdefault(
            (record.body.code, symbol, row.deadline),
            Reply(record.body, symbol, row.deadline, since, record.document_id),
        )
        reply.asked_on = min(reply.asked_on, since)
        reply.records[record.pk] = None
    return sorted(by_document.values(), key=lambda reply: (reply.due_on, reply.body.code, reply.symbol))


def settled_obligations() -> ObligationQuerySet:
    """Obligations of the follow-up of the outer query that are no longer to be done."""
    ended = same_obligations().exclude(state__in=Obligation.UNFINISHED)
    return ended.filter(Q(due_on=OuterRef("due_on")) | Exists(granted_extensions()))


def extended_obligations() -> ObligationQuerySet:
    """Obligations that had the deadline of the follow-up of the outer query until a later one was granted."""
    return same_obligations().unfinished().filter(Exists(granted_extensions())).order_by("-due_on")


def same_obligations() -> ObligationQuerySet:
    return Obligation.objects.kept().filter(
        Q(document=OuterRef("recommendation__document")) | Q(document=None), body=OuterRef("recommendation__body")
    )


def granted_extensions() -> QuerySet[Extension]:
    granted = Extension.objects.filter(obligation=OuterRef("pk"), granted_until__isnull=False)
    return granted.filter(due_before=OuterRef(OuterRef("due_on")))


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


def last_reminders_of(days: Iterable[date]) -> dict[tuple[int, date], date]:
    """The day of the last reminder, by person and due date."""
    rows = Reminder.objects.filter(report_due_on__in=days).order_by().values_list("person", "report_due_on")
    return {(person, day): last for person, day, last in rows.annotate(Max("on"))}
