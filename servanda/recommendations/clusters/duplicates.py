"""Finds records to merge: a recommendation that several States made in one review may be printed more than once."""

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
    """Records that are probably duplicates; `is_sure` where each is similar to each of the others."""

    lines: list[DuplicateRow]
    is_sure: bool


@dataclass(slots=True)
class Merged:
    """A record and those that were merged into it."""

    survivor: Recommendation
    others: list[Recommendation] = field(default_factory=list)


def pairs_to_merge(visible: QuerySet[Recommendation], batch: Batch | None = None) -> QuerySet[Likeness]:
    """Pairs of equal records in one review of the UPR, the only body in which several States make recommendations;
    with a batch, pairs with at least one of its records."""
    pairs = Likeness.objects.among(visible).standing()
    pairs = pairs.filter(relation__in=[Likeness.Relation.SAME, Likeness.Relation.TWIN], one__body__kind=Body.Kind.UPR)
    pairs = pairs.filter(one__review=F("other__review"), one__body=F("other__body"))
    return pairs.filter(Q(one__added_by=batch) | Q(other__added_by=batch)) if batch else pairs


def groups_among(pairs: QuerySet[Likeness]) -> tuple[list[list[int]], Pairs]:
    """Connected groups of records, and the pairs."""
    pairs_found: Pairs = set(pairs.order_by("pk").values_list("one", "other")[:MOST_PAIRS])
    group_of: dict[int, set[int]] = {}
    for first, second in sorted(pairs_found):
        together = group_of.get(first, {first}) | group_of.get(second, {second})
        group_of.update(dict.fromkeys(together, together))
    groups = {min(group): sorted(group) for group in group_of.values()}
    return [groups[first] for first in sorted(groups)], pairs_found


def is_sure(group: Sequence[int], pairs: Pairs) -> bool:
    return all(pair in pairs for pair in combinations(sorted(group), 2))


def described(groups: Sequence[Sequence[int]], pairs: Pairs) -> list[Group]:
    """The groups with texts and States, in three queries."""
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


def merged_among(visible: QuerySet[Recommendation], batch: Batch | None = None) -> list[Merged]:
    """Merged records, the newest first; each merge can be undone."""
    away = Recommendation.objects.live().filter(merged_into__in=visible.order_by().values("pk"), withdrawn_at=None)
    away = away.filter(merged_into__review=F("review"), body__kind=Body.Kind.UPR).select_related("merged_into")
    if batch:
        away = away.filter(Q(added_by=batch) | Q(merged_into__added_by=batch))
    return by_survivor(away.order_by("-changed_at", "pk")[:MOST_MERGED])


def by_survivor(away: Iterable[Recommendation]) -> list[Merged]:
    merged: dict[int, Merged] = {}
    for record in away:
        if survivor := record.merged_into:
            merged.setdefault(survivor.pk, Merged(survivor)).others.append(record)
    return list(merged.values())
