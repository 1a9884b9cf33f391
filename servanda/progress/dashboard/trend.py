"""How many records had which status in which voice at the end of each month.

This can be computed at any time, as assessments are never rewritten. Several independent authors may give one record
different statuses; it then counts once for each, as in the list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from servanda.progress.models import Assessment
from servanda.recommendations.records.id_sets import Ids

SHOWN = 24  # months
speaker_of = Assessment.speaker.fget  # type: ignore[attr-defined]  # -- a property; it reads only what a row holds


@dataclass(frozen=True, slots=True)
class Month:
    end: date  # today, for the current month
    numbers: dict[str, Counter[str]]  # voice -> status -> records


class AssessmentFacts(NamedTuple):
    """The fields of `Assessment` that are read here, under the same names."""

    pk: int
    recommendation_id: int
    voice: str
    institution_id: int | None
    made_by_id: int | None
    common: str
    date: date


def months_of(records: Ids, *, until: date) -> list[Month]:
    """The months since the first assessment, at most the last 24."""
    published = Assessment.objects.standing().filter(is_published=True, date__lte=until, recommendation__in=records)
    rows = [AssessmentFacts(*row) for row in published.order_by("date", "pk").values_list(*AssessmentFacts._fields)]
    return monthly_counts(rows, ends_of_months(rows[0].date, until)) if rows else []


def ends_of_months(first: date, last: date) -> list[date]:
    ends, begin = [], first.replace(day=1)
    while begin <= last:
        following = (begin + timedelta(days=32)).replace(day=1)
        ends.append(min(following - timedelta(days=1), last))
        begin = following
    return ends


def monthly_counts(rows: Iterable[AssessmentFacts], ends: list[date]) -> list[Month]:
    numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    statuses_now: dict[tuple, str] = {}  # voice, record and author -> status
    authors: Counter[tuple] = Counter()  # voice, record and status -> authors
    months, waiting = [], iter(rows)
    following = next(waiting, None)
    for end in ends:
        while following is not None and following.date <= end:
            count_assessment(following, statuses_now, authors, numbers)
            following = next(waiting, None)
        months.append(Month(end, {voice: +statuses for voice, statuses in numbers.items()}))
    return months[-SHOWN:]


def count_assessment(
    assessment: AssessmentFacts,
    statuses_now: dict[tuple, str],
    authors: Counter[tuple],
    numbers: defaultdict[str, Counter[str]],
) -> None:
    """Count one assessment, which replaces the earlier one of the same author."""
    statuses = numbers[assessment.voice]
    speaker = (assessment.voice, assessment.recommendation_id, *speaker_of(assessment))
    if earlier := statuses_now.get(speaker):
        old = (assessment.voice, assessment.recommendation_id, earlier)
        authors[old] -= 1
        statuses[earlier] -= authors[old] == 0
    statuses_now[speaker] = assessment.common
    new = (assessment.voice, assessment.recommendation_id, assessment.common)
    authors[new] += 1
    statuses[assessment.common] += authors[new] == 1
