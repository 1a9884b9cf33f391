"""Sets of records by id: found once, so that later queries need not search for them again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from numpy.typing import NDArray

from servanda.recommendations.models import Recommendation

type Ids = RawSQL | QuerySet  # what a condition `in` takes
type Lookup = tuple[str, QuerySet]  # a condition of a Q, beside other Qs
type Pks = Sequence[int] | NDArray[np.int64]

WORTH_NAMING = 200_000  # records; beyond this, sending the ids costs more than searching again
BETWEEN = ";"  # separates the rows of a part in its line
_FOUND_AND_HIDDEN = """
SELECT 'hidden', string_agg(CAST(pk AS text), ',') FROM ({hidden}) AS hidden
UNION ALL
SELECT 'found', string_agg(CAST(id AS text), ',')
FROM ({found} LIMIT %s) AS found
"""


def by_ids(records: QuerySet) -> QuerySet:
    """The same records selected by id, if there are not too many."""
    pks = ids_of(records)
    return records if pks is None else with_ids(pks)


def ids_by_key(records_by_key: Mapping[str, QuerySet]) -> dict[str, list[int]] | None:
    """The ids of several sets in one query; None where there are too many in total."""
    parts = [
        records.order_by().annotate(whose=Value(key, CharField())).values_list("whose", "pk")
        for key, records in records_by_key.items()
    ]
    rows = list(together(parts)[: WORTH_NAMING + 1])
    if len(rows) > WORTH_NAMING:
        return None
    pks: dict[str, list[int]] = {key: [] for key in records_by_key}
    for key, pk in rows:
        pks[key].append(pk)
    return pks


def together(parts: Sequence[QuerySet]) -> QuerySet | tuple[()]:
    """The rows of all parts, in one query."""
    if len(parts) < 2:
        return parts[0] if parts else ()
    return parts[0].union(*parts[1:], all=True).order_by()


def ids_of(records: QuerySet) -> Pks | None:
    """The ids of these records; None where there are more than WORTH_NAMING."""
    pks = all_ids_of(records.order_by()[: WORTH_NAMING + 1])
    return None if len(pks) > WORTH_NAMING else pks


def all_ids_of(records: QuerySet) -> Pks:
    """The ids, read as one string: reading a row for each takes a tenth of the time of a whole word search."""
    return _read(
        records.values("pk").aggregate(line=StringAgg(Cast("pk", TextField()), delimiter=Value(",")))["line"]
    )


def ids_without_hidden(found: RawSQL, hidden: Iterable[QuerySet], visible: QuerySet) -> Pks | None:
    """The ids of `visible`, computed here as the rows of `found` (with a column `id`) minus the `hidden` records.

    A join in the database would take half as long again. With very many rows the usual query is used, so that hidden
    records do not influence whether the result is None.
    """
    parts = [records.order_by().values("pk").query.sql_with_params() for records in hidden]
    sql = _FOUND_AND_HIDDEN.format(found=found.sql, hidden=" UNION ALL ".join(sql for sql, _params in parts))
    most = 2 * WORTH_NAMING + 1
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(parameter for _sql, some in parts for parameter in some), *found.params, most])
        lines = dict(cursor.fetchall())
    pks = _read(lines["found"])
    if len(pks) == most:
        return ids_of(visible)
    pks = np.sort(pks[~np.isin(pks, _read(lines["hidden"]))])
    return None if len(pks) > WORTH_NAMING else pks


def _read(line: str | None) -> NDArray[np.int64]:
    return np.fromstring(line or "", dtype=np.int64, sep=",")


def joined_lines(parts: Mapping[str, RawSQL]) -> dict[str, str]:
    """Of each part, all that its column `line` says, in one text; of all parts in one query."""
    if not parts:
        return {}
    query = " UNION ALL ".join(
        f"SELECT %s, string_agg(line, '{BETWEEN}') FROM ({part.sql}) AS part" for part in parts.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [value for name, part in parts.items() for value in (name, *part.params)])
        return {name: line or "" for name, line in cursor.fetchall()}


def with_ids(pks: Pks) -> QuerySet:
    """The records with these ids. PostgreSQL's planner knows the length of an array, but assumes a fixed number of
    rows for a set made from one."""
    if connection.vendor == "postgresql":
        template, either = "%(expressions)s::bigint[])", BooleanField()
        one_of = Func(F("pk"), Value(as_array(pks)), arg_joiner=" = ANY(", template=template, output_field=either)
        return Recommendation.objects.filter(one_of)
    return Recommendation.objects.filter(pk__in=ids(pks))


def ids(pks: Pks) -> RawSQL:
    """A subquery with these ids, for a condition `in`: one parameter, however many ids."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [as_array(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [f"[{in_line(pks)}]"])


def as_array(pks: Pks) -> str:
    """An array literal: the driver would convert a list number by number for each query."""
    return f"{{{in_line(pks)}}}"


def in_line(pks: Pks) -> str:
    return ",".join(map(str, np.asarray(pks).tolist()))


def named_by(conditions: Iterable[Q]) -> RawSQL | None:
    """The ids that the subqueries of these conditions name, ignoring everything else in the conditions.

    None where a condition could hold for a record that none of its subqueries names.
    """
    subqueries = [_rows_of(condition) for condition in conditions]
    if not all(subqueries):
        return None
    unique = dict.fromkeys((rows.sql, tuple(rows.params)) for some in subqueries for rows in some or ())
    return RawSQL(
        " UNION ALL ".join(sql for sql, _some in unique), [parameter for _sql, some in unique for parameter in some]
    )


def _rows_of(condition: Q) -> list[RawSQL] | None:
    if condition.negated:
        return None
    parts = [
        _rows_of(child) if isinstance(child, Q) else _named_in(*cast(Lookup, child)) for child in condition.children
    ]
    if condition.connector == Q.AND:
        return next(filter(None, parts), None)
    return [rows for some in parts for rows in some or ()] if all(parts) else None


def _named_in(lookup: str, rows: object) -> list[RawSQL] | None:
    if lookup != "pk__in" or not isinstance(rows, RawSQL | QuerySet):
        return None
    if isinstance(rows, RawSQL):
        return [rows]
    try:
        return [_compiled_lookup(lookup, rows.order_by())[1]]
    except EmptyResultSet:
        return [RawSQL("SELECT 0 WHERE 1 = 0", [])]


def compiled(condition: Q) -> Q:
    """The same condition with each subquery compiled to SQL."""
    parts = (
        compiled(child) if isinstance(child, Q) else _compiled_lookup(*cast(Lookup, child))
        for child in condition.children
    )
    return Q(*parts, _connector=condition.connector, _negated=condition.negated)


def _compiled_lookup(lookup: str, rows: QuerySet) -> tuple[str, RawSQL]:
    return lookup, RawSQL(*rows.query.sql_with_params())
