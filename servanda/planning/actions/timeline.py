"""Actions over time: where each bar begins and how wide it is, in per cent of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi

from servanda.planning.models import Action, ActionQuerySet

SHOWN = 60  # on one page
LEAST_WIDTH = 1.5
MOST_TICKS = 5
MONTHS = (1, 3, 6, 12, 24, 60, 120)  # between two ticks


@dataclass(slots=True, frozen=True)
class Mark:
    """A point of time: where it is, and what it is called."""

    at: float
    label: str
    is_reached: bool = False

    @property
    def x(self) -> str:
        return percent(self.at)


@dataclass(slots=True)
class Bar:
    """One action: from `x` on, as wide as it lasts; nothing where it has no days."""

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


def percent(number: float) -> str:
    """As SVG wants it, whatever the language of the page writes numbers like."""
    return f"{number:.2f}%"


@dataclass(slots=True, frozen=True)
class Span:
    first: date
    last: date
    is_backwards: bool

    def place(self, day: date) -> float:
        """Time goes in the direction of reading."""
        share = 100 * (day - self.first).days / max((self.last - self.first).days, 1)
        return 100 - share if self.is_backwards else share


def draw(actions: ActionQuerySet, *, on: date) -> Timeline:
    """These rows, as they stand; asks for their milestones besides."""
    rows = list(actions.prefetch_related("milestones"))
    days = [day for one in rows for day in days_of(one)]
    bars = [Bar(one, one.is_late(on=on)) for one in rows]
    if not days:
        return Timeline(bars)
    span = span_of(days)
    for bar in bars:
        lay(bar, span)
    inside = span.first <= on <= span.last
    return Timeline(bars, ticks_of(span), Mark(span.place(on), date_format(on, "DATE_FORMAT")) if inside else None)


def days_of(action: Action) -> list[date]:
    steps = [day for one in action.milestones.all() for day in (one.reached_on or one.due_on,)]
    return [day for day in (action.start, action.due_on, *steps) if day]


def span_of(days: Sequence[date]) -> Span:
    """Whole years, so that the picture stands still when one bar moves by a day."""
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
        Mark(span.place(day), one.title, one.reached_on is not None)
        for one in bar.action.milestones.all()
        if (day := one.reached_on or one.due_on)
    ]


def ticks_of(span: Span) -> list[Mark]:
    """At the beginning of months, at most so many that their names have room."""
    months = (span.last.year - span.first.year + 1) * 12
    step = next((one for one in MONTHS if months / one <= MOST_TICKS), MONTHS[-1])
    ticks = []
    for month in range(0, months, step):
        day = date(span.first.year + month // 12, month % 12 + 1, 1)
        ticks.append(Mark(span.place(day), date_format(day, "Y" if step >= 12 else "M Y")))
    return ticks
