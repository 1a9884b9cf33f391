"""How many records each value of each facet has, exactly, for what one audience may see.

A few questions to the database answer it at any size: one over the columns of the record, read from an
index that holds them all; one over labels; one over States; and the same for the facets in use, whose own
choice does not count for themselves. A register that is large enough to notice keeps the answer for the
list without filters in the cache, under the stamp of the register and the name of the audience.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from itertools import chain

from django.core.cache import cache
from django.db import connection
from django.db.models import CharField, Count, F, QuerySet, StringAgg, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution, answering_for
from servanda.recommendations.facets import (
    ON_REQUEST,
    CountryFacet,
    Facet,
    LabelFacet,
    MissingTextFacet,
    RowFacet,
    SetFacet,
    StateFacet,
    Stored,
    desk_facets,
    full_texts,
    public_facets,
    said_labels,
)
from servanda.recommendations.filtering import RegisterFilter, narrow
from servanda.recommendations.models import Recommendation, RecommendingState, RegisterStamp
from servanda.trail.models import Event

Tally = dict[str, Counter[Stored]]

# Deeds that happen often and change no record; any other deed makes the kept counts worthless.
QUIET = (
    *("logged-in", "logged-out", "log-in-failed", "register-exported", "page-denied", "refused"),
    *("note-added", "note-withdrawn", "note-restored"),
)
WORTH_KEEPING = 5_000  # records; below that, counting takes less time than reading the cache is worth
WORTH_NAMING = 30_000  # records found; more ids than that cost more to send than to find again
PUBLIC = "public"
MOST_NAMED = 2  # naming takes a question for each facet in use, and their number has a limit
# The order of the index `counts_of_the_register`: grouped in any other, the database has to sort.
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
)


@dataclass(frozen=True)
class Audience:
    """Those who may see the same records: they share kept counts, and nobody else does.

    `bodies` are those of whose records they read the internal side too, None for all. `code` and `whom` say for
    whom a file is made that its maker will pass on; they are empty when it is the maker's own.
    """

    name: str
    visible: QuerySet
    bodies: frozenset[str] | None = frozenset()
    drafts: bool = False
    notes: bool = False
    code: str = ""
    whom: object = ""

    @property
    def is_inside(self) -> bool:
        return self.bodies is None or bool(self.bodies)

    def opens(self, record: Recommendation) -> bool:
        """Whether the internal side of a visible record is theirs to read."""
        return self.bodies is None or record.body.code in self.bodies


def everybody() -> Audience:
    return Audience(PUBLIC, Recommendation.objects.public())


def audience_of(user) -> Audience:
    """The audience of a person at the desk; it follows the cases of `visible_to`."""
    visible = Recommendation.objects.visible_to(user)
    held = {"drafts": can(user, Can.READ_DRAFT_POSITIONS), "notes": can(user, Can.READ_NOTES)}
    if can(user, Can.READ_EVERYTHING):
        return Audience("everything", visible, bodies=None, **held)
    if within := scopes(user, Can.READ_INTERNAL):
        return Audience(name_of(within), visible, bodies=bodies_of(within), **held)
    return everybody()


def name_of(within: Sequence[Scope]) -> str:
    where = sorted((sorted(scope.bodies), sorted(scope.institutions)) for scope in within)
    return md5(json.dumps(where).encode(), usedforsecurity=False).hexdigest()


def bodies_of(within: Sequence[Scope]) -> frozenset[str] | None:
    """Of which bodies these scopes open what is internal; None when one of them is open to all."""
    return None if any(not scope.bodies for scope in within) else frozenset().union(*(one.bodies for one in within))


def audience_as(code: str) -> Audience | None:
    """For a file that is passed on: the public, or those who read for an institution; None for an unknown one."""
    if code == PUBLIC:
        return replace(everybody(), code=PUBLIC, whom=_("the public"))
    institution = None if "\0" in code else Institution.objects.filter(code=code).first()
    if institution is None:
        return None
    within = [Scope(answering_for({institution.pk}))]
    seen = Recommendation.objects.open_in(within)
    return Audience(name_of(within), seen, bodies=None, code=institution.code, whom=institution.name)


def touch() -> None:
    """Tell that something the lists count was changed outside a deed of the trail; call it in that transaction."""
    RegisterStamp.objects.get_or_create(pk=1)
    RegisterStamp.objects.filter(pk=1).update(number=F("number") + 1)


def stamp() -> str:
    """Changes with every committed change of the register.

    What has no object changes none, such as a log-in, a refusal or a download, and neither does a deed on people.
    A deed leaves its line in the trail in its own transaction, and the lines are written one after the other, so
    the newest line that matters stands for all deeds. An import is switched on and off by the state of its batch.
    What is brought up to date after that, outside a deed, calls `touch`.
    """
    deeds = Event.objects.exclude(object_type="").exclude(object_type__startswith="people.")
    deed = deeds.values_list("hash", flat=True).first()
    hidden = sorted(Batch.objects.hidden().order_by().values_list("pk", flat=True))
    touched = RegisterStamp.objects.values_list("number", flat=True).first()
    return md5(json.dumps([deed, hidden, touched]).encode(), usedforsecurity=False).hexdigest()


def is_worth_keeping(more_than: int = WORTH_KEEPING) -> bool:
    return Recommendation.objects.order_by()[more_than : more_than + 1].exists()


def count_unfiltered(audience: Audience, facets: Sequence[Facet], *, worth_keeping: int = WORTH_KEEPING) -> Tally:
    if not is_worth_keeping(worth_keeping):
        return count(audience.visible, facets)
    lasting = [facet for facet in facets if not isinstance(facet, RowFacet)]
    names = ",".join(facet.key for facet in lasting)
    key = f"register:{stamp()}:{audience.name}:{md5(names.encode(), usedforsecurity=False).hexdigest()}"
    if (kept := cache.get(key)) is None:
        kept = count(audience.visible, lasting)
        cache.set(key, kept)
    return {**kept, **_count_rows({"": audience.visible}, facets)[""]}


def count_ahead(user) -> None:
    """Count the list without filters before the next visitor has to wait: for the public, and for who changed it."""
    count_unfiltered(everybody(), public_facets())
    if user is not None:
        count_unfiltered(audience_of(user), desk_facets(user))


def count(found: QuerySet, facets: Sequence[Facet]) -> Tally:
    """What each facet is counted by, over the records found, without those that are counted only once in use."""
    usual = [facet for facet in facets if not isinstance(facet, ON_REQUEST)]
    tally = _count_columns(found, [facet.column for facet in usual])
    tally.update(_count_beside({"": found}, usual)[""])
    return tally


def count_apart(visible: QuerySet, asked: RegisterFilter, facets: Sequence[Facet]) -> dict[str, Tally]:
    """For each facet in use its own counts, over what all the other filters find."""
    used = [facet for facet in facets if facet.key in asked.chosen]
    plain = [facet for facet in used if type(facet) is Facet]
    beside = [facet.key for facet in used if facet not in plain]
    found = {key: narrow(visible, asked, facets, but={key}) for key in beside}
    if len(beside) <= MOST_NAMED:
        found = {key: named(records) for key, records in found.items()}
    return {
        **_count_plain_apart(narrow(visible, asked, facets, but={facet.key for facet in plain}), plain, asked),
        **_count_beside_apart(found, facets),
    }


def _count_plain_apart(found: QuerySet, plain: Sequence[Facet], asked: RegisterFilter) -> dict[str, Tally]:
    """`found` is narrowed by all but these columns; each counts the groups that fit the choices in the others."""
    allowed = [facet.allowed(asked.chosen[facet.key]) for facet in plain]
    tallies: dict[str, Tally] = {facet.key: {facet.column: Counter()} for facet in plain}
    for *values, number in _grouped(found, [facet.column for facet in plain]) if plain else ():
        misses = [at for at, value in enumerate(values) if value not in allowed[at]]
        for at, facet in enumerate(plain):
            if misses in ([], [at]):
                tallies[facet.key][facet.column][values[at]] += number
    return tallies


def _count_beside_apart(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """One question gives the totals, and the States concerned with them."""
    used = [facet for facet in facets if facet.key in found]
    tallies = _count_beside(found, used)
    for facet in used:
        tallies[facet.key].update({"total": Counter(), "country": Counter()})
    for whose, country, number in _together([_part(facet.key, found[facet.key], "country") for facet in used]):
        tallies[whose]["total"][0] += number
        tallies[whose]["country"][country] += number
    return tallies


def _count_columns(found: QuerySet, wanted: Collection[str]) -> Tally:
    columns = [column for column in COLUMNS if column in wanted]
    tally: Tally = {column: Counter() for column in ["total", *columns]}
    counters = [tally[column] for column in columns]
    for *values, number in _grouped(found, columns):
        tally["total"][0] += number
        for counter, value in zip(counters, values, strict=True):
            counter[value] += number
    return tally


def _grouped(found: QuerySet, columns: Sequence[str]) -> QuerySet:
    return found.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")


def _count_beside(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """What stands in rows beside the records: labels, texts, and States in their two roles."""
    pks = {whose: records.order_by().values("pk") for whose, records in found.items()}
    tallies = _count_from_above(found, facets)
    if labels := [facet for facet in facets if isinstance(facet, LabelFacet)]:
        stands_for = {str(pk): (-facet.taxonomy, *line) for facet in labels for pk, line in facet.above.items()}
        for whose, numbers in _count_sets(said_labels(), "term_id", pks, stands_for).items():
            tallies[whose]["labels"] = numbers
    if states := [facet for facet in facets if isinstance(facet, StateFacet)]:
        stands_for = {str(pk): (0, pk) for facet in states for pk in facet.stored_ids(facet.options)}
        for whose, numbers in _count_sets(RecommendingState.objects.current(), "country_id", pks, stands_for).items():
            tallies[whose]["recommending"] = numbers
    for column, parts in _rows_beside(pks, facets):
        for whose, value, number in _together(parts):
            tallies[whose].setdefault(column, Counter())[value] = number
    return tallies


def _count_from_above(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """What rooms above say of the records."""
    rows, overlapping = _count_rows(found, facets), _count_overlapping(found, facets)
    return {whose: {**rows[whose], **overlapping[whose]} for whose in found}


def _count_overlapping(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    for facet in [facet for facet in facets if isinstance(facet, SetFacet)]:
        asked = {key: Count("pk", filter=condition) for key, condition in facet.sets.items()}
        for whose, records in found.items():
            tallies[whose][facet.key] = Counter(records.order_by().aggregate(**asked))
    return tallies


def _count_rows(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """Facets of the same rows are counted in one question, by all their columns together."""
    used = [facet for facet in facets if isinstance(facet, RowFacet)]
    tallies: dict[str, Tally] = {whose: {facet.key: Counter() for facet in used} for whose in found}
    if not used:
        return tallies
    columns = [facet.column for facet in used]
    for whose, records in found.items():
        rows = used[0].rows.filter(recommendation__in=records.order_by().values("pk"))
        for *values, number in _grouped(rows, columns):
            for facet, value in zip(used, values, strict=True):
                tallies[whose][facet.key][value] += number
    return tallies


def _rows_beside(pks: Mapping[str, QuerySet], facets: Sequence[Facet]) -> Iterator[tuple[str, list[QuerySet]]]:
    if any(isinstance(facet, CountryFacet) for facet in facets):
        also = Recommendation.also_concerns.through.objects.exclude(country=F("recommendation__country"))
        yield (
            "also",
            [_part(whose, also.filter(recommendation__in=records), "country_id") for whose, records in pks.items()],
        )
    if any(isinstance(facet, MissingTextFacet) for facet in facets):
        yield "texts", [_texts(whose, records) for whose, records in pks.items()]


def _count_sets(rows: QuerySet, column: str, pks: Mapping[str, QuerySet], stands_for: Mapping) -> dict[str, Counter]:
    """For each set of records, how many have rows that stand for a thing; a record counts once for each thing.

    The database gives one line for each record, its ids in a row: it reads that in the order of an index, where
    counting records once for each term, each term over it and each taxonomy would sort all labels each time.
    """
    numbers: dict[str, Counter] = {whose: Counter() for whose in pks}
    things = stands_for.get
    parts = [_sets(whose, rows.filter(recommendation__in=records), column) for whose, records in pks.items()]
    for whose, line in _together(parts):
        numbers[whose].update(set(chain.from_iterable([things(pk, ()) for pk in line.split(",")])))
    return numbers


def _sets(whose: str, rows: QuerySet, column: str) -> QuerySet:
    line = StringAgg(Cast(column, TextField()), delimiter=Value(","))
    grouped = rows.order_by().values("recommendation_id").annotate(whose=Value(whose, CharField()), line=line)
    return grouped.values_list("whose", "line")


def _texts(whose: str, records: QuerySet) -> QuerySet:
    texts = full_texts().filter(recommendation__in=records).order_by().values("language")
    counted = texts.annotate(n=Count("recommendation", distinct=True), whose=Value(whose, CharField()))
    return counted.values_list("whose", "language", "n")


def _part(whose: str, rows: QuerySet, column: str) -> QuerySet:
    grouped = rows.order_by().values(column).annotate(n=Count("*"), whose=Value(whose, CharField()))
    return grouped.values_list("whose", column, "n")


def _together(parts: Sequence[QuerySet]) -> Iterable[tuple]:
    """The answers to all parts, asked in one question."""
    if len(parts) < 2:
        return parts[0] if parts else ()
    return parts[0].union(*parts[1:], all=True).order_by()


def named(found: QuerySet) -> QuerySet:
    """The same records by their ids where they are not too many, so that each question need not find them again."""
    pks = list(found.order_by().values_list("pk", flat=True)[: WORTH_NAMING + 1])
    if len(pks) > WORTH_NAMING:
        return found
    if connection.vendor == "postgresql":
        return Recommendation.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [pks]))
    return Recommendation.objects.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)]))
