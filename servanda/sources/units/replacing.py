"""A day named in a document outranks the one that a rule had computed, and is that of a report whose day was to be
communicated: the obligation takes it over, until the import is undone. A day that the body announces ends an estimate
of the next report."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import Document, DocumentReading, Obligation, ReadUnit, ReplacedDeadline
from servanda.sources.obligations.extensions import move_steps
from servanda.sources.obligations.for_records import rule_of
from servanda.sources.obligations.values import facts
from servanda.vocab.models import Body, Certainty, ObligationKind

NEXT_REPORT = (ObligationKind.PERIODIC_REPORT, ObligationKind.LOIPR)  # one report: the second replaces the first
OF_RULE = Q(document=None, day_from=Obligation.DayFrom.RULE)
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


def present_deadline(due: DueOn, body: Body) -> Obligation | None:
    """The obligation whose deadline this one replaces: the nearest one that a rule had computed, or one that was
    still to be communicated. One of the same kind comes first."""
    day = due.due_on
    if due.certainty == Certainty.TO_BE_COMMUNICATED and due.kind in NEXT_REPORT:
        return estimated_report(due.unit.reading, body)
    if day is None or not (due.unit.deadline or due.unit.deadline_day):
        return None
    kinds = NEXT_REPORT if due.kind in NEXT_REPORT else (due.kind,)
    open_rows = still_due(body, kinds).filter(OF_RULE | of_earlier_document(due.unit.reading)).order_by("pk")
    near = [row for row in open_rows if row.due_on is None or abs(row.due_on - day) <= AROUND]
    return min(near, key=lambda row: (row.kind != due.kind, abs((row.due_on or date.max) - day)), default=None)


def estimated_report(reading: DocumentReading, body: Body) -> Obligation | None:
    """The first report after the document whose day a rule had estimated from the cycle of the treaty."""
    if reading.date is None:
        return None
    estimates = still_due(body, NEXT_REPORT).filter(OF_RULE, certainty=Certainty.ESTIMATE, due_on__gt=reading.date)
    return estimates.order_by("due_on", "pk").first()


def still_due(body: Body, kinds: Iterable[str]) -> QuerySet[Obligation]:
    rows = Obligation.objects.kept().filter(body=body, kind__in=kinds, submission=None, is_derived=False)
    return rows.filter(state__in=Obligation.STILL_DUE)


def of_earlier_document(reading: DocumentReading) -> Q:
    """The condition for reports whose day an earlier document says that the body will communicate."""
    announced = Q(due_on=None, certainty=Certainty.TO_BE_COMMUNICATED, kind__in=NEXT_REPORT)
    if reading.date is None:
        return Q(pk__in=[])
    return announced & Q(document__date__lt=reading.date)


def replace_deadline(
    obligation: Obligation, due: DueOn, *, document: Document | None, batch: Batch, by: User | None
) -> None:
    obligation = Obligation.objects.select_for_update().get(pk=obligation.pk)
    before = facts(obligation) | {"state": obligation.state}
    move_steps(obligation, due.due_on)
    if obligation.state == Obligation.State.POSTPONED:
        obligation.state, obligation.state_reason = Obligation.State.EXPECTED, ""
    if obligation.kind != due.kind:
        obligation.kind, obligation.rule = due.kind, rule_of(obligation.body_id, due.kind)
    obligation.document, obligation.day_from = document, Obligation.DayFrom.DOCUMENT
    obligation.paragraph, obligation.words = due.unit.number, due.unit.deadline
    obligation.combined = due.unit.combined or obligation.combined
    obligation.clock_on, obligation.due_on, obligation.certainty = due.clock_on, due.due_on, due.certainty
    obligation.every = due.unit.deadline_every or obligation.every
    obligation.mark_past(on=timezone.localdate())
    difference = difference_of(before, facts(obligation) | {"state": obligation.state})
    save_version(obligation, "obligation-edited", by=by, difference=difference)
    ReplacedDeadline.objects.create(obligation=obligation, batch=batch, version=obligation.version)
