"""One recommendation that several States made in one review, printed more than once: which records to make one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import F, Q, QuerySet

from servanda.intake.models import Batch
from servanda.recommendations.clusters.comparing import first_texts
from servanda.recommendations.models import Likeness, Recommendation, RecommendingState, TextVersion
from servanda.vocab.models import Body, Country

MOST_PAIRS = 5_000
MOST_MERGED = 100  # shown

type Pairs = set[tuple[int, int]]


@dataclass(slots=True)
class DuplicateRow:
    record: Recommendation
    text: TextVersion | None
    states: list[Country]


@dataclass(slots=True)
class Group:
    """Records that look like one; `is_sure` where each is like each of the others."""

    lines: list[DuplicateRow]
    is_sure: bool


@dataclass(slots=True)
class Merged:
    """A record and those that were made part of it."""

    survivor: Recommendation
    others: list[Recommendation] = field(default_factory=list)


def pairs_to_merge(seen: QuerySet[Recommendation], batch: Batch | None = None) -> QuerySet[Likeness]:
    """In the words of one review, which only the UPR's are made in by several States; of an import those that it
    brought at least one record of."""
    pairs = Likeness.objects.among(seen).standing()
    pairs = pairs.filter(relation__in=[Likeness.Relation.SAME, Likeness.Relation.TWIN], one__body__kind=Body.Kind.UPR)
    pairs = pairs.filter(one__review=F("other__review"), one__body=F("other__body"))
    return pairs.filter(Q(one__added_by=batch) | Q(other__added_by=batch)) if batch else pairs


def groups_among(pairs: QuerySet[Likeness]) -> tuple[list[list[int]], Pairs]:
    """The records of the pairs, put together where they touch, in the order in which they came."""
    found: Pairs = set(pairs.order_by("pk").values_list("one", "other")[:MOST_PAIRS])
    group_of: dict[int, set[int]] = {}
    for one, other in sorted(found):
        together = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(together, together))
    groups = {min(group): sorted(group) for group in group_of.values()}
    return [groups[first] for first in sorted(groups)], found


def is_sure(group: Sequence[int], pairs: Pairs) -> bool:
    return all(pair in pairs for pair in combinations(sorted(group), 2))


def described(groups: Sequence[Sequence[int]], pairs: Pairs) -> list[Group]:
    """With texts and States, in three questions."""
    pks = [pk for group in groups for pk in group]
    records = Recommendation.objects.filter(pk__in=pks).select_related("body", "review").in_bulk()
    texts = first_texts(list(records.values()))
    states: dict[int, list[Country]] = defaultdict(list)
    for row in RecommendingState.objects.current().filter(recommendation__in=pks).select_related("country"):
        states[row.recommendation_id].append(row.country)
    return [
        Group([DuplicateRow(records[pk], texts.get(pk), states[pk]) for pk in group], is_sure(group, pairs))
        for group in groups
    ]


def merged_among(seen: QuerySet[Recommendation], batch: Batch | None = None) -> list[Merged]:
    """What was made one, the newest first: each can be taken apart again."""
    away = Recommendation.objects.live().filter(merged_into__in=seen.order_by().values("pk"), withdrawn_at=None)
    away = away.filter(merged_into__review=F("review"), body__kind=Body.Kind.UPR).select_related("merged_into")
    if batch:
        away = away.filter(Q(added_by=batch) | Q(merged_into__added_by=batch))
    return by_survivor(away.order_by("-changed_at", "pk")[:MOST_MERGED])


def by_survivor(away: Iterable[Recommendation]) -> list[Merged]:
    found: dict[int, Merged] = {}
    for record in away:
        if survivor := record.merged_into:
            found.setdefault(survivor.pk, Merged(survivor)).others.append(record)
    return list(found.values())
