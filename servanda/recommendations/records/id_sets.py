"""Records that were found once, named by their ids, so that no question after it finds them again."""

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

WORTH_NAMING = 200_000  # records found; more ids than that cost more to send than to find again
BETWEEN = ";"  # the rows of a part in its one line
_FOUND_AND_HIDDEN = """
SELECT 'hidden', string_agg(CAST(pk AS text), ',') FROM ({hidden}) AS hidden
UNION ALL
SELECT 'found', string_agg(CAST(id AS text), ',')
FROM ({found} LIMIT %s) AS found
"""


def named(found: QuerySet) -> QuerySet:
    """The same records by their ids, where they are not too many."""
    pks = ids_of(found)
    return found if pks is None else with_ids(pks)


def ids_together(found: Mapping[str, QuerySet]) -> dict[str, list[int]] | None:
    """Of several of these in one question; nothing where all of them together are too many."""
    parts = [
        records.order_by().annotate(whose=Value(whose, CharField())).values_list("whose", "pk")
        for whose, records in found.items()
    ]
    rows = list(together(parts)[: WORTH_NAMING + 1])
    if len(rows) > WORTH_NAMING:
        return None
    pks: dict[str, list[int]] = {whose: [] for whose in found}
    for whose, pk in rows:
        pks[whose].append(pk)
    return pks


def together(parts: Sequence[QuerySet]) -> QuerySet | tuple[()]:
    """The answers to all parts, asked in one question."""
    if len(parts) < 2:
        return parts[0] if parts else ()
    return parts[0].union(*parts[1:], all=True).order_by()


def ids_of(found: QuerySet) -> Pks | None:
    """The ids of the records found, unless they are more than is worth naming."""
    pks = all_ids_of(found.order_by()[: WORTH_NAMING + 1])
    return None if len(pks) > WORTH_NAMING else pks


def all_ids_of(found: QuerySet) -> Pks:
    """They come in one line: to read a row for each takes a tenth of the time in which words find them."""
    return _read(found.values("pk").aggregate(line=StringAgg(Cast("pk", TextField()), delimiter=Value(",")))["line"])


def ids_but(found: RawSQL, hidden: Iterable[QuerySet], visible: QuerySet) -> Pks | None:
    """The ids of `visible`, told as rows that have an `id` without some records, which are taken away here: to join
    them takes a database half as long again. Where the rows are very many it is asked in the usual way, so that what
    is hidden does not decide whether the rest is named."""
    parts = [records.order_by().values("pk").query.sql_with_params() for records in hidden]
    asked = _FOUND_AND_HIDDEN.format(found=found.sql, hidden=" UNION ALL ".join(sql for sql, _params in parts))
    most = 2 * WORTH_NAMING + 1
    with connection.cursor() as cursor:
        cursor.execute(asked, [*(one for _sql, some in parts for one in some), *found.params, most])
        lines = dict(cursor.fetchall())
    pks = _read(lines["found"])
    if len(pks) == most:
        return ids_of(visible)
    pks = np.sort(pks[~np.isin(pks, _read(lines["hidden"]))])
    return None if len(pks) > WORTH_NAMING else pks


def _read(line: str | None) -> NDArray[np.int64]:
    return np.fromstring(line or "", dtype=np.int64, sep=",")


def in_one_line(parts: Mapping[str, QuerySet]) -> dict[str, str]:
    """Of each part, all that its column `line` says, in one text; of all parts in one question."""
    if not parts:
        return {}
    told = [(name, *part.query.sql_with_params()) for name, part in parts.items()]
    one = "SELECT %s, string_agg(line, '{}') FROM ({}) AS part"
    with connection.cursor() as cursor:
        asked = " UNION ALL ".join(one.format(BETWEEN, sql) for _name, sql, _params in told)
        cursor.execute(asked, [value for name, _sql, params in told for value in (name, *params)])
        return {name: line or "" for name, line in cursor.fetchall()}


def with_ids(pks: Pks) -> QuerySet:
    """PostgreSQL knows how many an array holds; of rows made of it, it believes that they are two hundred."""
    if connection.vendor == "postgresql":
        template, either = "%(expressions)s::bigint[])", BooleanField()
        one_of = Func(F("pk"), Value(as_array(pks)), arg_joiner=" = ANY(", template=template, output_field=either)
        return Recommendation.objects.filter(one_of)
    return Recommendation.objects.filter(pk__in=ids(pks))


def ids(pks: Pks) -> RawSQL:
    """As rows of one column, for a condition `in`: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [as_array(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [f"[{in_line(pks)}]"])


def as_array(pks: Pks) -> str:
    """A list would be written down number by number, for each question anew."""
    return f"{{{in_line(pks)}}}"


def in_line(pks: Pks) -> str:
    return ",".join(map(str, np.asarray(pks).tolist()))


def named_by(conditions: Iterable[Q]) -> RawSQL | None:
    """All records that are named by the rows on which these conditions stand, whatever else they ask; None where one
    of them may hold for a record that none of these rows names."""
    named = [_rows_of(condition) for condition in conditions]
    if not all(named):
        return None
    words = dict.fromkeys((rows.sql, tuple(rows.params)) for some in named for rows in some or ())
    return RawSQL(" UNION ALL ".join(sql for sql, _some in words), [one for _sql, some in words for one in some])


def _rows_of(condition: Q) -> list[RawSQL] | None:
    if condition.negated:
        return None
    parts = [_rows_of(one) if isinstance(one, Q) else _named_in(*cast(Lookup, one)) for one in condition.children]
    if condition.connector == Q.AND:
        return next(filter(None, parts), None)
    return [rows for some in parts for rows in some or ()] if all(parts) else None


def _named_in(lookup: str, rows: object) -> list[RawSQL] | None:
    if lookup != "pk__in" or not isinstance(rows, RawSQL | QuerySet):
        return None
    if isinstance(rows, RawSQL):
        return [rows]
    try:
        return [_as_words(lookup, rows.order_by())[1]]
    except EmptyResultSet:
        return [RawSQL("SELECT 0 WHERE 1 = 0", [])]


def written(condition: Q) -> Q:
    """The same condition, with each set of rows that it names as the words that the database gets."""
    parts = (written(one) if isinstance(one, Q) else _as_words(*cast(Lookup, one)) for one in condition.children)
    return Q(*parts, _connector=condition.connector, _negated=condition.negated)


def _as_words(lookup: str, rows: QuerySet) -> tuple[str, RawSQL]:
    return lookup, RawSQL(*rows.query.sql_with_params())
