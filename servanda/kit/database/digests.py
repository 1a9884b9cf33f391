"""One digest for each row of a QuerySet, over everything that is read for it: columns, annotations and prefetched
rows. If the digest is unchanged, so are all these tables. No model instances are created."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Prefetch, QuerySet
from django.db.models.constants import LOOKUP_SEP

OWN, PARENT = "digest_own", "digest_parent"  # aliases of columns
BYTES = 20


def digests_of(queryset: QuerySet) -> dict[Any, bytes]:
    """By primary key.

    Raises:
        FieldError: for a prefetch that this cannot follow.
    """
    found = {own: blake2b(values, digest_size=BYTES) for own, _parent, values in raw_rows(queryset, "pk")}
    for lookup in lookups_of(queryset):
        for parent, values in related_rows(queryset, lookup):
            if parent in found:
                found[parent].update(values)
    return {own: digest.digest() for own, digest in found.items()}


def lookups_of(queryset: Any) -> tuple[str | Prefetch, ...]:
    """Of its prefetches; Django has no other way to them."""
    return queryset._prefetch_related_lookups


def raw_rows(queryset: QuerySet, parent: str) -> Iterator[tuple[Any, Any, bytes]]:
    """Primary key, key of the parent, and all columns, without the converters of the fields. The order is that of the
    keys, so that only a difference in a value makes one in a digest."""
    marked = queryset.annotate(**{OWN: F("pk"), PARENT: F(parent)}).order_by("pk")
    compiler = marked.query.get_compiler(DEFAULT_DB_ALIAS)
    for chunk in compiler.execute_sql(chunked_fetch=True) or ():
        places = compiler.annotation_col_map or {}
        for row in chunk:
            yield row[places[OWN]], row[places[PARENT]], repr(tuple(row)).encode()


def related_rows(queryset: QuerySet, lookup: str | Prefetch) -> Iterator[tuple[Any, bytes]]:
    """What one prefetch reads: the key of the row to which it belongs, and its values."""
    path, chosen = (lookup.prefetch_through, lookup.queryset) if isinstance(lookup, Prefetch) else (lookup, None)
    first, _separator, rest = path.partition(LOOKUP_SEP)
    relation: Any = queryset.model._meta.get_field(first)
    if chosen is not None and (rest or not relation.one_to_many):
        raise FieldError(f"no digest over the prefetch {path}")
    if relation.many_to_one:
        yield from rows_named(queryset, relation, rest)
        return
    related, key = (chosen, relation.field.attname) if chosen is not None else naming_rows(relation)
    if rest:
        related = related.prefetch_related(rest)
    beside = digests_of(related) if lookups_of(related) else {}
    for own, parent, values in raw_rows(related, key):
        yield parent, values + beside.get(own, b"")


def naming_rows(relation: Any) -> tuple[QuerySet, str]:
    """The rows that name a row, or the pairs of a many-to-many relation with what they name; and the column."""
    if not relation.many_to_many:
        return relation.related_model._default_manager.all(), relation.field.attname
    pairs = relation.remote_field.through._default_manager.select_related(relation.m2m_reverse_field_name())
    return pairs, f"{relation.m2m_field_name()}_id"


def rows_named(queryset: QuerySet, relation: Any, rest: str) -> Iterator[tuple[Any, bytes]]:
    targets = relation.related_model._base_manager.all()
    digests = digests_of(targets.prefetch_related(rest) if rest else targets)
    for own, target in queryset.order_by("pk").values_list("pk", relation.attname):
        if target in digests:
            yield own, digests[target]
