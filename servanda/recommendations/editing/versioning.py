"""What all edits of a record share: lock it, change it, save the next version with a line of history and of the
trail."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from servanda.people import versioning
from servanda.people.models import User
from servanda.people.versioning import attribute, refuse_if_changed, saved_meanwhile
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation, settle_publicity
from servanda.recommendations.models import Recommendation


def lock(recommendation: Recommendation, *, version: int | None = None) -> Recommendation:
    """The record as it is now, locked. Raises `ChangedMeanwhile` if it was saved since the person opened that
    version."""
    record = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    refuse_if_changed(record.version, version, saved_meanwhile(record.code))
    write_baselines([record])
    return record


def lock_all(pks: Iterable[int]) -> None:
    """Whoever wants to change the same records waits until this is done; in one order, so that no two wait for each
    other. What was read of them before is to be read again."""
    list(Recommendation.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def save_version(
    record: Recommendation,
    action: str,
    *,
    by: User,
    difference: dict,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save a locked record as its next version, with who did what. Raises `Refused` where it would take an
    assessment on an institution's own signature from the public without an explanation."""
    settle_publicity([record], explanation, by=by)
    versioning.save_version(record, action, by=by, difference=difference)


def save_versions(
    records: Sequence[Recommendation],
    fields: Iterable[str],
    action: str,
    *,
    by: User | None,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save many locked records as their next versions; the trail gets its one line from the caller. Raises `Refused`
    as `save_version` does."""
    settle_publicity(records, explanation, by=by)
    now = timezone.now()
    for record in records:
        record.version += 1
        record.changed_at = now
        attribute(record, by=by, reason=action)
    Recommendation.objects.bulk_update(records, [*fields, "version", "changed_at"])
    Recommendation.history.bulk_history_create(records, update=True)


def write_baselines(records: Iterable[Recommendation]) -> None:
    """Imports write no history; the first edit of a record keeps what it found there."""
    records = list(records)
    known = set(Recommendation.history.filter(id__in=[record.pk for record in records]).values_list("id", flat=True))
    found = [record for record in records if record.pk not in known]
    for record in found:
        vars(record).update(_history_user=None, _history_date=record.changed_at)
    Recommendation.history.bulk_history_create(found)
    for record in found:
        del vars(record)["_history_user"], vars(record)["_history_date"]
