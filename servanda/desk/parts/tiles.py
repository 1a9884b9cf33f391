"""Tiles, the numbers on the start page. Each wing supplies its own, and `home.views` collects them.

A supplier is a generator that first yields an `Ask`, if it needs counts, and is sent the result: the counts of all
suppliers are computed in one query, whose text is kept for the next visit.
"""

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Aggregate, Count, IntegerField, Q, QuerySet, Value

from servanda.kit.database.kept_texts import READERS, Kept, Text
from servanda.people.models import User
from servanda.people.reader_keys import all_of_reader
from servanda.recommendations.records.sql_text import plain_text_of, read_union

type Numbers = tuple[QuerySet, Mapping[str, Aggregate]]


class Ask(NamedTuple):
    """Aggregates over some rows.

    The key is unique among the asks of a page. With the person and the day, it contains everything on which the
    numbers depend, since their query is only made once.
    """

    key: Hashable
    make: Callable[[], Numbers]

    @classmethod
    def many(cls, key: Hashable, rows: Callable[[], QuerySet]) -> "Ask":
        return cls(key, lambda: (rows(), {"number": Count("pk")}))


def counted_in(sets: Mapping[str, QuerySet]) -> dict[str, Aggregate]:
    """How many of the rows are in each set."""
    return {key: Count("pk", filter=Q(pk__in=rows.order_by().values("pk"))) for key, rows in sets.items()}


type Answer = dict[str, int]
type Supply = Generator["Ask | Tile", Answer]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its label and a link to the list with as many rows, or a sentence if there are none."""

    key: str
    label: str
    count: int | None  # None if it is not known yet
    href: str
    none: str
    note: str = ""

    @property
    def leads(self) -> str:
        """False for an empty list."""
        return "" if self.count == 0 else self.href

    @property
    def said(self) -> str:
        return self.none if self.count == 0 else self.note


def tiles_of(supplies: Sequence[Callable[[User], Supply]], user: User) -> list[list[Tile]]:
    """The tiles of each supplier."""
    parts = [supply(user) for supply in supplies]
    first = [next(part, None) for part in parts]
    answers = answered([output for output in first if isinstance(output, Ask)], user)
    return [
        list(answering(part, next(answers)) if isinstance(output, Ask) else remaining_tiles(output, part))
        for part, output in zip(parts, first, strict=True)
    ]


def answering(part: Supply, answer: Answer) -> Iterator[Tile]:
    try:
        yield part.send(answer)
    except StopIteration:
        return
    yield from part


def remaining_tiles(first: Tile | None, part: Supply) -> Iterator[Tile]:
    if first is not None:
        yield first
        yield from part


class Part(NamedTuple):
    """The names of the numbers of one ask, and their query; none where there can be no rows."""

    names: Sequence[str]
    text: Text | None


MOST_ASKED = 30  # of one reader
PARTS = Kept[Part](lambda part: [part.text] if part.text else [], most=READERS * MOST_ASKED)


def answered(asks: Sequence[Ask], user: User) -> Iterator[Answer]:
    """The results of all asks, in one query; zeros where there are no rows."""
    reader = all_of_reader(user)
    parts = [PARTS.get((ask.key, reader), lambda ask=ask: part_of(*ask.make())) for ask in asks]
    width = max((len(part.names) for part in parts), default=0)
    texts = [row_of(part, whose, width) for whose, part in enumerate(parts) if part.text]
    by_part = {whose: [int(value) for value in values] for whose, *values in read_union(texts)}
    for whose, part in enumerate(parts):
        yield dict(zip(part.names, by_part.get(whose, [0] * width), strict=False))


def part_of(rows: QuerySet, numbers: Mapping[str, Aggregate]) -> Part:
    """Each part is put together by itself: in a union of querysets, all columns that fill up a row cost as much as
    those that count."""
    columns = {f"n{at}": number for at, number in enumerate(numbers.values())}
    grouped = rows.order_by().annotate(whose=Value(0, IntegerField())).values("whose")
    with suppress(EmptyResultSet):
        if columns:
            rows = grouped.annotate(**columns).values_list("whose", *columns)
            return Part(list(numbers), plain_text_of(rows))
    return Part(list(numbers), None)


def row_of(part: Part, whose: int, width: int) -> Text:
    """One row with the numbers of one ask, as wide as that of the ask with most numbers; nothing for no rows."""
    columns = [f"n{at}" for at in range(len(part.names))] + ["0"] * (width - len(part.names))
    return Text(f"SELECT {', '.join([str(whose), *columns])} FROM ({part.text.sql}) AS part", part.text.params)
