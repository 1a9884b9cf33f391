"""Counts of what stands beside the records: labels, States and texts in rows of their own, and what rooms above say.

Records are given under names: under "" what is found, under the key of a facet in use what all the other filters
find, which its facet alone counts, with its total. One question counts one kind of thing for all of these.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from django.db.models import CharField, Count, F, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from servanda.recommendations.by_ids import together
from servanda.recommendations.facets import (
    CountryFacet,
    Facet,
    LabelFacet,
    MissingTextFacet,
    StateFacet,
    Stored,
    full_texts,
    said_labels,
)
from servanda.recommendations.facets_above import ConditionFacet, RowFacet
from servanda.recommendations.models import Recommendation, RecommendingState

Tally = dict[str, Counter[Stored]]
Found = Mapping[str, QuerySet]
CountedBy = Mapping[str, Sequence[Facet]]
TOTAL = "total"


def count_beside(found: Found, facets: CountedBy) -> dict[str, Tally]:
    rows, conditions = count_rows(found, facets), count_conditions(found, facets)
    tallies: dict[str, Tally] = {whose: {**rows[whose], **conditions[whose]} for whose in found}
    for (kind, whose), numbers in _count_sets(found, facets).items():
        tallies[whose][kind] = numbers
    for whose, _facet in _of_type(MissingTextFacet, facets):
        tallies[whose]["texts"] = Counter(dict(_texts(found[whose])))
    return tallies


def grouped(rows: QuerySet, columns: Sequence[str]) -> QuerySet:
    return rows.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")


def _of_type[Kind: Facet](kind: type[Kind], facets: CountedBy) -> list[tuple[str, Kind]]:
    return [(whose, facet) for whose, some in facets.items() for facet in some if isinstance(facet, kind)]


def count_conditions(found: Found, facets: CountedBy) -> dict[str, Tally]:
    """The sets of all facets; what is the rest of another set is told from that."""
    sets: dict[str, dict[tuple[str, str], Q]] = {}
    for whose, facet in _of_type(ConditionFacet, facets):
        counted = {(facet.key, name): one for name, one in facet.sets.items() if name not in facet.rest}
        sets.setdefault(whose, {}).update(counted)
    most = max(map(len, sets.values()), default=0)
    # Django writes down the first part of a union twice: let it be one that asks for few.
    few_first = sorted(sets.items(), key=lambda part: len(part[1]))
    parts = [_numbers_in_sets(whose, found[whose], list(some.values()), most) for whose, some in few_first]
    numbers = {whose: (total, rest) for whose, total, *rest in together(parts)}
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    for whose, facet in _of_type(ConditionFacet, facets):
        total, there = numbers.get(whose, (0, [0] * most))
        of_set = dict(zip(sets[whose], there, strict=False))
        own = {"": total} | {name: of_set[facet.key, name] for name in facet.sets if name not in facet.rest}
        left = {name: own[whole] - own[part] for name, (whole, part) in facet.rest.items()}
        tallies[whose][facet.key] = Counter(own | left)
    return tallies


def _numbers_in_sets(whose: str, records: QuerySet, sets: Sequence[Q], most: int) -> QuerySet:
    """How many records there are, and how many in each set; the parts of one question are of one width."""
    asked: dict[str, Count | Value] = {f"set{at}": Count("pk", filter=one) for at, one in enumerate(sets)}
    asked |= {f"set{at}": Value(0) for at in range(len(sets), most)}
    rows = records.order_by().annotate(whose=Value(whose, CharField())).values("whose")
    return rows.annotate(total=Count("pk"), **asked).values_list("whose", "total", *asked)


def count_rows(found: Found, facets: CountedBy) -> dict[str, Tally]:
    """Facets of the same rows are counted by all their columns together."""
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    used = _of_type(RowFacet, facets)
    columns = list(dict.fromkeys(facet.column for _whose, facet in used))
    rows = {
        whose: facet.rows.filter(recommendation__in=found[whose].order_by().values("pk")) for whose, facet in used
    }
    for whose, facet in used:
        tallies[whose][facet.key] = Counter()
    for whose, *values, number in together([_by_columns(whose, some, columns) for whose, some in rows.items()]):
        said = dict(zip(columns, values, strict=True))
        for name, facet in used:
            if name == whose:
                tallies[whose][facet.key][said[facet.column]] += number
    return tallies


def _by_columns(whose: str, rows: QuerySet, columns: Sequence[str]) -> QuerySet:
    counted = rows.order_by().values(*columns).annotate(n=Count("*"), whose=Value(whose, CharField()))
    return counted.values_list("whose", *columns, "n")


class SetsOf(NamedTuple):
    """Rows of which a record has any number, and what each value of their column stands for."""

    rows: QuerySet
    column: str
    stands_for: Mapping[str, tuple[int, ...]]


def _sets_of(facets: Sequence[Facet]) -> Iterator[tuple[str, SetsOf]]:
    if labels := [facet for facet in facets if isinstance(facet, LabelFacet)]:
        stands_for = {str(pk): (-facet.taxonomy, *line) for facet in labels for pk, line in facet.above.items()}
        yield "labels", SetsOf(said_labels(), "term_id", stands_for)
    if states := [facet for facet in facets if isinstance(facet, StateFacet)]:
        stands_for = {str(pk): (0, pk) for facet in states for pk in facet.stored_ids(facet.options)}
        yield "recommending", SetsOf(RecommendingState.objects.current(), "country_id", stands_for)
    if countries := [facet for facet in facets if isinstance(facet, CountryFacet)]:
        also = Recommendation.also_concerns.through.objects.exclude(country=F("recommendation__country"))
        stands_for = {str(pk): (pk,) for facet in countries for pk in facet.stored_ids(facet.options)}
        yield "also", SetsOf(also, "country_id", stands_for)


def _count_sets(found: Found, facets: CountedBy) -> dict[tuple[str, str], Counter]:
    """For each kind and set of records, how many have rows that stand for a thing; a record counts once for each.

    The database gives one line for each record, its ids in a row: it reads that in the order of an index, where
    counting records once for each term, each term over it and each taxonomy would sort all labels each time.
    With them come the totals, and the records of each first State concerned: lines of a value and its number.
    """
    kinds = {(kind, whose): sets for whose, some in facets.items() for kind, sets in _sets_of(some)}
    numbers: dict[tuple[str, str], Counter] = {key: Counter() for key in kinds}
    pks = {whose: records.order_by().values("pk") for whose, records in found.items()}
    parts = [
        _sets(f"{kind} {whose}", sets.rows.filter(recommendation__in=pks[whose]), sets.column)
        for (kind, whose), sets in kinds.items()
    ]
    for whose, some in facets.items():
        for kind, column in _values_of(whose, some):
            numbers[kind, whose] = Counter()
            parts.append(_numbered_values(f"{kind} {whose}", found[whose], column))
    lines: dict[str, list[str]] = {}
    for name, line in together(parts):
        lines.setdefault(name, []).append(line)
    for name, some in lines.items():
        kind, _space, whose = name.partition(" ")
        if (kind, whose) in kinds:
            stands_for = kinds[kind, whose].stands_for
            numbers[kind, whose] = Counter(chain.from_iterable([_things(line, stands_for) for line in some]))
        else:
            pairs = (line.split(" ") for line in some)
            numbers[kind, whose] = Counter({int(value) if value else None: int(number) for value, number in pairs})
    return numbers


def _things(line: str, stands_for: Mapping[str, tuple[int, ...]]) -> set[int]:
    return {thing for pk in line.split(",") for thing in stands_for.get(pk, ())}


def _values_of(whose: str, facets: Sequence[Facet]) -> Iterator[tuple[str, F | Value]]:
    """What is found is counted by its columns, and sets know their own total."""
    for facet in facets if whose else ():
        if not isinstance(facet, ConditionFacet):
            yield TOTAL, Value(0)
        if isinstance(facet, CountryFacet):
            yield facet.column, F(facet.column)


def _numbered_values(name: str, records: QuerySet, column: F | Value) -> QuerySet:
    value = Coalesce(Cast(column, TextField()), Value("", TextField()))
    rows = records.order_by().annotate(whose=Value(name, CharField()), value=value).values("whose", "value")
    line = Concat("value", Value(" "), Cast(Count("*"), TextField()), output_field=TextField())
    return rows.annotate(line=line).values_list("whose", "line")


def _sets(name: str, rows: QuerySet, column: str) -> QuerySet:
    line = StringAgg(Cast(column, TextField()), delimiter=Value(","))
    by_record = rows.order_by().values("recommendation_id").annotate(whose=Value(name, CharField()), line=line)
    return by_record.values_list("whose", "line")


def _texts(records: QuerySet) -> QuerySet:
    texts = full_texts().filter(recommendation__in=records.order_by().values("pk")).order_by().values("language")
    return texts.annotate(n=Count("recommendation", distinct=True)).values_list("language", "n")
