"""What a page says follows from the request and from what the database answers to its questions.

So a page need not be drawn again after other rows were written if its questions are answered as they were: to put
them takes a tenth of the time. What the cache keeps, it keeps under a stamp that is such a question. A page that
writes, other than into the trail and the session, is always drawn again.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from tests.house.asking import KEPT_OF_EACH, SAVEPOINTS, Watching, tables_in

READS = ("SELECT", "WITH", "(")
NOW = object()  # stands for the moment at which the question is put
Question = tuple[str, tuple]


class Asked(Watching):
    """The questions of one request, in their order, with what was given to each, and whether it did nothing else."""

    def __init__(self):
        super().__init__()
        self.began = moment()
        self.put: list[Question] = []
        self.does_no_more = True

    def __call__(self, execute: Callable, sql: str, params: Any, *rest: Any) -> Any:
        try:
            return super().__call__(execute, sql, params, *rest)
        except DatabaseError:
            self.does_no_more = False
            raise
        finally:
            self.note(sql, params)

    def note(self, sql: str, params: Any) -> None:
        if sql.startswith(READS):
            self.put.append((sql, tuple(self.placed(value) for value in params or ())))
        elif not sql.startswith(SAVEPOINTS):
            written = tables_in(sql)[1]
            self.does_no_more = self.does_no_more and bool(written) and written <= KEPT_OF_EACH

    def placed(self, value: Any) -> Any:
        """What the clock said while the page was drawn, it would say otherwise the next time."""
        is_moment = type(value) is type(self.began) and self.began <= value <= moment()
        return NOW if is_moment else value


def moment() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())


class Answers:
    """What the database answers as it is; nobody writes while these are asked for, and each is asked for once."""

    def __init__(self):
        self.moment = moment()
        self.known: dict[tuple[str, str], list[tuple]] = {}

    def to(self, question: Question) -> list[tuple]:
        sql, values = question
        params = tuple(self.moment if value is NOW else value for value in values)
        key = sql, repr(params)
        if key not in self.known:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                self.known[key] = cursor.fetchall()
        return self.known[key]

    def are(self, question: Question, answer: list[tuple]) -> bool:
        return self.to(question) == answer

    def to_all(self, asked: Asked) -> list[list[tuple]]:
        return [self.to(question) for question in asked.put]


class Remembered[Name: Hashable]:
    """What pages asked for, and how that was answered when all of them had been drawn."""

    def __init__(self, asked: Mapping[Name, Asked]):
        self.asked = asked
        answers = Answers()
        self.answers = {name: answers.to_all(one) for name, one in asked.items() if one.does_no_more}

    def to_draw_again(self, names: Iterable[Name]) -> list[Name]:
        """Those of these pages that can say something else by now."""
        answers = Answers()
        return [name for name in names if name not in self.answers or self.is_changed(name, answers)]

    def is_changed(self, name: Name, answers: Answers) -> bool:
        return not all(map(answers.are, self.asked[name].put, self.answers[name]))
