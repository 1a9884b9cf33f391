"""Shared by all edits of a record: lock it, and save the next version with a row of history and a line of the
trail."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from servanda.people import versioning
from servanda.people.models import User
from servanda.people.versioning import attribute, overwriting_conflict, refuse_if_changed
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation, explain_publicity
from servanda.recommendations.models import Recommendation


def lock(recommendation: Recommendation, *, version: int | None = None) -> Recommendation:
    """The current record, locked. Raises `ChangedMeanwhile` if it was saved since the person opened that version."""
    record = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    refuse_if_changed(record.version, version, overwriting_conflict(record.code))
    write_baselines([record])
    return record


def lock_all(pks: Iterable[int]) -> None:
    """Lock records, ordered by id to avoid deadlocks. Anything read from them before has to be read again."""
    list(Recommendation.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def save_version(
    record: Recommendation,
    action: str,
    *,
    by: User,
    difference: dict,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save a locked record as its next version, with who did what. Raises `Refused` where a record with a signed
    assessment would stop being public without an explanation."""
    explain_publicity([record], explanation, by=by)
    versioning.save_version(record, action, by=by, difference=difference)


def save_versions(
    records: Sequence[Recommendation],
    fields: Iterable[str],
    action: str,
    *,
    by: User | None,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save many locked records as their next versions; the caller writes the line of the trail. Raises `Refused` like
    `save_version`."""
    explain_publicity(records, explanation, by=by)
    now = timezone.now()
    for record in records:
        record.version += 1
        record.changed_at = now
        attribute(record, by=by, reason=action)
    Recommendation.objects.bulk_update(records, [*fields, "version", "changed_at"])
    Recommendation.history.bulk_history_create(records, update=True)


def write_baselines(records: Iterable[Recommendation]) -> None:
    """Write the first row of history for records without any: imports write none, so the first edit saves the state
    before it."""
    records = list(records)
    with_history = set(
        Recommendation.history.filter(id__in=[record.pk for record in records]).values_list("id", flat=True)
    )
    without_history = [record for record in records if record.pk not in with_history]
    for record in without_history:
        vars(record).update(_history_user=None, _history_date=record.changed_at)
    Recommendation.history.bulk_history_create(without_history)
    for record in without_history:
        del vars(record)["_history_user"], vars(record)["_history_date"]
