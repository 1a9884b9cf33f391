"""What things are called that lists can be narrowed by: all asked in one question, for the list has none to spare."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, StringAgg, Value
from django.db.models.functions import Cast, Concat

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.recommendations.records.id_sets import together
from servanda.sources.models import Review
from servanda.vocab.models import Body, Country, Taxonomy, Term

BODIES, COUNTRIES, INSTITUTIONS, TAXONOMIES, TERMS, REVIEWS, IMPORTS, TERRITORIES = range(8)
NONE = Value(0)
KEY = "key "


class Names(NamedTuple):
    bodies: dict[int, tuple[str, object]]
    countries: list[tuple[int, str, object]]
    institutions: list[tuple[int, str, object]]
    terms: list[tuple]  # of each taxonomy in a row, as `facets.label_facet` takes them
    reviews: list[tuple[int, int, int, int, int]]  # id, body, country, cycle, year; the newest first
    imports: list[tuple[int, str, str]]  # the newest first
    territories: list[str]  # that visible records name


def read_names(visible: QuerySet | None = None, *, imports: bool = False) -> Names:
    """With the reviews of the records that somebody may see: of others they would learn that they are there."""
    offered = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False)
    named = ("code", "pk", "name")
    parts = [
        _part(BODIES, Body.objects.all(), "order", *named),
        _part(COUNTRIES, Country.objects.all(), NONE, *named),
        _part(INSTITUTIONS, Institution.objects.all(), NONE, *named),
        _part(TAXONOMIES, Taxonomy.objects.filter(is_facet=True), "order", *named),
        _part(TERMS, offered, "order", "code", "pk", "label", "taxonomy", "parent"),
    ]
    if visible is not None:
        there = Review.objects.filter(Exists(visible.filter(review=OuterRef("pk"))))
        # Thousands, of which a row each would take longer to read than all the rest: one for all States together.
        of_all = there.order_by().values("cycle", "body", "year").annotate(line=_line("pk"), states=_line("country"))
        parts.append(of_all.values_list(Value(REVIEWS), "cycle", "states", "body", "line", "year", NONE, NONE))
        named_by_records = visible.filter(territory__gt="").order_by().values("territory").distinct()
        parts.append(
            named_by_records.values_list(Value(TERRITORIES), NONE, "territory", NONE, Value(KEY), *[NONE] * 3)
        )
    if imports:
        # What is called like a number would come back as one, as a name does that is kept in several languages.
        key = Concat(Value(KEY), Cast("key", CharField()), output_field=CharField())
        parts.append(_part(IMPORTS, Batch.objects.filter(state=Batch.State.APPLIED), "pk", "name", "pk", key))
    found: list[list[tuple]] = [[] for _which in range(8)]
    for which, *row in sorted(together(parts), key=itemgetter(0, 1, 2, 3)):
        found[which].append(tuple(row))
    return Names(
        {pk: (code, name) for _order, code, pk, name, *_rest in found[BODIES]},
        [(pk, code, name) for _order, code, pk, name, *_rest in found[COUNTRIES]],
        [(pk, code, name) for _order, code, pk, name, *_rest in found[INSTITUTIONS]],
        list(_terms(found[TAXONOMIES], found[TERMS])),
        sorted(_reviews(found[REVIEWS]), key=lambda review: (-review[3], -review[4])),
        [(pk, str(UUID(str(key).removeprefix(KEY))), name) for _order, name, pk, key, *_rest in found[IMPORTS]][::-1],
        [name for _order, name, *_rest in found[TERRITORIES]],
    )


def _part(which: int, rows: QuerySet, *columns: object) -> QuerySet:
    """All parts have as many columns: an order, a code, an id, a name, and up to three numbers."""
    return rows.order_by().values_list(Value(which), *columns, *[NONE] * (7 - len(columns)))


def _line(column: str) -> Concat:
    # What is called like a number would come back as one, as a name does that is kept in several languages.
    ids = StringAgg(Cast(column, CharField()), delimiter=Value(","))
    return Concat(Value(KEY), ids, output_field=CharField())


def _reviews(rows: Sequence[tuple]) -> Iterator[tuple[int, int, int, int, int]]:
    for cycle, states, body, line, year, *_rest in rows:
        pks, countries = (str(ids).removeprefix(KEY).split(",") for ids in (line, states))
        for pk, country in zip(pks, countries, strict=True):
            yield int(pk), body, int(country), cycle, year


def _terms(taxonomies: Sequence[tuple], terms: Sequence[tuple]):
    of_taxonomy: dict[int, list[tuple]] = {}
    for _order, code, pk, label, taxonomy, parent, _year in terms:
        of_taxonomy.setdefault(taxonomy, []).append((pk, parent, code, label))
    for _order, code, pk, name, *_rest in taxonomies:
        for term in of_taxonomy.get(pk, ()):
            yield (pk, code, name, *term)
