"""What was there at a moment: rows that were current then, and rows as their history has them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from servanda.intake.models import Batch


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - datetime.resolution


def current_at(rows: Any, moment: datetime) -> QuerySet:
    """Rows that were written, or applied with their batch, and not ended by then."""
    applied = Batch.objects.filter(state=Batch.State.APPLIED, applied_at__lte=moment).values("pk")
    by_hand = Q(added_by=None) & (Q(created_at=None) | Q(created_at__lte=moment))
    standing = Q(ended_at=None) | Q(ended_at__gt=moment)
    return rows.filter(by_hand | Q(added_by__in=applied), standing, ~Q(ended_by__in=applied))


def known_at(records: QuerySet, moment: datetime) -> QuerySet:
    """The records that were in the register by then."""
    by_batch = Q(added_by__applied_at__lte=moment)
    return records.filter(by_batch | Q(added_by__applied_at=None, created_at__lte=moment))


def states_at(model: type[Model], pks: Iterable[int], moment: datetime) -> dict[int, Any]:
    """Rows with a history as they were at the moment, by their key. Imports write no history: a row whose history
    begins later was until then what its first state says; one without history has not changed and is left out."""
    states: dict[int, Any] = {}
    rows = model.history  # type: ignore[attr-defined]  # -- django-simple-history adds it at run time
    history = rows.filter(id__in=list(pks)).order_by("history_date", "history_id")
    for state in history:
        if state.history_date <= moment or state.id not in states:
            states[state.id] = state.instance
    return states
