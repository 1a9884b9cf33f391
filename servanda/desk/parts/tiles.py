"""Tiles, the numbers on the start page. Each wing supplies its own, and `home.views` collects them.

A supplier is a generator that first yields an `Ask`, if it needs counts, and is sent the result: the counts of all
suppliers are computed in one query.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Aggregate, Count, IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL

from servanda.people.models import User
from servanda.recommendations.records.sql_text import read_union, text_of


class Ask(NamedTuple):
    """Aggregates over some rows."""

    rows: QuerySet
    numbers: Mapping[str, Aggregate]

    @classmethod
    def many(cls, rows: QuerySet) -> "Ask":
        return cls(rows, {"number": Count("pk")})


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
    answers = answered([output for output in first if isinstance(output, Ask)])
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


def answered(asks: Sequence[Ask]) -> Iterator[Answer]:
    """The results of all asks, in one query; zeros where there are no rows."""
    width = max((len(ask.numbers) for ask in asks), default=0)
    parts = [part for whose, ask in enumerate(asks) for part in counts_of(ask, whose, width)]
    by_part = {whose: [int(value) for value in values] for whose, *values in read_union(parts)}
    for whose, ask in enumerate(asks):
        yield dict(zip(ask.numbers, by_part.get(whose, [0] * width), strict=False))


def counts_of(ask: Ask, whose: int, width: int) -> Iterator[RawSQL]:
    """One row with the numbers of one ask, as wide as that of the ask with most numbers; nothing for no rows.

    Each part is put together by itself: in a union of querysets, all columns that fill up a row cost as much as those
    that count."""
    columns = {f"n{at}": number for at, number in enumerate(ask.numbers.values())}
    rows = ask.rows.order_by().annotate(whose=Value(whose, IntegerField())).values("whose")
    with suppress(EmptyResultSet):
        text = text_of(rows.annotate(**columns).values_list("whose", *columns))
        shown = ", ".join(["whose", *columns, *["0"] * (width - len(columns))])
        yield RawSQL(f"SELECT {shown} FROM ({text.sql}) AS part", text.params)
