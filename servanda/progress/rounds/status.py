"""The status of a round: who has answered, in part or not at all, how late, and how many days it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.planning.models import Assignment
from servanda.progress.models import InputItem, InputRequest, InputRound, Reminder, Update
from servanda.progress.rounds.days import house_zone
from servanda.progress.rounds.recipients import Contacts, contacts_of

SILENT_AFTER = timedelta(days=180)


class AnswerStatus(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    LATE = "late", _("Overdue")
    PARTLY = "partly", _("Answered in part")
    WAITING = "waiting", _("Not answered yet")


NOBODY = "nobody"


@dataclass(slots=True)
class InstitutionStatus:
    """One institution in a round."""

    request: InputRequest
    total: int
    answered: int
    days: list[int]  # from the question to each answer
    contacts: Contacts
    reminded_on: date | None
    on: date

    @property
    def owed(self) -> int:
        return self.total - self.answered

    @property
    def standing(self) -> AnswerStatus:
        if not self.owed:
            return AnswerStatus.ANSWERED
        if self.request.due_on < self.on:
            return AnswerStatus.LATE
        return AnswerStatus.PARTLY if self.answered else AnswerStatus.WAITING

    @property
    def days_late(self) -> int:
        return (self.on - self.request.due_on).days if self.standing == AnswerStatus.LATE else 0

    @property
    def usual_days(self) -> float | None:
        return median(self.days) if self.days else None

    @property
    def has_nobody(self) -> bool:
        return not self.contacts.first_asked

    @property
    def may_be_reminded(self) -> bool:
        return self.owed > 0 and not self.has_nobody


@dataclass(slots=True)
class Course:
    """A whole round."""

    lines: list[InstitutionStatus]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def usual_days(self) -> float | None:
        days = [number for line in self.lines for number in line.days]
        return median(days) if days else None

    def counts(self) -> list[tuple[str, object, int]]:
        """Value, label and number of each standing. Institutions with no one to ask are counted under NOBODY as
        well."""
        rows = [(standing.value, standing.label, len(self.of(standing))) for standing in AnswerStatus]
        return [*rows, (NOBODY, _("No focal point"), len(self.of(NOBODY)))]

    def of(self, standing: str) -> list[InstitutionStatus]:
        if standing == NOBODY:
            return [line for line in self.lines if line.has_nobody]
        return [line for line in self.lines if line.standing == standing]


def course_of(round: InputRound, *, on: date) -> Course:
    """The status on a day, or on the day on which the round was closed. The number of queries is constant."""
    on = min(on, timezone.localtime(round.closed_at, house_zone()).date()) if round.closed_at else on
    requests = list(round.requests.select_related("institution"))
    people = contacts_of([request.institution for request in requests], on=on)
    items = InputItem.objects.standing().filter(request__round=round)
    counts, days = item_counts(items), days_to_answer(items)
    reminders = Reminder.objects.filter(request__round=round).order_by().values_list("request")
    reminded = dict(reminders.annotate(Max("on")))
    return Course(
        [
            InstitutionStatus(
                request,
                *counts.get(request.pk, (0, 0)),
                days.get(request.pk, []),
                people[request.institution_id],
                reminded.get(request.pk),
                on,
            )
            for request in requests
        ]
    )


def item_counts(items: QuerySet[InputItem]) -> dict[int, tuple[int, int]]:
    """By request: the number of items, and of those that are answered."""
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    rows = items.order_by().values_list("request").annotate(total=Count("pk"), answered=answered)
    return {request: (total, done) for request, total, done in rows}


def days_to_answer(items: QuerySet[InputItem]) -> dict[int, list[int]]:
    """By request, the days from the question to each answer; answers of one day come from the database as a count."""
    zone = house_zone()
    day, asked_on_day = TruncDate("answered_at", tzinfo=zone), TruncDate("request__created_at", tzinfo=zone)
    rows = items.exclude(answered_at=None).order_by().annotate(day=day, asked=asked_on_day)
    by_request: dict[int, list[int]] = {}
    for request, answered_on, asked_on, number in rows.values_list("request", "day", "asked").annotate(Count("pk")):
        by_request.setdefault(request, []).extend([(answered_on - asked_on).days] * number)
    return by_request


def unsure_mails(round: InputRound) -> QuerySet[Reminder]:
    """Reminders that were not sent, or whose outcome is unknown."""
    failed = Q(mail__sent_at=None) & (Q(mail__uncertain_since__isnull=False) | ~Q(mail__problem=""))
    reminders = Reminder.objects.filter(failed, request__round=round, mail__isnull=False)
    return reminders.select_related("person", "mail", "request__institution")


def numbers_of(rounds: Iterable[InputRound]) -> dict[int, tuple[int, int, int]]:
    """By round: institutions, items, answers."""
    items = InputItem.objects.standing().filter(request__round__in=[round.pk for round in rounds])
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    rows = items.order_by().values_list("request__round")
    rows = rows.annotate(places=Count("request", distinct=True), total=Count("pk"), answered=answered)
    return {round: (places, total, done) for round, places, total, done in rows}


def silent_institutions(*, on: date) -> QuerySet[Institution]:
    """Active institutions with an assignment for at least half a year, that have submitted nothing in that time."""
    since = on - SILENT_AFTER
    assignments = Assignment.objects.current().filter(institution=OuterRef("pk"), since__lte=since)
    handed_in = Update.objects.kept().filter(
        institution=OuterRef("pk"),
        state__in=[Update.State.SUBMITTED, Update.State.VALIDATED, Update.State.PUBLISHED],
        changed_at__date__gte=since,
    )
    return Institution.objects.active(on=on).filter(Exists(assignments), ~Exists(handed_in)).order_by("code")
