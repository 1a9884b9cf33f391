"""A number on the desk: each part of it supplies its tiles, and `home.views` puts them together.

A part that has to count first yields what it asks, and is sent the answer: the questions of all parts are put to the
database as one.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Aggregate, CharField, Count, IntegerField, QuerySet, Value

from servanda.people.models import User


class Ask(NamedTuple):
    """Numbers over some rows."""

    rows: QuerySet
    numbers: Mapping[str, Aggregate]

    @classmethod
    def many(cls, rows: QuerySet) -> "Ask":
        return cls(rows, {"number": Count("pk")})


type Answer = dict[str, int]
type Supply = Generator["Ask | Tile", Answer]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, and the list that has that many rows; without any, it says what that means."""

    key: str
    label: str
    count: int | None  # None: not to be said yet
    href: str
    none: str
    note: str = ""

    @property
    def leads(self) -> str:
        """An empty list is no place to go to."""
        return "" if self.count == 0 else self.href

    @property
    def said(self) -> str:
        return self.none if self.count == 0 else self.note


def tiles_of(supplies: Sequence[Callable[[User], Supply]], user: User) -> list[list[Tile]]:
    """Of each part its tiles."""
    parts = [supply(user) for supply in supplies]
    first = [next(part, None) for part in parts]
    answers = answered([said for said in first if isinstance(said, Ask)])
    return [
        list(answering(part, next(answers)) if isinstance(said, Ask) else said_by(said, part))
        for part, said in zip(parts, first, strict=True)
    ]


def answering(part: Supply, answer: Answer) -> Iterator[Tile]:
    try:
        yield part.send(answer)
    except StopIteration:
        return
    yield from part


def said_by(first: Tile | None, part: Supply) -> Iterator[Tile]:
    if first is not None:
        yield first
        yield from part


def answered(asks: Sequence[Ask]) -> Iterator[Answer]:
    """One question for all; where there is no row, every number is nought."""
    width = max((len(ask.numbers) for ask in asks), default=0)
    columns = [f"n{at}" for at in range(width)]
    parts = []
    for number, ask in enumerate(asks):
        counted = [*ask.numbers.values(), *[Count(Value(None, IntegerField()))] * (width - len(ask.numbers))]
        rows = ask.rows.order_by().annotate(whose=Value(str(number), CharField())).values("whose")
        parts.append(rows.annotate(**dict(zip(columns, counted, strict=True))).values_list("whose", *columns))
    rows = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else [*parts, []][0]
    found = {whose: [int(value) for value in values] for whose, *values in rows}
    for number, ask in enumerate(asks):
        yield dict(zip(ask.numbers, found.get(str(number), [0] * width), strict=False))
