"""Records that were found once, named by their ids, so that no question after it finds them again."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import CharField, QuerySet, Value
from django.db.models.expressions import RawSQL

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
    """The ids of the records found, unless they are more than is worth naming."""
    pks = list(found.order_by().values_list("pk", flat=True)[: WORTH_NAMING + 1])
    return None if len(pks) > WORTH_NAMING else pks


def with_ids(pks: Sequence[int]) -> QuerySet:
    return Recommendation.objects.filter(pk__in=ids(pks))


def ids(pks: Sequence[int]) -> RawSQL:
    """As rows of one column, for a condition `in`: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])
