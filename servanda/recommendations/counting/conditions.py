"""How many records meet each of the conditions by which rooms above narrow the register, in one query."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from servanda.recommendations.counting.snapshot import Places, Snapshot
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import Facet, Stored
from servanda.recommendations.records.id_sets import Ids, Pks, ids, named_by, with_ids
from servanda.recommendations.records.sql_text import PK, TABLE, condition_text, read_union, text_of
from servanda.vocab.models import Body

type Tally = dict[str, Counter[Stored]]
type CountedBy = Mapping[str, Sequence[Facet]]
NEEDED = ("id", "body_id")  # by the conditions
FEW = 2_000  # records found; above this number, looking up first which of them a condition mentions is faster


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRecords:
    """Records to be counted, with what is known of them, so that nothing is found or counted twice."""

    records: QuerySet
    ids: Ids | None = None
    are_few: bool = False  # then `ids` are given, and every condition is tested for these records only
    total: int | None = None
    bodies: Mapping[Stored, int] | None = None  # by body, how many of its records are found
    places: tuple[Snapshot, Places] | None = None  # where the snapshot of this process has them

    def named(self) -> Ids:
        return self.records.order_by().values("pk") if self.ids is None else self.ids

    def as_subquery(self) -> Ids:
        """For a query in which PostgreSQL has to know how many they are, which it does not for many ids."""
        return self.named() if self.are_few else self.records.order_by().values("pk")


def found_among(records: QuerySet, pks: Pks | None) -> CountedRecords:
    """These records; `pks` are their ids, if they are known."""
    if pks is None:
        return CountedRecords(records=records)
    return CountedRecords(records=with_ids(pks), ids=ids(pks), are_few=len(pks) <= FEW)


type CountedByName = Mapping[str, CountedRecords]


def count_conditions(found: CountedByName, facets: CountedBy) -> dict[str, Tally]:
    """The sets of all facets; the rest of another set is subtracted."""
    sets: dict[str, dict[tuple[str, str], Q]] = {}
    for whose, facet in _conditions_in(facets):
        counted = {(facet.key, name): condition for name, condition in facet.sets.items() if name not in facet.rest}
        sets.setdefault(whose, {}).update(counted)
    wholes = {
        f"{whose} {facet.key} {name}": (found[whose], bodies)
        for whose, facet in _conditions_in(facets)
        for name, bodies in facet.wholes.items()
    }
    width = max(map(len, sets.values()), default=0)
    parts = [_total(whose, found[whose].records, width) for whose in sets if found[whose].total is None]
    parts += [_of_bodies(name, records, bodies, width) for name, (records, bodies) in wholes.items()]
    parts += [_numbers(whose, found[whose], list(conditions.values()), width) for whose, conditions in sets.items()]
    numbers: dict[str, list[int]] = {whose: [found[whose].total or 0, *[0] * width] for whose in sets}
    numbers |= {name: [0] * (width + 1) for name in wholes}
    # Each part is one row or several: a name, a total, and as many numbers as the widest part has sets.
    for name, *counted in read_union(parts):
        if name in wholes and (known := wholes[name][0].bodies) is not None:
            counted = [known.get(counted[0], 0), *counted[1:]]  # the id of a body is in the place of the total
        numbers[name] = [sum(pair) for pair in zip(numbers[name], counted, strict=True)]
    return _tallies(found, facets, sets, numbers)


def _tallies(
    found: CountedByName,
    facets: CountedBy,
    sets: Mapping[str, Mapping[tuple[str, str], Q]],
    numbers: Mapping[str, list[int]],
) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    for whose, facet in _conditions_in(facets):
        total, *counted = numbers[whose]
        of_set = dict(zip(sets[whose], counted, strict=False))
        own = {"": total} | {name: of_set[facet.key, name] for name in facet.sets if name not in facet.rest}
        own |= {name: numbers[f"{whose} {facet.key} {name}"][0] for name in facet.wholes}
        rest = {name: own[whole] - own[part] for name, (whole, part) in facet.rest.items()}
        tallies[whose][facet.key] = Counter(own | rest)
    return tallies


def _conditions_in(facets: CountedBy) -> Iterator[tuple[str, ConditionFacet]]:
    for whose, some in facets.items():
        yield from ((whose, facet) for facet in some if isinstance(facet, ConditionFacet))


def _total(name: str, records: QuerySet, width: int) -> RawSQL:
    text = text_of(records.order_by().values("pk"))
    return RawSQL(f"SELECT %s, COUNT(*){', 0' * width} FROM ({text.sql}) AS records", [name, *text.params])


def _of_bodies(name: str, found: CountedRecords, bodies: QuerySet[Body], width: int) -> RawSQL:
    """How many records are of these bodies; the ids of the bodies where it is known how many records each has."""
    if found.bodies is None:
        return _total(name, found.records.filter(body__in=bodies.values("pk")), width)
    text = text_of(bodies.order_by().values("pk"))
    return RawSQL(f"SELECT %s, pk{', 0' * width} FROM ({text.sql}) AS bodies", [name, *text.params])


def _numbers(name: str, found: CountedRecords, sets: Sequence[Q], width: int) -> RawSQL:
    """How many records are in each set."""
    conditions = [condition_text(condition) for condition in sets]
    columns = [f"COUNT(*) FILTER (WHERE {text.sql})" for text in conditions] + ["0"] * (width - len(sets))
    rows = _rows_of_few(found.named()) if found.are_few else _rows_of_many(found.records, sets)
    params = [value for text in [*conditions, rows] for value in text.params]
    return RawSQL(f"SELECT %s, 0, {', '.join(columns)} FROM {rows.sql}", [name, *params])


def _rows_of_few(ids: Ids) -> RawSQL:
    text = text_of(ids)
    return RawSQL(f"{TABLE} WHERE {PK} IN ({text.sql})", text.params)


def _rows_of_many(records: QuerySet, sets: Sequence[Q]) -> RawSQL:
    """Most records meet no condition: those that a condition mentions are looked up first, in one go."""
    mentioned = named_by(sets)
    text = text_of((records if mentioned is None else records.filter(pk__in=mentioned)).order_by().values(*NEEDED))
    return RawSQL(f"({text.sql}) AS {TABLE}", text.params)
