"""A day named in a document outranks the one that a rule had computed: the obligation takes it over, until the import
is undone."""

from datetime import date, timedelta
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import Document, Obligation, ReadUnit, ReplacedDeadline
from servanda.sources.obligations.values import facts
from servanda.vocab.models import Body

AROUND = timedelta(days=2 * 365)  # an estimate further away is that of another cycle
TAKEN_OVER = (
    *("document", "paragraph", "words", "combined", "clock_on", "due_on", "certainty", "day_from"),
    "is_past_at_entry",
)


class DueOn(Protocol):
    """One obligation as a unit states it."""

    @property
    def unit(self) -> ReadUnit: ...
    @property
    def kind(self) -> str: ...
    @property
    def clock_on(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def certainty(self) -> str: ...


def computed_by_rule(due: DueOn, body: Body) -> Obligation | None:
    """The obligation whose deadline of a rule this one replaces: the nearest one, or one that was still to be
    communicated."""
    day = due.due_on
    if day is None or not (due.unit.deadline or due.unit.deadline_day):
        return None
    rows = Obligation.objects.kept().unfinished().filter(body=body, kind=due.kind, document=None, submission=None)
    computed = rows.filter(day_from=Obligation.DayFrom.RULE, is_derived=False).order_by("pk")
    near = [row for row in computed if row.due_on is None or abs(row.due_on - day) <= AROUND]
    return min(near, key=lambda row: abs((row.due_on or date.max) - day), default=None)


def replace_deadline(
    obligation: Obligation, due: DueOn, *, document: Document | None, batch: Batch, by: User | None
) -> None:
    obligation = Obligation.objects.select_for_update().get(pk=obligation.pk)
    before = facts(obligation)
    obligation.document, obligation.day_from = document, Obligation.DayFrom.DOCUMENT
    obligation.paragraph, obligation.words = due.unit.number, due.unit.deadline
    obligation.combined = due.unit.combined or obligation.combined
    obligation.clock_on, obligation.due_on, obligation.certainty = due.clock_on, due.due_on, due.certainty
    obligation.mark_past(on=timezone.localdate())
    save_version(obligation, "obligation-edited", by=by, difference=difference_of(before, facts(obligation)))
    ReplacedDeadline.objects.create(obligation=obligation, batch=batch, version=obligation.version)


@transaction.atomic
def restore_deadlines(batch: Batch) -> None:
    """Set the obligations back to what the rules had computed. Repeated, it changes nothing."""
    replaced = ReplacedDeadline.objects.filter(batch=batch).select_related("obligation")
    for row in replaced.order_by("pk"):
        obligation = Obligation.objects.select_for_update().get(pk=row.obligation_id)
        earlier = obligation.history.filter(version=row.version - 1).order_by("-history_id").first()
        if obligation.version == row.version and earlier is not None:
            before = facts(obligation)
            for name in TAKEN_OVER:
                setattr(obligation, name, getattr(earlier, name))
            difference = difference_of(before, facts(obligation))
            save_version(obligation, "obligation-edited", by=None, difference=difference)
        row.delete()


def why_not_restored(batch: Batch) -> str:
    """Why a deadline can no longer be set back to that of the rule, or ""."""
    for row in ReplacedDeadline.objects.filter(batch=batch).select_related("obligation").order_by("pk"):
        if row.obligation.version != row.version:
            sentence = _("%(code)s was edited after the import, so the import can no longer be undone.")
            return sentence % {"code": row.obligation.code}
    return ""
