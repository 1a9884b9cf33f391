"""How many records each value of each facet has, exactly, for what one audience may see.

A few questions to the database answer it at any size: one over the columns of the record, read from an
index that holds them all; one over labels; one over States; and the same for the facets in use, whose own
choice does not count for themselves. A register that is large enough to notice keeps the answer for the
list without filters in the cache, under the stamp of the register and the name of the audience.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import md5

from django.core.cache import cache
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution, answering_for
from servanda.recommendations.counting.related_counts import (
    LookedUp,
    Tally,
    columns_of,
    count_beside,
    count_conditions,
    count_rows,
    read_held,
    reader_of,
)
from servanda.recommendations.counting.snapshot import held, hold
from servanda.recommendations.filters.external_facets import ON_REQUEST, ConditionFacet, RowFacet
from servanda.recommendations.filters.facets import Facet, desk_facets, public_facets
from servanda.recommendations.filters.query import RegisterFilter, narrow
from servanda.recommendations.models import Recommendation, RegisterStamp
from servanda.recommendations.records.id_sets import Pks, all_ids_of, ids, ids_by_key, together, with_ids
from servanda.trail.models import Event

# Deeds that happen often and change no record; any other deed makes the kept counts worthless.
QUIET = (
    *("logged-in", "logged-out", "log-in-failed", "register-exported", "page-denied"),
    *("refused", "refused-again"),
    "contribution-refused",
    *("note-added", "note-withdrawn", "note-restored"),
)
WORTH_LOOKING_UP = 2_000  # records found; the labels of fewer are soon read
WORTH_KEEPING = 5_000  # records; below that, counting takes less time than reading the cache is worth
PUBLIC = "public"
MOST_NAMED = 2  # facets in use; naming takes a question, and with more of them there is none to spare
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


@dataclass(frozen=True)
class Audience:
    """Those who may see the same records: they share kept counts, and nobody else does.

    `hidden` are all other records, where that is quickly told. `bodies` are those of whose records they read the
    internal side too, None for all. `code` and `whom` say for whom a file is made that its maker will pass on; they
    are empty when it is the maker's own.
    """

    name: str
    visible: QuerySet
    hidden: tuple[QuerySet, ...] | None = None
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
    return Audience(PUBLIC, Recommendation.objects.public(), Recommendation.objects.not_public())


def audience_of(user) -> Audience:
    """The audience of a person at the desk; it follows the cases of `visible_to`."""
    visible = Recommendation.objects.visible_to(user)
    held = {"drafts": can(user, Can.READ_DRAFT_POSITIONS), "notes": can(user, Can.READ_NOTES)}
    if can(user, Can.READ_EVERYTHING):
        return Audience("everything", visible, Recommendation.objects.not_kept(), bodies=None, **held)
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


def invalidate_counts() -> None:
    """Tell that something the lists count was changed outside a deed of the trail; call it in that transaction."""
    RegisterStamp.objects.get_or_create(pk=1)
    RegisterStamp.objects.filter(pk=1).update(number=F("number") + 1)


def stamp() -> str:
    """Changes with every committed change of the register.

    What has no object changes none, such as a log-in, a refusal or a download, and neither does a deed on people.
    A deed leaves its line in the trail in its own transaction, and the lines are written one after the other, so
    the newest line that matters stands for all deeds. An import is switched on and off by the state of its batch.
    What is brought up to date after that, outside a deed, calls `invalidate_counts`.
    """
    deeds = Event.objects.exclude(object_type="").exclude(object_type__startswith="people.")
    newest = deeds.order_by("-sequence").values("pk")[:1]
    parts = [
        Event.objects.filter(pk__in=newest).values_list(Value("deed"), "hash"),
        RegisterStamp.objects.values_list(Value("touched"), Cast("number", CharField())),
        Batch.objects.hidden().values_list(Value("hidden"), Cast("pk", CharField())),
    ]
    told = together([part.order_by() for part in parts])
    return md5(json.dumps(sorted(told)).encode(), usedforsecurity=False).hexdigest()


def is_worth_keeping(more_than: int = WORTH_KEEPING) -> bool:
    return Recommendation.objects.order_by()[more_than : more_than + 1].exists()


def count_unfiltered(audience: Audience, facets: Sequence[Facet], *, worth_keeping: int = WORTH_KEEPING) -> Tally:
    if not is_worth_keeping(worth_keeping):
        return count(audience.visible, facets)
    return {**count_kept(audience, facets), **count_rows({"": audience.visible}, {"": facets})[""]}


def count_kept(audience: Audience, facets: Sequence[Facet]) -> Tally:
    """Of the list without filters all that does not change with the day, which is counted once for each stamp."""
    own = [facet for facet in facets if not isinstance(facet, RowFacet | ConditionFacet)]
    above = [facet for facet in facets if isinstance(facet, ConditionFacet) and not isinstance(facet, ON_REQUEST)]
    mark = stamp()
    tally = kept_under(key_of(mark, audience, own), lambda: count_all(audience.visible, own, mark))
    total = {"": tally["total"][0]}
    said = kept_under(
        key_of(mark, audience, above), lambda: count_conditions({"": audience.visible}, {"": above}, total)[""]
    )
    return {**tally, **said}


def count_all(visible: QuerySet, facets: Sequence[Facet], mark: str) -> Tally:
    """Reads what all records are counted by, which the lists with a question are then counted by, too."""
    there = hold(mark, lambda token: read_held(token, COLUMNS))
    places = there.places(all_ids_of(visible.order_by()))
    return count(visible, facets, looked_up=None if places is None else (there, places))


def look_up(pks: Pks | None) -> LookedUp | None:
    """Where this process holds them, if it holds the register as it is now, and they are worth the question."""
    if pks is None or len(pks) < WORTH_LOOKING_UP or (there := held(stamp())) is None:
        return None
    places = there.places(pks)
    return None if places is None else (there, places)


def hold_ahead() -> None:
    """Read it before somebody asks a frequent word."""
    if is_worth_keeping():
        hold(stamp(), lambda token: read_held(token, COLUMNS))


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


def count(found: QuerySet, facets: Sequence[Facet], *, looked_up: LookedUp | None = None) -> Tally:
    """What each facet is counted by, over the records found, without those that are counted only once in use."""
    usual = _usual(facets)
    tally = _count_columns(found, _columns(usual), looked_up)
    here = {} if looked_up is None else {"": looked_up}
    total, bodies = {"": tally["total"][0]}, {"": tally["body"]} if "body" in tally else {}
    tally.update(count_beside({"": found}, {"": usual}, total, looked_up=here, bodies=bodies)[""])
    return tally


def count_chosen(
    visible: QuerySet,
    found: QuerySet,
    asked: RegisterFilter,
    facets: Sequence[Facet],
    *,
    pks: Pks | None = None,
) -> tuple[Tally, dict[str, Tally]]:
    """The counts over what is found, and for each facet in use its own, over what all the other filters find; these
    are named by their ids if that is worth a question, which it is not where nobody named `pks`, those found."""
    usual = _usual(facets)
    used = [facet for facet in facets if facet.key in asked.chosen]
    plain = [facet for facet in used if type(facet) is Facet]
    looked_up = look_up(pks) if asked.near is None else None  # what is near is few
    if plain:
        wide = narrow(visible, asked, facets, but={facet.key for facet in plain})
        tally, apart = _count_columns_apart(wide, _columns(usual), plain, asked)
    else:
        tally, apart = _count_columns(found, _columns(usual), looked_up), {}
    beside = {facet.key: [facet] for facet in used if facet not in plain}
    others = {key: narrow(visible, asked, facets, but={key}) for key in beside}
    named = {} if pks is None else {"": pks}
    if pks is not None and asked.near is None and len(beside) <= MOST_NAMED and (more := ids_by_key(others)):
        named |= more
        others = {key: with_ids(some) for key, some in more.items()}
    keys = {whose: ids(some) for whose, some in named.items()}
    here = {} if looked_up is None else {"": looked_up}
    total, bodies = {"": tally["total"][0]}, {"": tally["body"]} if "body" in tally else {}
    tallies = count_beside({"": found, **others}, {"": usual, **beside}, total, keys, here, bodies)
    tally.update(tallies.pop(""))
    return tally, apart | tallies


def _columns(facets: Sequence[Facet]) -> list[str]:
    wanted = {facet.column for facet in facets}
    return [column for column in COLUMNS if column in wanted] or [*COLUMNS[:1]]


def _usual(facets: Sequence[Facet]) -> list[Facet]:
    return [facet for facet in facets if not isinstance(facet, ON_REQUEST)]


def _count_columns(found: QuerySet, columns: Sequence[str], looked_up: LookedUp | None) -> Tally:
    if looked_up is None:
        said = columns_of(found, columns)
        counted = {column: Counter(values) for column, values in zip(columns, said, strict=True)}
    else:
        there, places = looked_up
        counted = {column: there.column(column, places) for column in columns}
    tally: Tally = {"total": Counter({0: counted[columns[0]].total()})}
    for column, numbers in counted.items():
        value_of = reader_of(column)
        tally[column] = Counter({value_of(value): number for value, number in numbers.items()})
    return tally


def _count_columns_apart(
    wide: QuerySet,
    columns: Sequence[str],
    plain: Sequence[Facet],
    asked: RegisterFilter,
) -> tuple[Tally, dict[str, Tally]]:
    """`wide` is narrowed by all but the choices in plain columns; each of these counts what fits those in the others,
    and all columns what fits all of them."""
    allowed = {facet.column: facet.allowed(asked.chosen[facet.key]) for facet in plain}
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
