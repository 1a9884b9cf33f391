"""Counts of what is stored beside the records: labels, States and texts in rows of their own, rows of rooms above.

Sets of records are keyed: "" is the result; the key of an active facet is the result without that facet, for which
only that facet and the total are counted. One query counts one kind of thing for all sets.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, StringAgg, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Concat

from servanda.recommendations.counting.conditions import CountedBy, CountedByName, Tally, count_conditions
from servanda.recommendations.counting.snapshot import Places, Rows, Snapshot, coded, records_of_things
from servanda.recommendations.filters.external_facets import ConditionFacet, RowFacet
from servanda.recommendations.filters.facets import (
    CountryFacet,
    Facet,
    LabelFacet,
    MissingTextFacet,
    StateFacet,
    Stored,
    assigned_labels,
    full_texts,
)
from servanda.recommendations.models import Recommendation, RecommendingState
from servanda.recommendations.records.id_sets import BETWEEN, Ids, joined_lines, together
from servanda.recommendations.records.sql_text import RowsBeside, text_of
from servanda.vocab.models import Body

TOTAL = "total"
BETWEEN_VALUES = "\x1f"
NOT_TAKEN = "none"  # in the place of a position, which no facet offers


def count_related(found: CountedByName, facets: CountedBy) -> dict[str, Tally]:
    """All that is counted beside the columns of the records."""
    rows, conditions = count_rows(found, facets), count_conditions(found, facets)
    tallies: dict[str, Tally] = {whose: {**rows[whose], **conditions[whose]} for whose in found}
    for (kind, whose), numbers in _count_sets(found, facets).items():
        tallies[whose][kind] = numbers
    for whose, _facet in _of_type(MissingTextFacet, facets):
        tallies[whose]["texts"] = Counter(dict(_texts(found[whose].records)))
    return tallies


def columns_of(rows: QuerySet, columns: Sequence[str]) -> Iterator[list[str]]:
    """The values of each column for all records, in the same order: one line for each column, since reading a row for
    each record takes twice as long."""
    for line in rows.order_by().aggregate(**_lines(columns)).values():
        yield _values_in(line)


def columns_of_few(records: Ids, columns: Sequence[str]) -> Iterator[list[str]]:
    """The same for records whose ids are given, with a query that is put together once."""
    query = _query_of_columns(tuple(columns)).of(records)
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.params)
        yield from map(_values_in, cursor.fetchone())


@lru_cache(maxsize=64)
def _query_of_columns(columns: tuple[str, ...]) -> RowsBeside:
    def make(records: RawSQL) -> QuerySet:
        rows = Recommendation.objects.filter(pk__in=records).order_by().annotate(all=Value(0)).values("all")
        lines = _lines(columns)
        return rows.annotate(**lines).values_list(*lines)

    return RowsBeside(make)


def _lines(columns: Sequence[str]) -> dict[str, StringAgg]:
    return {
        f"of_{column}": StringAgg(
            Coalesce(Cast(_counted_value(column), TextField()), Value("", TextField())),
            delimiter=Value(BETWEEN_VALUES),
        )
        for column in columns
    }


def _values_in(line: str | None) -> list[str]:
    return [] if line is None else line.split(BETWEEN_VALUES)


def _counted_value(column: str) -> str | Case:
    """Where a State takes no position, none is missing either."""
    if column != "stand":
        return column
    answered = Q(body__in=Body.objects.with_positions().order_by().values("pk"))
    return Case(When(answered, then=F("stand")), default=Value(NOT_TAKEN))


def reader_of(column: str) -> Callable[[str], Stored]:
    """From the text in such a line to the value."""
    field = Recommendation._meta.get_field(column)
    if isinstance(field, BooleanField):
        return lambda text: text in ("1", "true")
    if isinstance(field, CharField):
        return str
    return lambda text: int(text) if text else None


def _of_type[Kind: Facet](kind: type[Kind], facets: CountedBy) -> list[tuple[str, Kind]]:
    return [(whose, facet) for whose, some in facets.items() for facet in some if isinstance(facet, kind)]


def count_rows(found: CountedByName, facets: CountedBy) -> dict[str, Tally]:
    """Facets of the same rows are counted by all their columns together."""
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    used = _of_type(RowFacet, facets)
    columns = list(dict.fromkeys(facet.column for _whose, facet in used))
    rows = {whose: facet.rows.filter(recommendation__in=found[whose].as_subquery()) for whose, facet in used}
    for whose, facet in used:
        tallies[whose][facet.key] = Counter()
    for whose, *values, number in together([_by_columns(whose, some, columns) for whose, some in rows.items()]):
        value_of = dict(zip(columns, values, strict=True))
        for name, facet in used:
            if name == whose:
                tallies[whose][facet.key][value_of[facet.column]] += number
    return tallies


def _by_columns(whose: str, rows: QuerySet, columns: Sequence[str]) -> QuerySet:
    counted = rows.order_by().values(*columns).annotate(n=Count("*"), whose=Value(whose, CharField()))
    return counted.values_list("whose", *columns, "n")


class BesideRecords(NamedTuple):
    """Rows of which a record has any number, and the column that is counted."""

    rows: Callable[[], QuerySet]
    column: str

    def ids_of(self, records: RawSQL) -> QuerySet:
        """One line for each record with the ids that it has."""
        rows = self.rows().filter(recommendation__in=records)
        return rows.order_by().values("recommendation_id").annotate(line=self._ids()).values_list("line")

    def records_with_ids(self) -> QuerySet:
        """One line for each record: its own id, and behind it the ids that it has."""
        line = Concat(Cast("recommendation_id", TextField()), Value(","), self._ids(), output_field=TextField())
        return self.rows().order_by().values("recommendation_id").annotate(line=line).values_list("line")

    def _ids(self) -> StringAgg:
        return StringAgg(Cast(self.column, TextField()), delimiter=Value(","))


BESIDE = {
    "labels": BesideRecords(assigned_labels, "term_id"),
    "recommending": BesideRecords(lambda: RecommendingState.objects.current(), "country_id"),
    "also": BesideRecords(
        lambda: Recommendation.also_concerns.through.objects.exclude(country=F("recommendation__country")),
        "country_id",
    ),
}
IDS_OF = {kind: RowsBeside(beside.ids_of) for kind, beside in BESIDE.items()}

type StandsFor = Mapping[int, tuple[int, ...]]  # by id: the things for which it counts


def _stands_for(facets: Sequence[Facet]) -> Iterator[tuple[str, StandsFor]]:
    """By kind of rows, what each id counts for: a term also for those above it, and for its taxonomy."""
    if labels := [facet for facet in facets if isinstance(facet, LabelFacet)]:
        yield "labels", {pk: (-facet.taxonomy, *line) for facet in labels for pk, line in facet.above.items()}
    if states := [facet for facet in facets if isinstance(facet, StateFacet)]:
        yield "recommending", {pk: (0, pk) for facet in states for pk in facet.stored_ids(facet.options)}
    if countries := [facet for facet in facets if isinstance(facet, CountryFacet)]:
        yield "also", {pk: (pk,) for facet in countries for pk in facet.stored_ids(facet.options)}


def _count_sets(found: CountedByName, facets: CountedBy) -> dict[tuple[str, str], Counter]:
    """For each kind and set of records, how many have rows that stand for a thing; a record counts once for each.

    The database gives the ids of each record in a row: it reads that in the order of an index, where counting records
    once for each term, each term over it and each taxonomy would sort all labels each time.
    With them come the totals, and the records of each first State concerned: a value and its number.
    """
    numbers, kinds, parts = {}, {}, {}
    for whose, some in facets.items():
        for kind, stands_for in _stands_for(some):
            if (places := found[whose].places) is not None:
                numbers[kind, whose] = Counter(places[0].things(kind, places[1], stands_for))
                continue
            kinds[f"{kind} {whose}"] = stands_for
            parts[f"{kind} {whose}"] = IDS_OF[kind].of(found[whose].named())
    for whose, some in facets.items():
        parts |= {
            f"{kind} {whose}": text_of(_numbered_values(found[whose].records, column))
            for kind, column in _values_of(whose, some)
        }
    for name, line in joined_lines(parts).items():
        kind, _space, whose = name.partition(" ")
        counted = records_of_things(*in_rows(line), kinds[name]) if name in kinds else _numbered(line)
        numbers[kind, whose] = Counter(counted)
    return numbers


def _numbered(line: str) -> dict[int | None, int]:
    pairs = [pair.split(" ") for pair in line.split(BETWEEN)] if line else []
    return {int(value) if value else None: int(number) for value, number in pairs}


def in_rows(line: str) -> tuple[Places, Places]:
    """The ids of records one after the other, and which record has each; no id is 0."""
    ids = np.fromstring(line.replace(BETWEEN, ",0,"), dtype=np.int64, sep=",")
    is_id = ids > 0
    return np.cumsum(ids == 0)[is_id], ids[is_id]


def read_snapshot(token: str, columns: Sequence[str]) -> Snapshot:
    """What all records are counted by, in two queries."""
    values = columns_of(Recommendation.objects.all(), ["id", *columns])
    pks = np.array(list(map(int, next(values))), dtype=np.int64)
    order = np.argsort(pks)
    pks = pks[order]
    by_column = {name: coded(texts) for name, texts in zip(columns, values, strict=True)}  # one after the other
    lines = joined_lines({kind: text_of(beside.records_with_ids()) for kind, beside in BESIDE.items()})
    return Snapshot(
        token,
        pks,
        {name: (texts, codes[order]) for name, (texts, codes) in by_column.items()},
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


def _texts(records: QuerySet) -> QuerySet:
    texts = full_texts().filter(recommendation__in=records.order_by().values("pk")).order_by().values("language")
    return texts.annotate(n=Count("recommendation", distinct=True)).values_list("language", "n")
