"""What a round would ask: which institutions, about which records or questions, and what is left out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from servanda.people.models import Institution, User, answering_for
from servanda.planning.assignments.for_questions import suggested_institutions
from servanda.planning.models import Assignment
from servanda.progress.rounds.recipients import heirs
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Question, QuestionQuerySet

RESTRICTED = Recommendation.Confidentiality.RESTRICTED


class RecordRecipients(models.TextChoices):
    LEAD = "lead", gettext_lazy("Lead institution of each record")
    ANSWERING = "answering", gettext_lazy("Lead and supporting institutions")
    CHOSEN = "chosen", gettext_lazy("Institutions selected below, each for all of these records")


class QuestionRecipients(models.TextChoices):
    NAMED = "named", gettext_lazy("Institutions named for each question")
    SUGGESTED = "suggested", gettext_lazy("Institutions named, and suggested ones where none is named")
    CHOSEN = "chosen", gettext_lazy("Institutions selected below, each for all of these questions")


@dataclass(slots=True)
class Plan:
    """What a round would ask: the records or questions by institution, and what has to be left out, and why."""

    by_institution: dict[int, list[int]]
    unreadable: dict[int, int]  # how many records each institution may not read
    without: int  # records or questions on which no institution would be asked
    closed: int  # assignments of closed institutions without a single successor

    @property
    def items(self) -> int:
        return sum(map(len, self.by_institution.values()))


def plan_round(*, records: QuerySet, whom: str, institutions: Sequence[Institution], on: date) -> Plan:
    """Work out what a round would ask, without writing. Closed institutions are replaced by their successors."""
    pks = list(records.order_by("order_key", "pk").values_list("pk", flat=True))
    closed = 0
    if whom == RecordRecipients.CHOSEN:
        wished = {institution.pk: pks for institution in institutions}
    else:
        wished, closed = by_assignment(pks, only_leads=whom == RecordRecipients.LEAD, on=on)
    by_institution, unreadable = readable(wished)
    covered = {pk for records_asked in by_institution.values() for pk in records_asked}
    return Plan(by_institution, unreadable, len(pks) - len(covered), closed)


def by_assignment(pks: list[int], *, only_leads: bool, on: date) -> tuple[dict[int, list[int]], int]:
    positions = {pk: number for number, pk in enumerate(pks)}
    current = Assignment.objects.current()
    assignments = (current.leading() if only_leads else current).order_by()
    pairs = [pair for pair in assignments.values_list("institution_id", "recommendation_id") if pair[1] in positions]
    answering = heirs(Institution.objects.filter(pk__in={place for place, _record in pairs}), on=on)
    by_institution: dict[int, set[int]] = {}
    for place, record in pairs:
        if (institution := answering[place]) is not None:
            by_institution.setdefault(institution, set()).add(record)
    unanswerable = sum(answering[place] is None for place, _record in pairs)
    return {
        place: sorted(records, key=positions.__getitem__) for place, records in by_institution.items()
    }, unanswerable


def readable(wished: dict[int, list[int]]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Leave out restricted records that name neither the institution nor one below it; return their number as
    well."""
    restricted_to: dict[int, set[int]] = {}
    all_records = {pk for records in wished.values() for pk in records}
    restricted = set(Recommendation.objects.filter(confidentiality=RESTRICTED).values_list("pk", flat=True))
    restricted &= all_records
    through = Recommendation.restricted_to.through.objects.filter(recommendation__in=restricted)
    for record, place in through.values_list("recommendation_id", "institution_id"):
        restricted_to.setdefault(record, set()).add(place)
    allowed: dict[int, list[int]] = {}
    unreadable: dict[int, int] = {}
    for place, records in wished.items():
        open_to = answering_for({place}) if restricted.intersection(records) else frozenset()
        open_records = [
            pk for pk in records if pk not in restricted or not open_to.isdisjoint(restricted_to.get(pk, ()))
        ]
        if open_records:
            allowed[place] = open_records
        if closed := len(records) - len(open_records):
            unreadable[place] = closed
    return allowed, unreadable


def plan_questions(
    *, questions: QuestionQuerySet, whom: str, institutions: Sequence[Institution], by: User, on: date
) -> Plan:
    """Work out what a round on these questions would ask, without writing. Closed institutions are replaced by their
    successors; restricted questions are put only to institutions that they name."""
    rows = list(questions.prefetch_related("institutions"))
    named = {question.pk: list(question.institutions.all()) for question in rows}
    wished = {question.pk: wished_for(question, whom, institutions, named[question.pk]) for question in rows}
    if whom == QuestionRecipients.SUGGESTED:
        for pk, suggestions in suggested_institutions(rows, by, on=on).items():
            wished[pk] = wished[pk] or [suggestion.institution for suggestion in suggestions]
    answering = heirs({institution for places in wished.values() for institution in places}, on=on)
    by_institution: defaultdict[int, list[int]] = defaultdict(list)
    unreadable: defaultdict[int, int] = defaultdict(int)
    closed = 0
    for question in rows:
        allowed = {institution.pk for institution in named[question.pk]}
        for place in dict.fromkeys(answering[institution.pk] for institution in wished[question.pk]):
            if place is None:
                closed += 1
            elif question.is_restricted and answering_for({place}).isdisjoint(allowed):
                unreadable[place] += 1
            else:
                by_institution[place].append(question.pk)
    covered = {pk for asked in by_institution.values() for pk in asked}
    return Plan(dict(by_institution), dict(unreadable), len(rows) - len(covered), closed)


def wished_for(
    question: Question, whom: str, chosen: Sequence[Institution], named: list[Institution]
) -> list[Institution]:
    return list(chosen) if whom == QuestionRecipients.CHOSEN else named
