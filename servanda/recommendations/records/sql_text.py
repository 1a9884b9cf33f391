"""Conditions and rows as the text that the database gets.

To put a query together takes Django longer than the database needs to answer it for a page of records. What is the
same for every page is put together once in a process, with a place for what differs. Only text is kept, never rows.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL

from servanda.kit.database.kept_texts import Text
from servanda.recommendations.models import Recommendation
from servanda.recommendations.records.id_sets import Ids, Lookup

TABLE = '"recommendations_recommendation"'
PK = f'{TABLE}."id"'
COLUMNS = {"pk__in": PK, "body__in": f'{TABLE}."body_id"'}
NOWHERE = RawSQL("1 = 0", [])
PLACE = "SELECT id FROM place_of_the_records"


def text_of(rows: Ids) -> RawSQL:
    return rows if isinstance(rows, RawSQL) else RawSQL(*rows.query.sql_with_params())


def plain_text_of(rows: QuerySet) -> Text:
    sql, params = rows.query.sql_with_params()
    return Text(sql, tuple(params))


def read_text(text: Text) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text.sql, text.params)
        return cursor.fetchall()


def read_union(parts: Sequence[RawSQL | Text]) -> list[tuple]:
    """The rows of all parts, in one query."""
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(part.sql for part in parts), [one for part in parts for one in part.params])
        return cursor.fetchall()


def condition_text(condition: Q) -> RawSQL:
    """What stands behind WHERE in a query of `Recommendation`; the condition has at least one part."""
    parts = [
        condition_text(part) if isinstance(part, Q) else _lookup_text(*cast(Lookup, part))
        for part in condition.children
    ]
    text = f" {condition.connector} ".join(f"({part.sql})" for part in parts)
    return RawSQL(f"NOT ({text})" if condition.negated else text, [value for part in parts for value in part.params])


def _lookup_text(name: str, rows: object) -> RawSQL:
    column = COLUMNS.get(name)
    try:
        if column is None or not isinstance(rows, RawSQL | QuerySet):
            rows, column = Recommendation.objects.filter((name, rows)).order_by().values("pk"), PK
        text = text_of(rows if isinstance(rows, RawSQL) else rows.order_by())
    except EmptyResultSet:
        return NOWHERE
    return RawSQL(f"{column} IN ({text.sql})", text.params)


def expression_text(expression: Combinable) -> RawSQL:
    """The SQL of one selected expression of a `Recommendation` query.

    Raises:
        ValueError: if the expression needs another table beside that of the records.
    """
    query = Recommendation.objects.order_by().annotate(value=expression).values("value").query
    sql, params = query.sql_with_params()
    end = f' AS "value" FROM {TABLE}'
    if not sql.endswith(end):
        raise ValueError(sql)
    text = sql.removeprefix("SELECT ").removesuffix(end)
    return RawSQL(text, params, output_field=query.annotations["value"].output_field)


class RowsBeside:
    """A query for rows beside records: `make` gets the records as ids, and is called once in a process."""

    def __init__(self, make: Callable[[RawSQL], QuerySet]) -> None:
        self.make = make

    @cached_property
    def around(self) -> tuple[str, list, str, list]:
        """The text and its parameters before the place of the records, and behind it."""
        text = text_of(self.make(RawSQL(PLACE, [])))
        before, behind = text.sql.split(PLACE)
        number = before.count("%s")
        return before, list(text.params[:number]), behind, list(text.params[number:])

    def of(self, records: Ids) -> RawSQL:
        text = text_of(records)
        before, first, behind, last = self.around
        return RawSQL(f"{before}{text.sql}{behind}", [*first, *text.params, *last])
