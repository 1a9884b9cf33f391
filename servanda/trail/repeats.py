"""Refusals that repeat: the first of a person, page and hour is a line of the trail at once; the others are counted
outside the chain, and one more line tells how many when the hour has ended."""

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
    """`page` names the address: a thousand ids of one kind are one page. `path` is what was asked for first."""
    person = by if by is not None and by.is_authenticated else None  # type: ignore[attr-defined]  # -- a person, or nobody yet
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
    """One line for each count of an hour that has ended, however many workers ask and whatever was stopped."""
    ended = RepeatedRefusal.objects.filter(hour__lt=hour_of(on)).order_by("hour", "pk")
    return sum(tell_repeated(pk) for pk in ended.values_list("pk", flat=True))


@transaction.atomic
def tell_repeated(pk: int) -> bool:
    """Whoever deletes the count writes the line; another worker finds none."""
    row = RepeatedRefusal.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return False
    row.delete()
    if row.times:
        between = {
            "from": row.hour.isoformat(timespec="minutes"),
            "until": (row.hour + AN_HOUR).isoformat(timespec="minutes"),
        }
        Event.record("refused-again", by=row.person, label=row.path, difference={"times": row.times, **between})
    return bool(row.times)
