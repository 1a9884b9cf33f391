"""Obligations whose deadline had passed before an import added them: whether they were answered, for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.recommendations.bulk.registry import BULK, BulkChange
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.sources.models import Obligation
from servanda.sources.obligations.values import refuse_without_permission

State = Obligation.State
SETTLED = "past-deadline-settled"


class Answer(models.TextChoices):
    ANSWERED = "answered", gettext_lazy("Answered")
    NOT_ANSWERED = "not-answered", gettext_lazy("Not answered")
    ABSORBED = "absorbed", State.ABSORBED.label


STATES: dict[str, str] = {
    Answer.ANSWERED: State.CLOSED,
    Answer.NOT_ANSWERED: State.OPEN,
    Answer.ABSORBED: State.ABSORBED,
}
REASONS = {
    Answer.ANSWERED: gettext_lazy("Answered before the import. The date is not known."),
    Answer.NOT_ANSWERED: "",
    Answer.ABSORBED: gettext_lazy("Absorbed into the next report before the import."),
}
TITLES = {
    Answer.ANSWERED: gettext_lazy("Deadlines that passed before the import: answered"),
    Answer.NOT_ANSWERED: gettext_lazy("Deadlines that passed before the import: not answered"),
    Answer.ABSORBED: gettext_lazy("Deadlines that passed before the import: absorbed into the next report"),
}


@dataclass(slots=True, frozen=True)
class SettlePastDeadlines(BulkChange):
    """One answer for all of them; those that a person settled meanwhile stay as they are."""

    shape: ClassVar[str] = f"{BULK}-deadlines"

    answer: str
    reason: str = ""

    @property
    def state(self) -> str:
        return STATES[self.answer]

    def title(self) -> str:
        return str(TITLES[Answer(self.answer)])

    def affected(self, rows: QuerySet) -> QuerySet:
        return rows.filter(pk__in=Obligation.objects.past_at_entry().order_by().values("pk"))

    def in_preview_order(self, affected: QuerySet) -> QuerySet:
        return affected.order_by(F("due_on").asc(nulls_last=True), "code")

    def record_of(self, row: Any) -> Any:
        return row  # of which the preview shows the reference

    def old_and_new(self, first: Sequence[Obligation]) -> list[tuple[str, str]]:
        return [(str(row.get_state_display()), str(State(self.state).label)) for row in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_without_permission(by)

    def still_affected(self, batch: Batch, pks: Sequence[int]) -> Sequence[Obligation]:
        rows = Obligation.objects.kept().past_at_entry().filter(pk__in=pks, is_derived=False)
        return list(rows.select_for_update().order_by("pk"))

    def write(self, batch: Batch, rows: Sequence[Obligation]) -> None:
        reason = self.reason or str(REASONS[Answer(self.answer)])
        for obligation in rows:
            difference = {"state": [obligation.state, self.state], "state_reason": [obligation.state_reason, reason]}
            obligation.state, obligation.state_reason, obligation.is_past_at_entry = self.state, reason, False
            save_version(obligation, "past-deadline-settled", by=batch.created_by, difference=difference)
        invalidate_counts()

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return self.in_codes() | {"obligations": batch.total}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        changed_since = 0
        for obligation in Obligation.objects.filter(pk__in=pks).select_for_update().order_by("pk"):
            newest = obligation.history.order_by("-history_id").first()
            before = obligation.history.filter(version=obligation.version - 1).order_by("-history_id").first()
            if before is None or newest is None or not is_settled_by(batch, newest):
                changed_since += not obligation.is_past_at_entry
                continue
            reopen(obligation, before, by=by)
        invalidate_counts()
        return changed_since


def reopen(obligation: Obligation, before: Any, *, by: User) -> None:
    """`before` is the row of its history from before it was settled."""
    difference = {
        "state": [obligation.state, before.state],
        "state_reason": [obligation.state_reason, before.state_reason],
    }
    obligation.state, obligation.state_reason = before.state, before.state_reason
    obligation.is_past_at_entry = True
    save_version(obligation, "past-deadline-reopened", by=by, difference=difference)


def is_settled_by(batch: Batch, newest: Any) -> bool:
    """Whether the last change of an obligation is that of this batch."""
    return newest.history_change_reason == SETTLED and newest.history_date >= batch.created_at
