"""Queries that depend only on who reads, or on nothing, put together once."""

from collections.abc import Callable
from functools import wraps

from django.db import models

from servanda.people.access import roles_of


def once_per_reader[Rows: models.QuerySet](visible_to: Callable[..., Rows]) -> Callable[..., Rows]:
    """For `visible_to(user)` and its like, when a manager is asked.

    A page asks for the same visible rows a dozen times, and putting such a query together takes longer than running
    it. The query, never its rows, is kept on the user object like the scopes that it is made of: each request loads
    its own.
    """

    @wraps(visible_to)
    def kept_with_reader(self: Rows, user) -> Rows:
        known = getattr(user, "known_queries", None)
        if known is None or not is_untouched(self):
            return visible_to(self, user)
        key = (type(self), self.model, visible_to.__name__, roles_of(user))
        if key not in known:
            known[key] = visible_to(self, user)
        return known[key].all()

    return kept_with_reader


def once[Rows: models.QuerySet](narrowed: Callable[[Rows], Rows]) -> Callable[[Rows], Rows]:
    """The same for conditions that depend on nobody, such as `kept()`: once in each process."""
    known: dict[tuple, models.QuerySet] = {}

    @wraps(narrowed)
    def kept_in_process(self: Rows) -> Rows:
        if not is_untouched(self):
            return narrowed(self)
        if (key := (type(self), self.model)) not in known:
            known[key] = narrowed(self)
        return known[key].all()

    return kept_in_process


def is_untouched(rows: models.QuerySet) -> bool:
    """Whether these are all rows of the model, as its manager gives them."""
    query = rows.query
    narrowed = query.where or query.is_sliced or query.combinator or query.distinct
    shaped = query.annotations or query.select_related or query.alias_map or rows._prefetch_related_lookups
    ordered = query.order_by or query.extra_order_by or not (query.default_ordering and query.standard_ordering)
    is_read_otherwise = query.select_for_update or query.deferred_loading[0] or rows._db or rows._fields
    return not (narrowed or shaped or ordered or is_read_otherwise)
