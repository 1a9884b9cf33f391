"""Counts of what stands beside the records: labels, States and texts in rows of their own, and what rooms above say.

Records are given under names: under "" what is found, under the key of a facet in use what all the other filters
find, which its facet alone counts, with its total. One question counts one kind of thing for all of these.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, StringAgg, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from servanda.recommendations.counting.snapshot import Held, Places, Rows, coded, records_of_things
from servanda.recommendations.filters.external_facets import ConditionFacet, RowFacet
from servanda.recommendations.filters.facets import (
    CountryFacet,
    Facet,
    LabelFacet,
    MissingTextFacet,
    StateFacet,
    Stored,
    full_texts,
    said_labels,
)
from servanda.recommendations.models import Recommendation, RecommendingState
from servanda.recommendations.records.id_sets import BETWEEN, Ids, joined_lines, named_by, together
from servanda.vocab.models import Body

Tally = dict[str, Counter[Stored]]
Found = Mapping[str, QuerySet]
LookedUp = tuple[Held, Places]
NOTHING: Mapping[str, Any] = MappingProxyType({})
CountedBy = Mapping[str, Sequence[Facet]]
TOTAL = "total"
BETWEEN_VALUES = "\x1f"
NOT_TAKEN = "none"  # in the place of a position, which no facet offers


def count_beside(
    found: Found,
    facets: CountedBy,
    totals: Mapping[str, int],
    keys: Mapping[str, Ids] = NOTHING,
    looked_up: Mapping[str, LookedUp] = NOTHING,
    bodies: Mapping[str, Counter] = NOTHING,
) -> dict[str, Tally]:
    """`totals` says of some of what is found how many they are, and `bodies` how many of each body, so that nobody
    counts them again, `keys` which ids they have, so that no record is read to find the rows beside it, and
    `looked_up` where this process holds them."""
    keys = {whose: records.order_by().values("pk") for whose, records in found.items()} | dict(keys)
    rows, conditions = count_rows(found, facets), count_conditions(found, facets, totals, bodies)
    tallies: dict[str, Tally] = {whose: {**rows[whose], **conditions[whose]} for whose in found}
    for (kind, whose), numbers in _count_sets(found, facets, keys, looked_up).items():
        tallies[whose][kind] = numbers
    for whose, _facet in _of_type(MissingTextFacet, facets):
        tallies[whose]["texts"] = Counter(dict(_texts(found[whose])))
    return tallies


def columns_of(rows: QuerySet, columns: Sequence[str]) -> Iterator[list[str]]:
    """Of each column what it says of all records, in the same order: one line of each, since to read a row of each
    record takes twice as long."""
    asked = {
        f"of_{column}": StringAgg(
            Coalesce(Cast(_said_in(column), TextField()), Value("", TextField())), delimiter=Value(BETWEEN_VALUES)
        )
        for column in columns
    }
    for line in rows.order_by().aggregate(**asked).values():
        yield [] if line is None else line.split(BETWEEN_VALUES)


def _said_in(column: str) -> str | Case:
    """Where a State takes no position, none is missing either."""
    if column != "stand":
        return column
    answered = Q(body__in=Body.objects.with_positions().order_by().values("pk"))
    return Case(When(answered, then=F("stand")), default=Value(NOT_TAKEN))


def reader_of(column: str) -> Callable[[str], Stored]:
    """From what such a line says to the value."""
    field = Recommendation._meta.get_field(column)
    if isinstance(field, BooleanField):
        return lambda said: said in ("1", "true")
    if isinstance(field, CharField):
        return str
    return lambda said: int(said) if said else None


def _of_type[Kind: Facet](kind: type[Kind], facets: CountedBy) -> list[tuple[str, Kind]]:
    return [(whose, facet) for whose, some in facets.items() for facet in some if isinstance(facet, kind)]


def count_conditions(
    found: Found, facets: CountedBy, totals: Mapping[str, int], bodies: Mapping[str, Counter] = NOTHING
) -> dict[str, Tally]:
    """The sets of all facets; what is the rest of another set is told from that."""
    sets: dict[str, dict[tuple[str, str], Q]] = {}
    for whose, facet in _of_type(ConditionFacet, facets):
        counted = {(facet.key, name): one for name, one in facet.sets.items() if name not in facet.rest}
        sets.setdefault(whose, {}).update(counted)
    most = max(map(len, sets.values()), default=0)
    # Django writes down the first part of a union twice: let it be one that asks for few.
    few_first = sorted(sets.items(), key=lambda part: len(part[1]))
    parts = [_total(whose, found[whose], most) for whose in sets if whose not in totals]
    wholes = {
        f"{whose} {facet.key} {name}": (whose, some)
        for whose, facet in _of_type(ConditionFacet, facets)
        for name, some in facet.wholes.items()
    }
    parts += [
        _ids(mark, some, most)
        if whose in bodies
        else _total(mark, found[whose].filter(body__in=some.values("pk")), most)
        for mark, (whose, some) in wholes.items()
    ]
    parts += [_numbers_in_sets(whose, found[whose], list(some.values()), most) for whose, some in few_first]
    numbers: dict[str, list[int]] = {whose: [totals.get(whose, 0), *[0] * most] for whose in sets}
    numbers |= {mark: [0] * (most + 1) for mark in wholes}
    for whose, *counted in together(parts):
        if whose in wholes and (known := bodies.get(wholes[whose][0])) is not None:
            counted = [known[counted[0]], *counted[1:]]  # the id of a body stood there
        numbers[whose] = [one + other for one, other in zip(numbers[whose], counted, strict=True)]
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    for whose, facet in _of_type(ConditionFacet, facets):
        total, *there = numbers[whose]
        of_set = dict(zip(sets[whose], there, strict=False))
        own = {"": total} | {name: of_set[facet.key, name] for name in facet.sets if name not in facet.rest}
        own |= {name: numbers[f"{whose} {facet.key} {name}"][0] for name in facet.wholes}
        left = {name: own[whole] - own[part] for name, (whole, part) in facet.rest.items()}
        tallies[whose][facet.key] = Counter(own | left)
    return tallies


def _numbers_in_sets(whose: str, records: QuerySet, sets: Sequence[Q], most: int) -> QuerySet:
    """How many there are in each set; the parts of one question are of one width, with room for the total.

    Of most records nothing is said at all: those of which something is are looked up first, in one go.
    """
    asked: dict[str, Count | Value] = {f"set{at}": Count("pk", filter=one) for at, one in enumerate(sets)}
    asked |= {f"set{at}": Value(0) for at in range(len(sets), most)}
    there = named_by(sets)
    rows = (records if there is None else records.filter(pk__in=there)).order_by()
    rows = rows.annotate(whose=Value(whose, CharField()), total=Value(0)).values("whose", "total")
    return rows.annotate(**asked).values_list("whose", "total", *asked)


def _total(whose: str, records: QuerySet, most: int) -> QuerySet:
    rows = records.order_by().annotate(whose=Value(whose, CharField())).values("whose").annotate(total=Count("pk"))
    return rows.values_list("whose", "total", *[Value(0)] * most)


def _ids(mark: str, bodies: QuerySet[Body], most: int) -> QuerySet:
    """The ids of these bodies, in the place of their numbers of records."""
    return bodies.order_by().values_list(Value(mark, CharField()), "pk", *[Value(0)] * most)


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
    stands_for: Mapping[int, tuple[int, ...]]


def _rows_beside() -> dict[str, tuple[QuerySet, str]]:
    return {
        "labels": (said_labels(), "term_id"),
        "recommending": (RecommendingState.objects.current(), "country_id"),
        "also": (
            Recommendation.also_concerns.through.objects.exclude(country=F("recommendation__country")),
            "country_id",
        ),
    }


def _sets_of(facets: Sequence[Facet]) -> Iterator[tuple[str, SetsOf]]:
    rows = _rows_beside()
    if labels := [facet for facet in facets if isinstance(facet, LabelFacet)]:
        stands_for = {pk: (-facet.taxonomy, *line) for facet in labels for pk, line in facet.above.items()}
        yield "labels", SetsOf(*rows["labels"], stands_for)
    if states := [facet for facet in facets if isinstance(facet, StateFacet)]:
        stands_for = {pk: (0, pk) for facet in states for pk in facet.stored_ids(facet.options)}
        yield "recommending", SetsOf(*rows["recommending"], stands_for)
    if countries := [facet for facet in facets if isinstance(facet, CountryFacet)]:
        stands_for = {pk: (pk,) for facet in countries for pk in facet.stored_ids(facet.options)}
        yield "also", SetsOf(*rows["also"], stands_for)


def _count_sets(
    found: Found, facets: CountedBy, keys: Mapping[str, Ids], looked_up: Mapping[str, LookedUp]
) -> dict[tuple[str, str], Counter]:
    """For each kind and set of records, how many have rows that stand for a thing; a record counts once for each.

    The database gives the ids of each record in a row: it reads that in the order of an index, where counting records
    once for each term, each term over it and each taxonomy would sort all labels each time.
    With them come the totals, and the records of each first State concerned: a value and its number.
    """
    numbers, kinds, parts = {}, {}, {}
    for whose, some in facets.items():
        for kind, sets in _sets_of(some):
            if whose in looked_up:
                there, places = looked_up[whose]
                numbers[kind, whose] = Counter(there.things(kind, places, sets.stands_for))
                continue
            kinds[f"{kind} {whose}"] = sets
            parts[f"{kind} {whose}"] = _sets(sets.rows.filter(recommendation__in=keys[whose]), sets.column)
    for whose, some in facets.items():
        parts |= {
            f"{kind} {whose}": _numbered_values(found[whose], column) for kind, column in _values_of(whose, some)
        }
    for name, line in joined_lines(parts).items():
        kind, _space, whose = name.partition(" ")
        counted = records_of_things(*in_rows(line), kinds[name].stands_for) if name in kinds else _numbered(line)
        numbers[kind, whose] = Counter(counted)
    return numbers


def _numbered(line: str) -> dict[int | None, int]:
    pairs = [pair.split(" ") for pair in line.split(BETWEEN)] if line else []
    return {int(value) if value else None: int(number) for value, number in pairs}


def in_rows(line: str) -> tuple[Places, Places]:
    """The ids of records one after the other, and which record has each; no id is 0."""
    said = np.fromstring(line.replace(BETWEEN, ",0,"), dtype=np.int64, sep=",")
    is_id = said > 0
    return np.cumsum(said == 0)[is_id], said[is_id]


def read_held(token: str, columns: Sequence[str]) -> Held:
    """By what all records are counted, in two questions."""
    said = columns_of(Recommendation.objects.all(), ["id", *columns])
    pks = np.array(list(map(int, next(said))), dtype=np.int64)
    order = np.argsort(pks)
    pks = pks[order]
    by_column = {name: coded(values) for name, values in zip(columns, said, strict=True)}  # one after the other
    lines = joined_lines({kind: _sets(rows, column, named=True) for kind, (rows, column) in _rows_beside().items()})
    return Held(
        token,
        pks,
        {name: (values, codes[order]) for name, (values, codes) in by_column.items()},
        {kind: Rows.read(pks, *in_rows(line)) for kind, line in lines.items()},
    )


def _values_of(whose: str, facets: Sequence[Facet]) -> Iterator[tuple[str, F | Value]]:
    """What is found is counted by its columns, and sets know their own total."""
    for facet in facets if whose else ():
        if not isinstance(facet, ConditionFacet):
            yield TOTAL, Value(0)
        if isinstance(facet, CountryFacet):
            yield facet.column, F(facet.column)


def _numbered_values(records: QuerySet, column: F | Value) -> QuerySet:
    value = Coalesce(Cast(column, TextField()), Value("", TextField()))
    rows = records.order_by().annotate(value=value).values("value")
    line = Concat("value", Value(" "), Cast(Count("*"), TextField()), output_field=TextField())
    return rows.annotate(line=line).values_list("line")


def _sets(rows: QuerySet, column: str, *, named: bool = False) -> QuerySet:
    """The ids that each record has; behind its own where it is to be `named`."""
    line: StringAgg | Concat = StringAgg(Cast(column, TextField()), delimiter=Value(","))
    if named:
        line = Concat(Cast("recommendation_id", TextField()), Value(","), line, output_field=TextField())
    return rows.order_by().values("recommendation_id").annotate(line=line).values_list("line")


def _texts(records: QuerySet) -> QuerySet:
    texts = full_texts().filter(recommendation__in=records.order_by().values("pk")).order_by().values("language")
    return texts.annotate(n=Count("recommendation", distinct=True)).values_list("language", "n")
