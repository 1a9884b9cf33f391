"""The timeline of actions: positions and widths of bars, in per cent of the chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi

from servanda.kit.charts import percent
from servanda.planning.models import Action, ActionQuerySet

SHOWN = 60  # on one page
LEAST_WIDTH = 1.5
MOST_TICKS = 5
MONTHS = (1, 3, 6, 12, 24, 60, 120)  # between two ticks


@dataclass(slots=True, frozen=True)
class Mark:
    """A point in time: its position and label."""

    at: float
    label: str
    is_reached: bool = False

    @property
    def x(self) -> str:
        return percent(self.at)


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


@dataclass(slots=True, frozen=True)
class Span:
    first: date
    last: date
    is_backwards: bool

    def place(self, day: date) -> float:
        """The position of a day; time runs in the direction of reading."""
        share = 100 * (day - self.first).days / max((self.last - self.first).days, 1)
        return 100 - share if self.is_backwards else share


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


def span_of(days: Sequence[date]) -> Span:
    """Whole years, so that the scale does not move when a bar moves by a day."""
    return Span(date(min(days).year, 1, 1), date(max(days).year, 12, 31), get_language_bidi())


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


def ticks_of(span: Span) -> list[Mark]:
    """Marks at the beginning of months, few enough for their labels to fit."""
    months = (span.last.year - span.first.year + 1) * 12
    step = next((length for length in MONTHS if months / length <= MOST_TICKS), MONTHS[-1])
    ticks = []
    for month in range(0, months, step):
        day = date(span.first.year + month // 12, month % 12 + 1, 1)
        ticks.append(Mark(span.place(day), date_format(day, "Y" if step >= 12 else "M Y")))
    return ticks
