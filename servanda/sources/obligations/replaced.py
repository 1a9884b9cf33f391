"""Deadlines that a step of several rows has replaced, by a document that was imported or a session that slipped:
undoing the step restores them."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import Obligation, ReplacedDeadline
from servanda.sources.obligations.extensions import move_steps
from servanda.sources.obligations.values import facts

TAKEN_OVER = (
    *("document", "paragraph", "words", "combined", "clock_on", "due_on", "certainty", "day_from"),
    *("is_past_at_entry", "every", "state", "state_reason", "kind", "rule"),
)


def move_deadline(
    obligation: Obligation, *, clock_on: date | None, due_on: date | None, certainty: str, batch: Batch, by: User
) -> None:
    """Give a locked obligation the deadline that its rule computes from another start. A postponed one goes on."""
    before = facts(obligation) | {"state": obligation.state}
    move_steps(obligation, due_on)
    obligation.clock_on, obligation.due_on, obligation.certainty = clock_on, due_on, certainty
    obligation.is_past_at_entry = False
    if obligation.state == Obligation.State.POSTPONED:
        obligation.state, obligation.state_reason = Obligation.State.EXPECTED, ""
    difference = difference_of(before, facts(obligation) | {"state": obligation.state})
    save_version(obligation, "obligation-edited", by=by, difference=difference)
    ReplacedDeadline.objects.create(obligation=obligation, batch=batch, version=obligation.version)


@transaction.atomic
def restore_deadlines(batch: Batch, *, by: User | None = None) -> int:
    """Set the obligations back to the deadlines before; returns how many. Repeated, it changes nothing."""
    replaced = ReplacedDeadline.objects.filter(batch=batch).select_related("obligation")
    for row in (rows := list(replaced.order_by("pk"))):
        obligation = Obligation.objects.select_for_update().get(pk=row.obligation_id)
        earlier = obligation.history.filter(version=row.version - 1).order_by("-history_id").first()
        if obligation.version == row.version and earlier is not None:
            before = facts(obligation)
            move_steps(obligation, earlier.due_on)
            for name in TAKEN_OVER:
                setattr(obligation, name, getattr(earlier, name))
            difference = difference_of(before, facts(obligation))
            save_version(obligation, "obligation-edited", by=by, difference=difference)
        row.delete()
    return len(rows)


def why_not_restored(batch: Batch) -> str:
    """Why a deadline can no longer be set back, or ""."""
    for row in ReplacedDeadline.objects.filter(batch=batch).select_related("obligation").order_by("pk"):
        if row.obligation.version != row.version:
            sentence = _("%(code)s was edited after the import, so the import can no longer be undone.")
            return sentence % {"code": row.obligation.code}
    return ""
