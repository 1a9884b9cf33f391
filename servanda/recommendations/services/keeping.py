"""What every deed by hand has in common: hold the record, change it, leave one line of history and of the trail."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event


class ChangedMeanwhile(Refused):
    """Somebody else saved the record after this person had opened it."""


def hold(recommendation: Recommendation, *, version: int | None = None) -> Recommendation:
    """The record as it is now, locked; refused when it was saved since the person opened that version."""
    held = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if version is not None and held.version != version:
        raise ChangedMeanwhile(
            _("%(code)s was saved by somebody else while you were writing. Nothing is lost: compare, save again.")
            % {"code": held.code}
        )
    write_baselines([held])
    return held


def keep(held: Recommendation, action: str, *, by, difference: dict) -> None:
    """Save a held record as its next version, with who did what."""
    held.version += 1
    held._history_user = by
    held._change_reason = action
    held.save()
    Event.record(action, held, by=by, difference=difference)


def keep_all(held: Sequence[Recommendation], fields: Iterable[str], action: str, *, by) -> None:
    """Save many held records as their next versions; the trail gets its one line from the deed as a whole."""
    now = timezone.now()
    for record in held:
        record.version += 1
        record.changed_at = now
        record._history_user = by
        record._change_reason = action
    Recommendation.objects.bulk_update(held, [*fields, "version", "changed_at"])
    Recommendation.history.bulk_history_create(held, update=True)


def write_baselines(records: Iterable[Recommendation]) -> None:
    """Imports write no history; the first hand on a record keeps what it found there."""
    records = list(records)
    known = set(Recommendation.history.filter(id__in=[record.pk for record in records]).values_list("id", flat=True))
    found = [record for record in records if record.pk not in known]
    for record in found:
        record._history_user, record._history_date = None, record.changed_at
    Recommendation.history.bulk_history_create(found)
    for record in found:
        del record._history_user, record._history_date
