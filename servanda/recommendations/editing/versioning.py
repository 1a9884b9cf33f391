"""What every deed by hand has in common: hold the record, change it, leave one line of history and of the trail."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation, settle_publicity
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


def hold_all(pks: Iterable[int]) -> None:
    """Whoever wants to change the same records waits until this is done; in one order, so that no two wait for each
    other. What was read of them before is to be read again."""
    list(Recommendation.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def keep(
    held: Recommendation,
    action: str,
    *,
    by: User,
    difference: dict,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save a held record as its next version, with who did what. Raises `Refused` where it would take an assessment
    on an institution's own signature from the public without an explanation."""
    settle_publicity([held], explanation, by=by)
    held.version += 1
    sign(held, _history_user=by, _change_reason=action)
    held.save()
    Event.record(action, held, by=by, difference=difference)


def keep_all(
    held: Sequence[Recommendation],
    fields: Iterable[str],
    action: str,
    *,
    by: User | None,
    explanation: Explanation = NO_EXPLANATION,
) -> None:
    """Save many held records as their next versions; the trail gets its one line from the deed as a whole. Raises
    `Refused` as `keep` does."""
    settle_publicity(held, explanation, by=by)
    now = timezone.now()
    for record in held:
        record.version += 1
        record.changed_at = now
        sign(record, _history_user=by, _change_reason=action)
    Recommendation.objects.bulk_update(held, [*fields, "version", "changed_at"])
    Recommendation.history.bulk_history_create(held, update=True)


def write_baselines(records: Iterable[Recommendation]) -> None:
    """Imports write no history; the first hand on a record keeps what it found there."""
    records = list(records)
    known = set(Recommendation.history.filter(id__in=[record.pk for record in records]).values_list("id", flat=True))
    found = [record for record in records if record.pk not in known]
    for record in found:
        sign(record, _history_user=None, _history_date=record.changed_at)
    Recommendation.history.bulk_history_create(found)
    for record in found:
        del vars(record)["_history_user"], vars(record)["_history_date"]


def sign(record: Recommendation, **signature: object) -> None:
    """Tell the history who is about to save: it looks for these names on the record itself."""
    vars(record).update(signature)
