"""How many records had which status in which voice at the end of each month; assessments are never rewritten.

An independent voice counts once for each value, as in the list: several authors may say different things of one
record.
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
    end: date  # today, for the month that has not ended
    numbers: dict[str, Counter[str]]  # voice -> status -> records


class AssessmentFacts(NamedTuple):
    """What is read of an assessment, under the names that it has there."""

    pk: int
    recommendation_id: int
    voice: str
    institution_id: int | None
    made_by_id: int | None
    common: str
    date: date


def months_of(records: Ids, *, until: date) -> list[Month]:
    """Since the first assessment; of longer times the last months only."""
    said = Assessment.objects.standing().filter(is_published=True, date__lte=until, recommendation__in=records)
    rows = [AssessmentFacts(*row) for row in said.order_by("date", "pk").values_list(*AssessmentFacts._fields)]
    return told(rows, ends_of_months(rows[0].date, until)) if rows else []


def ends_of_months(first: date, last: date) -> list[date]:
    ends, begin = [], first.replace(day=1)
    while begin <= last:
        following = (begin + timedelta(days=32)).replace(day=1)
        ends.append(min(following - timedelta(days=1), last))
        begin = following
    return ends


def told(rows: Iterable[AssessmentFacts], ends: list[date]) -> list[Month]:
    numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    now: dict[tuple, str] = {}  # voice, record and author -> status
    saying: Counter[tuple] = Counter()  # voice, record and status -> authors
    months, waiting = [], iter(rows)
    following = next(waiting, None)
    for end in ends:
        while following is not None and following.date <= end:
            say(following, now, saying, numbers)
            following = next(waiting, None)
        months.append(Month(end, {voice: +statuses for voice, statuses in numbers.items()}))
    return months[-SHOWN:]


def say(
    one: AssessmentFacts, now: dict[tuple, str], saying: Counter[tuple], numbers: defaultdict[str, Counter[str]]
) -> None:
    """The newest assessment of one author takes the place of the one before."""
    statuses = numbers[one.voice]
    whose = (one.voice, one.recommendation_id, *speaker_of(one))
    if before := now.get(whose):
        old = (one.voice, one.recommendation_id, before)
        saying[old] -= 1
        statuses[before] -= saying[old] == 0
    now[whose] = one.common
    new = (one.voice, one.recommendation_id, one.common)
    saying[new] += 1
    statuses[one.common] += saying[new] == 1
