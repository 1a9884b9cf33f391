"""A day named in a document outranks the one that a rule had computed: the obligation takes it over, until the import
is undone."""

from datetime import date, timedelta
from typing import Protocol

from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import Document, Obligation, ReadUnit, ReplacedDeadline
from servanda.sources.obligations.extensions import move_steps
from servanda.sources.obligations.values import facts
from servanda.vocab.models import Body

AROUND = timedelta(days=2 * 365)  # an estimate further away is that of another cycle


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
    move_steps(obligation, due.due_on)
    obligation.document, obligation.day_from = document, Obligation.DayFrom.DOCUMENT
    obligation.paragraph, obligation.words = due.unit.number, due.unit.deadline
    obligation.combined = due.unit.combined or obligation.combined
    obligation.clock_on, obligation.due_on, obligation.certainty = due.clock_on, due.due_on, due.certainty
    obligation.every = due.unit.deadline_every or obligation.every
    obligation.mark_past(on=timezone.localdate())
    save_version(obligation, "obligation-edited", by=by, difference=difference_of(before, facts(obligation)))
    ReplacedDeadline.objects.create(obligation=obligation, batch=batch, version=obligation.version)
