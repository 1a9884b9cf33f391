"""Repeated refusals. The first of each person, page and hour is recorded in the trail at once; the others are only
counted, outside the chain, and recorded as one event with their number after the hour has ended."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from servanda.trail.models import Event, RepeatedRefusal

AN_HOUR = timedelta(hours=1)


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def record_refused(
    action: str,
    *,
    page: str,
    path: str,
    by: models.Model | None = None,
    label: str = "",
    difference: dict | None = None,
) -> None:
    """Record a refusal, or count it if it repeats.

    `page` is the name of the URL, so a thousand ids of one kind are one page. `path` is that of the first refusal.
    """
    person = by if by is not None and by.is_authenticated else None  # type: ignore[attr-defined]  # -- a person, or no one yet
    key = {"person": person, "action": action, "page": page[:128], "hour": hour_of(timezone.now())}
    same = RepeatedRefusal.objects.filter(**key)
    if same.update(times=F("times") + 1):
        return
    with transaction.atomic():
        _row, is_first = RepeatedRefusal.objects.get_or_create(**key, defaults={"path": path[:200]})
        if is_first:
            Event.record(action, by=by, label=label, difference=difference)
    if not is_first:
        same.update(times=F("times") + 1)


def tell_repeated_refusals(*, on: datetime) -> int:
    """Record one event for each count of an hour that has ended, exactly once even if workers race or are stopped.

    Returns the number of events.
    """
    ended = RepeatedRefusal.objects.filter(hour__lt=hour_of(on)).order_by("hour", "pk")
    return sum(tell_repeated(pk) for pk in ended.values_list("pk", flat=True))


@transaction.atomic
def tell_repeated(pk: int) -> bool:
    """Delete the count and record the event in one transaction, so that no other worker records it too."""
    row = RepeatedRefusal.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return False
    row.delete()
    if row.times:
        hour = {
            "from": row.hour.isoformat(timespec="minutes"),
            "until": (row.hour + AN_HOUR).isoformat(timespec="minutes"),
        }
        Event.record("refused-again", by=row.person, label=row.path, difference={"times": row.times, **hour})
    return bool(row.times)
