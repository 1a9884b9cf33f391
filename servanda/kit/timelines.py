"""Lines of time: positions of days in per cent of a chart, in the direction of reading, and the marks of its axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi

from servanda.kit.charts import percent

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


@dataclass(slots=True, frozen=True)
class Span:
    first: date
    last: date
    is_backwards: bool

    def place(self, day: date) -> float:
        """The position of a day; time runs in the direction of reading."""
        share = 100 * (day - self.first).days / max((self.last - self.first).days, 1)
        return 100 - share if self.is_backwards else share


def span_of(days: Sequence[date]) -> Span:
    """Whole years, so that the scale does not move when a bar moves by a day."""
    return Span(date(min(days).year, 1, 1), date(max(days).year, 12, 31), get_language_bidi())


def ticks_of(span: Span) -> list[Mark]:
    """Marks at the beginning of months, few enough for their labels to fit."""
    months = (span.last.year - span.first.year + 1) * 12
    step = next((length for length in MONTHS if months / length <= MOST_TICKS), MONTHS[-1])
    ticks = []
    for month in range(0, months, step):
        day = date(span.first.year + month // 12, month % 12 + 1, 1)
        ticks.append(Mark(span.place(day), date_format(day, "Y" if step >= 12 else "M Y")))
    return ticks
