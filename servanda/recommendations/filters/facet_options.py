"""The names of all by which lists can be narrowed, read in one query: the list is at its budget of queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, StringAgg, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from i18nfield.strings import LazyI18nString

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.records.sql_text import read_union, text_of
from servanda.sources.models import Review
from servanda.vocab.models import Body, Country, ShortName, Taxonomy, Term

BODIES, COUNTRIES, INSTITUTIONS, TAXONOMIES, TERMS, REVIEWS, IMPORTS, TERRITORIES = range(8)
NONE = Value(0)
KEY = "key "
SHORT = "\x1f"  # between the name and the short name of a body


class UnreadName(LazyI18nString):
    """A name in several languages as it is stored; most of hundreds are not shown, and not taken apart either."""

    def __init__(self, stored: str) -> None:
        self.stored = stored

    @property
    def data(self) -> Any:
        return names_in(self.stored)

    def localize(self, lng: str) -> str:
        return name_in(self.stored, lng)


@lru_cache(maxsize=4096)
def names_in(stored: str) -> Any:
    return LazyI18nString(stored).data


@lru_cache(maxsize=4096)
def name_in(stored: str, language: str) -> str:
    """Names are shown again and again, and taking one apart takes longer than all else that is done with it."""
    return LazyI18nString(stored).localize(language)


class Names(NamedTuple):
    bodies: dict[int, tuple[str, object, ShortName]]  # code, name and short name
    countries: list[tuple[int, str, object]]
    institutions: list[tuple[int, str, object]]
    terms: list[tuple]  # of each taxonomy in a row, as `facets.label_facet` takes them
    reviews: list[tuple[int, int, int, int, int]]  # id, body, country, cycle, year; the newest first
    imports: list[tuple[int, str, str]]  # the newest first
    territories: list[str]  # that visible records name


def read_names(audience: Audience | None = None, *, imports: bool = False) -> Names:
    """The names, with the reviews of the records that an audience may see: others would reveal hidden records."""
    parts = [*_vocabulary()]
    if audience is not None:
        parts += _named_by(AudienceRecords(audience.name, audience.visible))
    if imports:
        key = Concat(Value(KEY), Cast("key", CharField()), output_field=CharField())
        parts.append(_part(IMPORTS, Batch.objects.filter(state=Batch.State.APPLIED), "pk", "name", "pk", key))
    rows: list[list[tuple]] = [[] for _kind in range(8)]
    for kind, *row in sorted(read_union(parts), key=itemgetter(0, 1, 2, 3)):
        rows[kind].append(tuple(row))
    return Names(
        {pk: _names_of_body(code, names) for _order, code, pk, names, *_rest in rows[BODIES]},
        [(pk, code, UnreadName(name)) for _order, code, pk, name, *_rest in rows[COUNTRIES]],
        [(pk, code, UnreadName(name)) for _order, code, pk, name, *_rest in rows[INSTITUTIONS]],
        list(_terms(rows[TAXONOMIES], rows[TERMS])),
        sorted(_reviews(rows[REVIEWS]), key=lambda review: (-review[3], -review[4])),
        [(pk, str(UUID(str(key).removeprefix(KEY))), name) for _order, name, pk, key, *_rest in rows[IMPORTS]][::-1],
        [name for _order, name, *_rest in rows[TERRITORIES]],
    )


@lru_cache(maxsize=1024)
def _names_of_body(code: str, names: str) -> tuple[str, object, ShortName]:
    name, _sign, short = names.partition(SHORT)
    return code, UnreadName(name), ShortName(LazyI18nString(short), code)


@lru_cache
def _vocabulary() -> tuple[RawSQL, ...]:
    """The queries for what is named alike for everyone."""
    offered = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False)
    named = ("code", "pk", "name")
    names_of_body = Concat("name", Value(SHORT), "short_name", output_field=CharField())
    return (
        _part(BODIES, Body.objects.all(), "order", "code", "pk", names_of_body),
        _part(COUNTRIES, Country.objects.all(), NONE, *named),
        _part(INSTITUTIONS, Institution.objects.all(), NONE, *named),
        _part(TAXONOMIES, Taxonomy.objects.filter(is_facet=True), "order", *named),
        _part(TERMS, offered, "order", "code", "pk", "label", "taxonomy", "parent"),
    )


@dataclass(frozen=True)
class AudienceRecords:
    """The records that one audience sees. Audiences of one name see the same, and share the text of a query."""

    name: str
    visible: QuerySet = field(compare=False, hash=False)


@lru_cache(maxsize=64)
def _named_by(seen: AudienceRecords) -> tuple[RawSQL, RawSQL]:
    """The queries for reviews and territories."""
    reviews = Review.objects.filter(Exists(seen.visible.filter(review=OuterRef("pk"))))
    # A row for each of thousands would take longer to read than all the rest: all States are in one row.
    by_cycle = reviews.order_by().values("cycle", "body", "year")
    by_cycle = by_cycle.annotate(ids=_line("pk"), states=_line("country"))
    review = [Value(REVIEWS), "cycle", "states", "body", "ids", "year", NONE, NONE]
    territories = seen.visible.filter(territory__gt="").order_by().values("territory").distinct()
    territory = [Value(TERRITORIES), NONE, "territory", NONE, Value(KEY), *[NONE] * 3]
    return text_of(by_cycle.values_list(*review)), text_of(territories.values_list(*territory))


def _part(kind: int, rows: QuerySet, *columns: object) -> RawSQL:
    """All parts have as many columns: an order, a code, an id, a name, and up to three numbers."""
    return text_of(rows.order_by().values_list(Value(kind), *columns, *[NONE] * (7 - len(columns))))


def _line(column: str) -> Concat:
    # The column is that of names elsewhere: with the word in front, no database takes a single id for a number.
    ids = StringAgg(Cast(column, CharField()), delimiter=Value(","))
    return Concat(Value(KEY), ids, output_field=CharField())


def _reviews(rows: Sequence[tuple]) -> Iterator[tuple[int, int, int, int, int]]:
    for cycle, states, body, line, year, *_rest in rows:
        pks, countries = (str(ids).removeprefix(KEY).split(",") for ids in (line, states))
        for pk, country in zip(pks, countries, strict=True):
            yield int(pk), body, int(country), cycle, year


def _terms(taxonomies: Sequence[tuple], terms: Sequence[tuple]) -> Iterator[tuple]:
    of_taxonomy: dict[int, list[tuple]] = {}
    for _order, code, pk, label, taxonomy, parent, _year in terms:
        of_taxonomy.setdefault(taxonomy, []).append((pk, parent, code, UnreadName(label)))
    for _order, code, pk, name, *_rest in taxonomies:
        title = UnreadName(name)
        for term in of_taxonomy.get(pk, ()):
            yield (pk, code, title, *term)
