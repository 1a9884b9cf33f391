"""The text of queries, kept in the process.

Putting together the queries of a page takes Django longer than running them takes the database, and the same person
asks the same again. Only text is kept, never rows: what is shown is always read from the database.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

READERS = 100  # whose texts are kept
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:(\d\d\S*)")  # SQLite gets moments as text
READING = datetime(9998, 7, 6, 5, 4, 3, 210987, tzinfo=UTC)  # stands in a text for the moment at which it is read


class Text(NamedTuple):
    sql: str
    kept: tuple[Any, ...] = ()

    @property
    def params(self) -> tuple[Any, ...]:
        return self.at(timezone.now())

    def at(self, moment: datetime) -> tuple[Any, ...]:
        """The parameters where this moment is meant by `READING`."""
        place = stored(READING)
        if place not in self.kept:
            return self.kept
        value_then = stored(moment)
        return tuple(value_then if value == place else value for value in self.kept)

    @property
    def has_moment(self) -> bool:
        return any(is_moment(value) for value in self.kept)


def stored(moment: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(moment)


def is_moment(value: object) -> bool:
    """Not the beginning of a day, which has no seconds."""
    if value == stored(READING):
        return False
    if isinstance(value, datetime):
        return bool(value.second or value.microsecond)
    found = MOMENT.match(value) if isinstance(value, str) else None
    return found is not None and found[1] not in ("00", "00+00:00")


class Kept[Made]:
    """Things made of texts, by everything on which they depend.

    What asked the database while it was made, or has a moment in it, is made anew each time: the key does not say
    what it depends on.
    """

    def __init__(self, texts_in: Callable[[Made], Iterable[Text]], *, most: int = READERS) -> None:
        self.texts_in, self.most = texts_in, most
        self.newer: dict[Hashable, Made] = {}
        self.older: dict[Hashable, Made] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        key = (connection.vendor, key)
        if (made := self.newer.get(key)) is not None:
            return made
        if (made := self.older.get(key)) is None:
            with questions_noticed() as questions:
                made = make()
            if questions or any(text.has_moment for text in self.texts_in(made)):
                return made
        self.keep(key, made)
        return made

    def keep(self, key: Hashable, made: Made) -> None:
        if len(self.newer) >= self.most // 2:  # whatever was not asked for since the last time is forgotten
            self.older, self.newer = self.newer, {}
        self.newer[key] = made


@contextmanager
def questions_noticed() -> Iterator[list[str]]:
    questions: list[str] = []

    def notice(execute: Callable, sql: str, *more: Any) -> Any:
        questions.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(notice):
        yield questions
