"""Records that were found once, named by their ids, so that no question after it finds them again."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from servanda.recommendations.models import Recommendation

type Ids = RawSQL | QuerySet  # what a condition `in` takes

WORTH_NAMING = 30_000  # records found; more ids than that cost more to send than to find again


def named(found: QuerySet) -> QuerySet:
    """The same records by their ids, where they are not too many."""
    pks = ids_of(found)
    return found if pks is None else with_ids(pks)


def named_together(found: Mapping[str, QuerySet]) -> Mapping[str, QuerySet]:
    """Several of these in one question; none is named where all of them together are too many."""
    parts = [
        records.order_by().annotate(whose=Value(whose, CharField())).values_list("whose", "pk")
        for whose, records in found.items()
    ]
    rows = list(together(parts)[: WORTH_NAMING + 1])
    if len(rows) > WORTH_NAMING:
        return found
    pks: dict[str, list[int]] = {whose: [] for whose in found}
    for whose, pk in rows:
        pks[whose].append(pk)
    return {whose: with_ids(some) for whose, some in pks.items()}


def together(parts: Sequence[QuerySet]) -> QuerySet | tuple[()]:
    """The answers to all parts, asked in one question."""
    if len(parts) < 2:
        return parts[0] if parts else ()
    return parts[0].union(*parts[1:], all=True).order_by()


def ids_of(found: QuerySet) -> list[int] | None:
    """The ids of the records found, unless they are more than is worth naming. They come in one line: to read a row
    for each takes a tenth of the time in which words find them."""
    some = found.order_by().values("pk")[: WORTH_NAMING + 1]
    line = some.aggregate(line=StringAgg(Cast("pk", TextField()), delimiter=Value(",")))["line"]
    pks = [int(pk) for pk in line.split(",")] if line else []
    return None if len(pks) > WORTH_NAMING else pks


def with_ids(pks: Sequence[int]) -> QuerySet:
    """PostgreSQL knows how many an array holds; of rows made of it, it believes that they are two hundred."""
    if connection.vendor == "postgresql":
        template, either = "%(expressions)s::bigint[])", BooleanField()
        one_of = Func(F("pk"), Value(as_array(pks)), arg_joiner=" = ANY(", template=template, output_field=either)
        return Recommendation.objects.filter(one_of)
    return Recommendation.objects.filter(pk__in=ids(pks))


def ids(pks: Sequence[int]) -> RawSQL:
    """As rows of one column, for a condition `in`: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [as_array(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])


def as_array(pks: Sequence[int]) -> str:
    """A list would be written down number by number, for each question anew."""
    return f"{{{','.join(map(str, pks))}}}"


def written(condition: Q) -> Q:
    """The same condition, with each set of rows that it names as the words that the database gets."""
    parts = (written(one) if isinstance(one, Q) else _as_words(*one) for one in condition.children)
    return Q(*parts, _connector=condition.connector, _negated=condition.negated)


def _as_words(lookup: str, rows: QuerySet) -> tuple[str, RawSQL]:
    return lookup, RawSQL(*rows.query.sql_with_params())
