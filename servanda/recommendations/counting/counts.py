"""How many records each value of each facet has, exactly, for what one audience may see.

The number of queries is the same at any size: one over the columns of the record, read from an index that covers them
all; one over labels and States; and the same for the facets in use, each of which is counted without its own choice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import md5

from django.core.cache import cache
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from servanda.intake.models import Batch
from servanda.kit.database.kept_texts import Text
from servanda.recommendations.counting.conditions import CountedRecords, Tally, count_conditions, found_among
from servanda.recommendations.counting.related_counts import (
    columns_of,
    columns_of_few,
    count_related,
    count_rows,
    read_snapshot,
    reader_of,
)
from servanda.recommendations.counting.snapshot import Places, Snapshot, current_snapshot, snapshot_for
from servanda.recommendations.filters.audiences import Audience, audience_of, everybody
from servanda.recommendations.filters.external_facets import ON_REQUEST, ConditionFacet, RowFacet
from servanda.recommendations.filters.facets import Facet, desk_facets, public_facets
from servanda.recommendations.filters.query import RegisterFilter, narrow
from servanda.recommendations.models import Recommendation, RegisterStamp
from servanda.recommendations.records.id_sets import Pks, all_ids_of, ids_by_key
from servanda.recommendations.records.sql_text import plain_text_of, read_text
from servanda.trail.models import Event

# Events that are frequent and change no record; any other makes the kept counts outdated.
QUIET = (
    *("logged-in", "logged-out", "log-in-failed", "register-exported", "page-denied"),
    *("refused", "refused-again"),
    "contribution-refused",
    *("note-added", "note-withdrawn", "note-restored"),
)
WORTH_LOOKING_UP = 2_000  # records found; the labels of fewer are soon read
WORTH_KEEPING = 1_000  # records; below that, counting takes less time than reading the cache is worth
MANY = "many"  # a row of the query of the stamp
MOST_NAMED = 2  # facets in use; naming takes a query, and with more of them the list is over its budget
COLUMNS = (
    "body",
    "review",
    "year",
    "language",
    "kind",
    "stand",
    "country",
    "added_by",
    "is_published",
    "confidentiality",
    "priority",
    "horizon",
    "territory",
)


def invalidate_counts() -> None:
    """Call this in the transaction that changes something counted without an event in the trail."""
    RegisterStamp.objects.get_or_create(pk=1)
    RegisterStamp.objects.filter(pk=1).update(number=F("number") + 1)


def stamp() -> str:
    """A text that changes with every committed change of the register.

    Events without an object, such as a log-in, a refusal or a download, do not change it, nor do events on people.
    Every other change writes its event in its own transaction, and events are written one after the other, so the
    newest one stands for all. Imports are switched on and off by the state of their batch. What is brought up to date
    later, without an event, calls `invalidate_counts`.
    """
    return stamp_of(read_text(text_of_stamp(None)))


def stamp_if_worth_keeping(more_than: int = WORTH_KEEPING) -> str | None:
    """The stamp if there are more records than this, found out by the same query; otherwise None."""
    facts = read_text(text_of_stamp(more_than))
    rest = [fact for fact in facts if fact[0] != MANY]
    return stamp_of(rest) if len(rest) < len(facts) else None


@lru_cache(maxsize=8)
def text_of_stamp(more_than: int | None) -> Text:
    """Every page of the register asks for it."""
    parts = parts_of_stamp()
    if more_than is not None:
        many = Recommendation.objects.order_by().values("pk")[more_than : more_than + 1]
        is_many = Recommendation.objects.filter(pk__in=many).order_by()
        parts.append(is_many.values_list(Value(MANY), Value("", CharField())))
    return plain_text_of(parts[0].union(*parts[1:], all=True).order_by())


def parts_of_stamp() -> list[QuerySet]:
    deeds = Event.objects.exclude(object_type="").exclude(object_type__startswith="people.")
    newest = deeds.order_by("-sequence").values("pk")[:1]
    parts = [
        Event.objects.filter(pk__in=newest).values_list(Value("deed"), "hash"),
        RegisterStamp.objects.values_list(Value("touched"), Cast("number", CharField())),
        Batch.objects.hidden().values_list(Value("hidden"), Cast("pk", CharField())),
    ]
    return [part.order_by() for part in parts]


def stamp_of(facts: Iterable[Sequence]) -> str:
    return md5(json.dumps(sorted(facts)).encode(), usedforsecurity=False).hexdigest()


def count_unfiltered(audience: Audience, facets: Sequence[Facet], *, worth_keeping: int = WORTH_KEEPING) -> Tally:
    mark = stamp_if_worth_keeping(worth_keeping)
    if mark is None:
        return count(audience.visible, facets)
    rows = count_rows({"": CountedRecords(records=audience.visible)}, {"": facets})[""]
    return {**count_kept(audience, facets, mark), **rows}


def count_kept(audience: Audience, facets: Sequence[Facet], mark: str) -> Tally:
    """For the list without filters, the numbers that do not change from day to day, counted once for each stamp."""
    own = [facet for facet in facets if not isinstance(facet, RowFacet | ConditionFacet)]
    above = [facet for facet in facets if isinstance(facet, ConditionFacet) and not isinstance(facet, ON_REQUEST)]
    tally = kept_under(key_of(mark, audience, own), lambda: count_all(audience.visible, own, mark))
    found = {"": CountedRecords(records=audience.visible, total=tally["total"][0])}
    conditions = kept_under(key_of(mark, audience, above), lambda: count_conditions(found, {"": above})[""])
    return {**tally, **conditions}


def count_all(visible: QuerySet, facets: Sequence[Facet], mark: str) -> Tally:
    """Read the snapshot if need be; filtered lists are then counted from it too."""
    snapshot = snapshot_for(mark, lambda token: read_snapshot(token, COLUMNS))
    places = snapshot.places(all_ids_of(visible.order_by()))
    return count(visible, facets, looked_up=None if places is None else (snapshot, places))


def look_up(pks: Pks | None) -> tuple[Snapshot, Places] | None:
    """Where the snapshot has these records, if there is a current one, and they are enough to be worth the query."""
    if pks is None or len(pks) < WORTH_LOOKING_UP or (snapshot := current_snapshot(stamp())) is None:
        return None
    places = snapshot.places(pks)
    return None if places is None else (snapshot, places)


def read_ahead() -> None:
    """Read the snapshot before a person searches for a frequent word."""
    if mark := stamp_if_worth_keeping():
        snapshot_for(mark, lambda token: read_snapshot(token, COLUMNS))


def key_of(mark: str, audience: Audience, facets: Sequence[Facet]) -> str:
    """The cache key of the counts of one audience; a facet that changes from day to day adds its day."""
    names = ",".join(facet.key + (facet.day if isinstance(facet, ConditionFacet) else "") for facet in facets)
    return f"register:{mark}:{audience.name}:{md5(names.encode(), usedforsecurity=False).hexdigest()}"


def kept_under[Kept](key: str, make: Callable[[], Kept]) -> Kept:
    if (kept := cache.get(key)) is None:
        kept = make()
        cache.set(key, kept)
    return kept


def count_ahead(user) -> None:
    """Count the list without filters before the next visitor has to wait: for the public and for the person who
    changed it."""
    count_unfiltered(everybody(), public_facets())
    if user is not None:
        count_unfiltered(audience_of(user), desk_facets(user))


def count(
    found: QuerySet,
    facets: Sequence[Facet],
    *,
    pks: Pks | None = None,
    looked_up: tuple[Snapshot, Places] | None = None,
) -> Tally:
    """The numbers for each facet, over the records found, except for facets that are counted only while in use.

    `pks` are the ids of what is found, if they are known; `looked_up` is where the snapshot has them.
    """
    usual = _usual(facets)
    of_found = replace(found_among(found, pks), places=looked_up or look_up(pks))
    tally = _count_columns(of_found, _columns(usual))
    counted = replace(of_found, total=tally["total"][0], bodies=tally.get("body"))
    tally.update(count_related({"": counted}, {"": usual})[""])
    return tally


def count_chosen(
    audience: Audience,
    found: QuerySet,
    filters: RegisterFilter,
    facets: Sequence[Facet],
    *,
    pks: Pks | None = None,
) -> tuple[Tally, dict[str, Tally]]:
    """Counts over the result, and for each active facet, counts over the result without it.

    `pks` are the ids of the result, if they are not too many; then the results without a facet are ids too.
    """
    usual = _usual(facets)
    used = [facet for facet in facets if facet.key in filters.chosen]
    plain = [facet for facet in used if type(facet) is Facet]
    of_found = found_among(found, pks)
    if filters.near is None:  # what is near is few
        of_found = replace(of_found, places=look_up(pks))
    if plain:
        wide = narrow(audience, filters, facets, but={facet.key for facet in plain})
        tally, apart = _count_columns_apart(wide, _columns(usual), plain, filters)
    else:
        tally, apart = _count_columns(of_found, _columns(usual)), {}
    beside = {facet.key: [facet] for facet in used if facet not in plain}
    others = {key: narrow(audience, filters, facets, but={key}) for key in beside}
    named: Mapping[str, Pks] = {}
    if pks is not None and filters.near is None and len(beside) <= MOST_NAMED:
        named = ids_by_key(others) or {}
    counted = {whose: found_among(records, named.get(whose)) for whose, records in others.items()}
    counted[""] = replace(of_found, total=tally["total"][0], bodies=tally.get("body"))
    tallies = count_related(counted, {"": usual, **beside})
    tally.update(tallies.pop(""))
    return tally, apart | tallies


def _columns(facets: Sequence[Facet]) -> list[str]:
    wanted = {facet.column for facet in facets}
    return [column for column in COLUMNS if column in wanted] or [*COLUMNS[:1]]


def _usual(facets: Sequence[Facet]) -> list[Facet]:
    return [facet for facet in facets if not isinstance(facet, ON_REQUEST)]


def _count_columns(found: CountedRecords, columns: Sequence[str]) -> Tally:
    if found.places is not None:
        snapshot, places = found.places
        counted = {column: snapshot.column(column, places) for column in columns}
    else:
        few = found.ids if found.are_few else None
        texts = columns_of(found.records, columns) if few is None else columns_of_few(few, columns)
        counted = {column: Counter(values) for column, values in zip(columns, texts, strict=True)}
    tally: Tally = {"total": Counter({0: counted[columns[0]].total()})}
    for column, numbers in counted.items():
        value_of = reader_of(column)
        tally[column] = Counter({value_of(value): number for value, number in numbers.items()})
    return tally


def _count_columns_apart(
    wide: QuerySet,
    columns: Sequence[str],
    plain: Sequence[Facet],
    filters: RegisterFilter,
) -> tuple[Tally, dict[str, Tally]]:
    """`wide` is narrowed by everything but the choices in plain columns. Each of these is counted over what the
    choices in the others leave, and all columns over what all choices leave."""
    allowed = {facet.column: facet.allowed(filters.chosen[facet.key]) for facet in plain}
    tally: Tally = {column: Counter() for column in ["total", *columns]}
    apart: dict[str, Tally] = {facet.key: {facet.column: Counter()} for facet in plain}
    readers = [reader_of(column) for column in columns]
    for values, number in Counter(zip(*columns_of(wide, columns), strict=True)).items():
        row = {column: value_of(value) for column, value_of, value in zip(columns, readers, values, strict=True)}
        misses = [column for column, some in allowed.items() if row[column] not in some]
        for facet in plain:
            if misses in ([], [facet.column]):
                apart[facet.key][facet.column][row[facet.column]] += number
        if not misses:
            tally["total"][0] += number
            for column, value in row.items():
                tally[column][value] += number
    return tally, apart
