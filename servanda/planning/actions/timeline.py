"""The timeline of actions: positions and widths of bars, in per cent of the chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format

from servanda.kit.charts import percent
from servanda.kit.timelines import Mark, Span, span_of, ticks_of
from servanda.planning.models import Action, ActionQuerySet

SHOWN = 60  # on one page
LEAST_WIDTH = 1.5


@dataclass(slots=True)
class Bar:
    """The bar of one action; `at` is None if it has no dates."""

    action: Action
    is_late: bool
    at: float | None = None
    wide: float = 0.0
    marks: Sequence[Mark] = ()

    @property
    def x(self) -> str:
        return percent(self.at or 0)

    @property
    def width(self) -> str:
        return percent(self.wide)


@dataclass(slots=True)
class Timeline:
    bars: Sequence[Bar]
    ticks: Sequence[Mark] = field(default_factory=list)
    today: Mark | None = None


def draw(actions: ActionQuerySet, *, on: date) -> Timeline:
    """The timeline of these actions, in their order; one more query loads the milestones."""
    rows = list(actions.prefetch_related("milestones"))
    days = [day for action in rows for day in days_of(action)]
    bars = [Bar(action, action.is_late(on=on)) for action in rows]
    if not days:
        return Timeline(bars)
    span = span_of(days)
    for bar in bars:
        lay(bar, span)
    inside = span.first <= on <= span.last
    return Timeline(bars, ticks_of(span), Mark(span.place(on), date_format(on, "DATE_FORMAT")) if inside else None)


def days_of(action: Action) -> list[date]:
    steps = [day for milestone in action.milestones.all() for day in (milestone.reached_on or milestone.due_on,)]
    return [day for day in (action.start, action.due_on, *steps) if day]


def lay(bar: Bar, span: Span) -> None:
    days = days_of(bar.action)
    if not days:
        return
    start, end = bar.action.start or bar.action.due_on, bar.action.due_on or bar.action.start
    if start and end:
        low, high = sorted((span.place(start), span.place(end)))
        bar.at, bar.wide = min(low, 100 - LEAST_WIDTH), max(high - low, LEAST_WIDTH)
    bar.marks = [
        Mark(span.place(day), milestone.title, milestone.reached_on is not None)
        for milestone in bar.action.milestones.all()
        if (day := milestone.reached_on or milestone.due_on)
    ]
