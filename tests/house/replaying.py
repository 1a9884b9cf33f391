"""Whether a page can have changed, without drawing it: it follows from its request and the results of its queries.

After other rows were written, the queries are run again, which takes a tenth of the time; only if a result differs is
the page drawn again. What the product caches, it caches under a stamp that is read from the database, so a query
shows that too. A page that writes to more than the trail and the session is always drawn again.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from servanda.trail.models import ChainHead
from tests.house.asking import KEPT_OF_EACH, SAVEPOINTS, Watching, tables_in

READS = ("SELECT", "WITH", "(")
NOW = object()  # stands for the moment at which a query is run
CHAIN_HEAD = {ChainHead._meta.db_table}  # read to write an entry of the trail; what shows it reads entries too
Query = tuple[str, tuple]


class QueryLog(Watching):
    """The queries of one request in their order, with their parameters, and whether it only read."""

    def __init__(self):
        super().__init__()
        self.began = moment()
        self.queries: list[Query] = []
        self.only_reads = True

    def __call__(self, execute: Callable, sql: str, params: Any, *rest: Any) -> Any:
        try:
            return super().__call__(execute, sql, params, *rest)
        except DatabaseError:
            self.only_reads = False
            raise
        finally:
            self.note(sql, params)

    def note(self, sql: str, params: Any) -> None:
        if sql.startswith(READS):
            if tables_in(sql)[0] != CHAIN_HEAD:
                self.queries.append((sql, tuple(self.without_clock(value) for value in params or ())))
        elif not sql.startswith(SAVEPOINTS):
            written = tables_in(sql)[1]
            self.only_reads = self.only_reads and bool(written) and written <= KEPT_OF_EACH

    def without_clock(self, value: Any) -> Any:
        """NOW in place of a moment that was read from the clock while the page was drawn."""
        is_of_clock = type(value) is type(self.began) and self.began <= value <= moment()
        return NOW if is_of_clock else value


def moment() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())


class Results:
    """What the database answers at one moment. Each query is run once, so nobody may write in between."""

    def __init__(self):
        self.moment = moment()
        self.known: dict[tuple[str, str], list[tuple]] = {}

    def of(self, query: Query) -> list[tuple]:
        sql, values = query
        params = tuple(self.moment if value is NOW else value for value in values)
        key = sql, repr(params)
        if key not in self.known:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                self.known[key] = cursor.fetchall()
        return self.known[key]

    def of_all(self, log: QueryLog) -> list[list[tuple]]:
        return [self.of(query) for query in log.queries]

    def match(self, query: Query, rows: list[tuple]) -> bool:
        return self.of(query) == rows


class Baseline[Name: Hashable]:
    """The queries of several pages, and their results once all of these pages had been drawn."""

    def __init__(self, logs: Mapping[Name, QueryLog]):
        self.logs = logs
        results = Results()
        self.rows = {name: results.of_all(log) for name, log in logs.items() if log.only_reads}

    def to_draw_again(self, names: Iterable[Name]) -> list[Name]:
        """Those of these pages that can have changed since."""
        results = Results()
        return [name for name in names if name not in self.rows or self.is_changed(name, results)]

    def is_changed(self, name: Name, results: Results) -> bool:
        return not all(map(results.match, self.logs[name].queries, self.rows[name]))
