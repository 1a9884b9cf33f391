"""Subqueries that take nothing from the query around them, put into SQL once.

Django puts a subquery together anew wherever it stands. A page has the same ones dozens of times, and that takes
longer than running them.
"""

from collections.abc import Mapping
from typing import Any, cast

from django.db import models
from django.db.models.sql import Query


class FixedQuery(Query):
    """For `__in`; it must not refer to an outer query, and nothing in it may depend on the time."""

    known_sql: dict[str, tuple[str, tuple]]

    def resolve_expression(self, *_args: Any, **_options: Any) -> "FixedQuery":
        return self

    def relabeled_clone(self, _change_map: Mapping[str, str]) -> "FixedQuery":
        return self

    def get_external_cols(self) -> list:
        return []

    def chain(self, klass: type[Query] | None = None) -> Query:
        """A usual query, which can be narrowed."""
        usual = self.clone()
        vars(usual).pop("known_sql", None)
        usual.__class__ = Query
        return usual.chain(klass)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        if connection.vendor not in self.known_sql:
            usual = self.chain()  # threads share this one, and compiling changes a query
            usual.subquery = True
            sql, params = usual.as_sql(compiler, connection)
            self.known_sql[connection.vendor] = sql, tuple(params)
        return self.known_sql[connection.vendor]


def fixed[Rows: models.QuerySet](rows: Rows) -> Rows:
    """The same rows as a subquery that is put into SQL once."""
    rows = rows.order_by()
    query = cast(FixedQuery, rows.query.chain(FixedQuery))
    query.known_sql = {}
    rows.query = query
    return rows
