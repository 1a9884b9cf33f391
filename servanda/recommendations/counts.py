"""How many records each value of each facet has, exactly, for what one audience may see.

A few questions to the database answer it at any size: one over the columns of the record, read from an
index that holds them all; one over labels; one over States; and the same for the facets in use, whose own
choice does not count for themselves. A register that is large enough to notice keeps the answer for the
list without filters in the cache, under the stamp of the register and the name of the audience.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from itertools import chain
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import CharField, Count, F, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution, answering_for
from servanda.recommendations.by_ids import named_together, together
from servanda.recommendations.facets import (
    CountryFacet,
    Facet,
    LabelFacet,
    MissingTextFacet,
    StateFacet,
    Stored,
    desk_facets,
    full_texts,
    public_facets,
    said_labels,
)
from servanda.recommendations.facets_above import ON_REQUEST, ConditionFacet, RowFacet
from servanda.recommendations.filtering import RegisterFilter, narrow
from servanda.recommendations.models import Recommendation, RecommendingState, RegisterStamp
from servanda.trail.models import Event

Tally = dict[str, Counter[Stored]]

# Deeds that happen often and change no record; any other deed makes the kept counts worthless.
QUIET = (
    *("logged-in", "logged-out", "log-in-failed", "register-exported", "page-denied", "refused"),
    "contribution-refused",
    *("note-added", "note-withdrawn", "note-restored"),
)
WORTH_KEEPING = 5_000  # records; below that, counting takes less time than reading the cache is worth
PUBLIC = "public"
NOTHING_ASKED = RegisterFilter()
MOST_NAMED = 2  # facets in use; naming takes a question, and with more of them there is none to spare
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
    newest = deeds.order_by("-sequence").values("hash")[:1]
    stamped = RegisterStamp.objects.values_list("number", Subquery(newest)).first()
    touched, deed = stamped or (None, newest.values_list("hash", flat=True).first())
    hidden = sorted(Batch.objects.hidden().order_by().values_list("pk", flat=True))
    return md5(json.dumps([deed, hidden, touched]).encode(), usedforsecurity=False).hexdigest()


def is_worth_keeping(more_than: int = WORTH_KEEPING) -> bool:
    return Recommendation.objects.order_by()[more_than : more_than + 1].exists()


def count_unfiltered(audience: Audience, facets: Sequence[Facet], *, worth_keeping: int = WORTH_KEEPING) -> Tally:
    if not is_worth_keeping(worth_keeping):
        return count(audience.visible, facets)
    own = [facet for facet in facets if not isinstance(facet, RowFacet | ConditionFacet)]
    above = [facet for facet in facets if isinstance(facet, ConditionFacet) and not isinstance(facet, ON_REQUEST)]
    mark = stamp()
    tally = kept_under(key_of(mark, audience, own), lambda: count(audience.visible, own))
    said = kept_under(key_of(mark, audience, above), lambda: count_conditions({"": audience.visible}, above)[""])
    return {**tally, **said, **_count_rows({"": audience.visible}, facets)[""]}


def key_of(mark: str, audience: Audience, facets: Sequence[Facet]) -> str:
    """Under what the counts of one audience are kept; a facet that changes with the days names its day."""
    names = ",".join(facet.key + (facet.day if isinstance(facet, ConditionFacet) else "") for facet in facets)
    return f"register:{mark}:{audience.name}:{md5(names.encode(), usedforsecurity=False).hexdigest()}"


def kept_under[Kept](key: str, make: Callable[[], Kept]) -> Kept:
    if (kept := cache.get(key)) is None:
        kept = make()
        cache.set(key, kept)
    return kept


def count_ahead(user) -> None:
    """Count the list without filters before the next visitor has to wait: for the public, and for who changed it."""
    count_unfiltered(everybody(), public_facets())
    if user is not None:
        count_unfiltered(audience_of(user), desk_facets(user))


def count(found: QuerySet, facets: Sequence[Facet]) -> Tally:
    """What each facet is counted by, over the records found, without those that are counted only once in use."""
    usual = [facet for facet in facets if not isinstance(facet, ON_REQUEST)]
    tally, _apart = _count_columns_apart(found, [facet.column for facet in usual], [], NOTHING_ASKED)
    tally.update(_count_beside({"": found}, usual)[""])
    return tally


def count_chosen(
    visible: QuerySet, found: QuerySet, asked: RegisterFilter, facets: Sequence[Facet]
) -> tuple[Tally, dict[str, Tally]]:
    """The counts over what is found, and for each facet in use its own, over what all the other filters find."""
    usual = [facet for facet in facets if not isinstance(facet, ON_REQUEST)]
    used = [facet for facet in facets if facet.key in asked.chosen]
    plain = [facet for facet in used if type(facet) is Facet]
    wide = narrow(visible, asked, facets, but={facet.key for facet in plain}) if plain else found
    tally, apart = _count_columns_apart(wide, [facet.column for facet in usual], plain, asked)
    beside = [facet.key for facet in used if facet not in plain]
    others = {key: narrow(visible, asked, facets, but={key}) for key in beside}
    if len(beside) <= MOST_NAMED:
        others = named_together(others)
    tally.update(_count_beside({"": found}, usual)[""])
    return tally, apart | _count_beside_apart(others, facets)


def _count_columns_apart(
    wide: QuerySet, wanted: Collection[str], plain: Sequence[Facet], asked: RegisterFilter
) -> tuple[Tally, dict[str, Tally]]:
    """`wide` is narrowed by all but the choices in plain columns; each of these counts what fits those in the others,
    and all columns what fits all of them."""
    columns = [column for column in COLUMNS if column in wanted]
    allowed = {facet.column: facet.allowed(asked.chosen[facet.key]) for facet in plain}
    tally: Tally = {column: Counter() for column in ["total", *columns]}
    apart: dict[str, Tally] = {facet.key: {facet.column: Counter()} for facet in plain}
    for *values, number in _grouped(wide, columns):
        row = dict(zip(columns, values, strict=True))
        misses = [column for column, some in allowed.items() if row[column] not in some]
        for facet in plain:
            if misses in ([], [facet.column]):
                apart[facet.key][facet.column][row[facet.column]] += number
        if not misses:
            tally["total"][0] += number
            for column, value in row.items():
                tally[column][value] += number
    return tally, apart


def _count_beside_apart(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """One question gives the totals, and the States concerned with them."""
    used = [facet for facet in facets if facet.key in found]
    tallies = _count_beside(found, used)
    for facet in used:
        tallies[facet.key].update({"total": Counter(), "country": Counter()})
    beside = [facet for facet in used if not isinstance(facet, ConditionFacet)]  # those know their own total
    for whose, country, number in together([_part(facet.key, found[facet.key], "country") for facet in beside]):
        tallies[whose]["total"][0] += number
        tallies[whose]["country"][country] += number
    return tallies


def _grouped(found: QuerySet, columns: Sequence[str]) -> QuerySet:
    return found.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")


def _count_beside(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """What stands in rows beside the records: labels, texts, and States in their two roles."""
    pks = {whose: records.order_by().values("pk") for whose, records in found.items()}
    tallies = _count_from_above(found, facets)
    kinds: dict[str, SetsOf] = {}
    if labels := [facet for facet in facets if isinstance(facet, LabelFacet)]:
        stands_for = {str(pk): (-facet.taxonomy, *line) for facet in labels for pk, line in facet.above.items()}
        kinds["labels"] = SetsOf(said_labels(), "term_id", stands_for)
    if states := [facet for facet in facets if isinstance(facet, StateFacet)]:
        stands_for = {str(pk): (0, pk) for facet in states for pk in facet.stored_ids(facet.options)}
        kinds["recommending"] = SetsOf(RecommendingState.objects.current(), "country_id", stands_for)
    if countries := [facet for facet in facets if isinstance(facet, CountryFacet)]:
        also = Recommendation.also_concerns.through.objects.exclude(country=F("recommendation__country"))
        stands_for = {str(pk): (pk,) for facet in countries for pk in facet.stored_ids(facet.options)}
        kinds["also"] = SetsOf(also, "country_id", stands_for)
    for (kind, whose), numbers in _count_sets(kinds, pks).items():
        tallies[whose][kind] = numbers
    for column, parts in _rows_beside(pks, facets):
        for whose, value, number in together(parts):
            tallies[whose].setdefault(column, Counter())[value] = number
    return tallies


def _count_from_above(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """What rooms above say of the records."""
    rows, conditions = _count_rows(found, facets), count_conditions(found, facets)
    return {whose: {**rows[whose], **conditions[whose]} for whose in found}


def count_conditions(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """All sets of all facets in one question; over the records found for one facet its own alone."""
    used = [
        (whose, facet)
        for whose in found
        for facet in facets
        if isinstance(facet, ConditionFacet) and whose in ("", facet.key)
    ]
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    if not used:
        return tallies
    alone = len({whose for whose, _facet in used}) == 1
    records = found[used[0][0]] if alone else Recommendation.objects.all()
    sets: dict[tuple[str, str, str], Q] = {}
    for whose, facet in used:
        within = Q() if alone else Q(pk__in=found[whose].order_by().values("pk"))
        counted = {key: condition for key, condition in facet.sets.items() if key not in facet.rest}
        sets |= {(whose, facet.key, key): within & condition for key, condition in counted.items()}
        sets[whose, facet.key, ""] = within & Q(pk__isnull=False)
    asked = {f"set{at}": Count("pk", filter=condition) for at, condition in enumerate(sets.values())}
    numbers = dict(zip(sets, records.order_by().aggregate(**asked).values(), strict=True))
    for whose, facet in used:
        there = {key: numbers[whose, facet.key, key] for key in ["", *facet.sets] if key not in facet.rest}
        left = {key: there[whole] - there[part] for key, (whole, part) in facet.rest.items()}
        tallies[whose][facet.key] = Counter(there | left)
    return tallies


def _count_rows(found: Mapping[str, QuerySet], facets: Sequence[Facet]) -> dict[str, Tally]:
    """Facets of the same rows are counted in one question, by all their columns together; over the records found for
    one facet its own alone."""
    tallies: dict[str, Tally] = {whose: {} for whose in found}
    for whose, records in found.items():
        used = [facet for facet in facets if isinstance(facet, RowFacet) and whose in ("", facet.key)]
        if not used:
            continue
        tallies[whose] = {facet.key: Counter() for facet in used}
        rows = used[0].rows.filter(recommendation__in=records.order_by().values("pk"))
        for *values, number in _grouped(rows, [facet.column for facet in used]):
            for facet, value in zip(used, values, strict=True):
                tallies[whose][facet.key][value] += number
    return tallies


def _rows_beside(pks: Mapping[str, QuerySet], facets: Sequence[Facet]) -> Iterator[tuple[str, list[QuerySet]]]:
    if any(isinstance(facet, MissingTextFacet) for facet in facets):
        yield "texts", [_texts(whose, records) for whose, records in pks.items()]


class SetsOf(NamedTuple):
    """Rows of which a record has any number, and what each value of their column stands for."""

    rows: QuerySet
    column: str
    stands_for: Mapping[str, tuple[int, ...]]


def _count_sets(kinds: Mapping[str, SetsOf], pks: Mapping[str, QuerySet]) -> dict[tuple[str, str], Counter]:
    """For each kind and set of records, how many have rows that stand for a thing; a record counts once for each.

    The database gives one line for each record, its ids in a row: it reads that in the order of an index, where
    counting records once for each term, each term over it and each taxonomy would sort all labels each time.
    """
    sets = {f"{kind} {whose}": (kind, whose) for kind in kinds for whose in pks}
    numbers: dict[tuple[str, str], Counter] = {key: Counter() for key in sets.values()}
    parts = [
        _sets(name, kinds[kind].rows.filter(recommendation__in=pks[whose]), kinds[kind].column)
        for name, (kind, whose) in sets.items()
    ]
    for name, line in together(parts):
        things = kinds[sets[name][0]].stands_for.get
        numbers[sets[name]].update(set(chain.from_iterable([things(pk, ()) for pk in line.split(",")])))
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
