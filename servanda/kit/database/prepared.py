"""Queries for rows of a model that are put into SQL once, with places for what differs between two readings."""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from servanda.kit.database.kept_texts import Text

# Values that stand in the text for a key and for a day.
KEY, DAY = -987_654_321, date(9998, 7, 6)


class Prepared[Row: models.Model]:
    """The rows of a queryset, with `select_related` and annotations; nothing is prefetched."""

    def __init__(self, rows: models.QuerySet[Row, Any]) -> None:
        self.model = rows.model
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            sql, params = "", ()
        self.compiler, self.text = lightened(compiler), Text(sql, tuple(params))

    def read(
        self, *, key: int | str | None = None, day: date | None = None, moment: datetime | None = None
    ) -> list[Row]:
        """The rows with this key, day and moment in the places of `KEY`, `DAY` and `READING`."""
        query: Any = self.filled(key, day, moment)
        return list(models.QuerySet(self.model, query=query))

    def values(self) -> list[tuple]:
        """The rows of `values_list`, in the order of its columns."""
        if not self.text.sql:
            return []
        compiler: Any = self.filled().get_compiler(connection.alias)
        return list(compiler.results_iter(compiler.execute_sql(), tuple_expected=True))

    def filled(
        self, key: int | str | None = None, day: date | None = None, moment: datetime | None = None
    ) -> "Filled":
        params = self.text.at(moment or timezone.now())
        if key is not None:
            params = tuple(type(value)(key) if value in (KEY, str(KEY)) else value for value in params)
        if day is not None:
            place, stored_day = stored(DAY), stored(day)
            params = tuple(stored_day if value == place else value for value in params)
        return Filled(self.compiler, self.text.sql, params)


def lightened(compiler: SQLCompiler) -> SQLCompiler:
    """Without the query, which takes far more memory than its text; reading needs the columns and their types."""
    light = copy(compiler)
    kept: dict[str, Any] = dict.fromkeys(["query", "where", "having", "qualify", "connection"])
    if compiler.select:
        kept["select"] = [(typed(column), None, alias) for column, _text, alias in compiler.select]
    vars(light).update(kept)
    return light


def typed(column: Any) -> Any:
    return column if isinstance(column, Col) else models.Value(None, output_field=column.output_field)


class Filled:
    """What a queryset needs of its query to be read."""

    def __init__(self, compiler: SQLCompiler, sql: str, params: tuple) -> None:
        self.compiler, self.sql, self.params = compiler, sql, params

    def get_compiler(self, using: str, **_options: Any) -> SQLCompiler:
        """Threads share the one that has put the query together, and each has a connection of its own."""
        compiler = copy(self.compiler)
        compiler.using, compiler.connection = using, connections[using]
        vars(compiler)["as_sql"] = lambda: (self.sql, self.params)
        return compiler


class OnceInProcess[Row: models.Model]:
    """A prepared query that depends on nobody, made when it is first read."""

    def __init__(self, make: Callable[[], models.QuerySet[Row]]) -> None:
        self.make = make
        self.by_vendor: dict[str, Prepared[Row]] = {}

    def read(self, *, key: int | str | None = None, day: date | None = None) -> list[Row]:
        if connection.vendor not in self.by_vendor:
            self.by_vendor[connection.vendor] = Prepared(self.make())
        return self.by_vendor[connection.vendor].read(key=key, day=day)


def texts_in(prepared: Prepared) -> Iterable[Text]:
    return [prepared.text]


def stored(day: date) -> object:
    return connection.ops.adapt_datefield_value(day)
