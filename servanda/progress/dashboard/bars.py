"""Charts of statuses as plain markup: they need no script, can be printed, and run from the right in right-to-left
pages.

Widths are in per cent and heights in pixels, so that a chart fits its column and its letters keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi

from servanda.kit.charts import percent

WHOLE = 1000  # the length of a bar
SHORTEST = 12  # of a piece: one record among thousands is seen
TOP, HEIGHT, BELOW = 20, 160, 24  # pixels above the columns, of the highest gridline, and for the dates below
AXIS = 12  # per cent of the width for the numbers beside the axis
GAP = 0.25  # of the room of a column
YEAR = 12  # at least so many months of space, so that a few columns are not too wide
LINES = 4  # at most so many gridlines above nought
DATES = 4  # at most so many dates, which have room on a telephone
STEPS = (1, 2, 3, 6, 12, 24)  # months between two dates


@dataclass(frozen=True, slots=True)
class Piece:
    status: str
    at: int
    length: int


def bar_of(numbers: Sequence[tuple[str, int]]) -> list[Piece]:
    """Pieces side by side in the direction of reading, as long as their shares; each that is not nought is seen."""
    total = sum(number for _status, number in numbers)
    lengths = {status: max(SHORTEST, WHOLE * number // total) for status, number in numbers if number}
    if lengths:
        longest = max(lengths, key=lambda status: lengths[status])
        lengths[longest] += WHOLE - sum(lengths.values())
    pieces, start = [], 0
    for status, length in lengths.items():
        at = WHOLE - start - length if get_language_bidi() else start
        pieces.append(Piece(status, at, length))
        start += length
    return pieces


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on an axis: `x` in per cent, `y` in pixels."""

    label: str
    x: str
    y: int


@dataclass(frozen=True, slots=True)
class Column:
    """One month: `y` of its pieces in pixels from the top."""

    x: str
    width: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart over time with both axes."""

    columns: Sequence[Column]
    lines: Sequence[Mark]  # from nought upwards
    dates: Sequence[Mark]
    last: Mark  # the sum of the last month, above its column
    start: str
    end: str
    height: int = TOP + HEIGHT + BELOW


type Month = tuple[date, Sequence[tuple[str, int]]]


def top_of(numbers: Sequence[Month]) -> int:
    """The sum of the highest month."""
    return max((sum(number for _status, number in month) for _end, month in numbers), default=0)


def step_of(top: int) -> int:
    """The distance of gridlines: 1, 2 or 5, or these with noughts."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if step * LINES >= top:
                return step
        unit *= 10


def columns_of(months: Sequence[Month], *, top: int) -> Columns:
    """One column for each month, the oldest first in the direction of reading, on a scale that reaches `top`: charts
    beside each other share it, so that equal heights are equal numbers."""
    step = step_of(top)
    highest = step * max(1, -(-top // step))
    room = (100 - AXIS) / max(len(months), YEAR)
    width = room * (1 - GAP)
    columns = []
    for place, (_end, numbers) in enumerate(months):
        x = AXIS + room * (place + GAP / 2)
        left = mirrored(x + width) if get_language_bidi() else x
        columns.append(Column(percent(left), percent(width), stacked(numbers, highest)))
    last = Mark(
        str(sum(number for _status, number in months[-1][1])),
        percent(mirrored(AXIS + room * (len(months) - 0.5))),
        min((piece.at for piece in columns[-1].pieces), default=TOP + HEIGHT) - 6,
    )
    lines = [
        Mark(str(number), percent(mirrored(AXIS - 1.5)), TOP + HEIGHT - HEIGHT * number // highest)
        for number in range(0, highest + 1, step)
    ]
    dates = [
        Mark(date_format(end, "M Y"), percent(mirrored(AXIS + room * (place + 0.5))), TOP + HEIGHT + 18)
        for place, end in dated(months, room)
    ]
    return Columns(columns, lines, dates, last, percent(mirrored(AXIS)), percent(mirrored(100)))


def stacked(numbers: Sequence[tuple[str, int]], highest: int) -> list[Piece]:
    """The pieces of one column from the bottom upwards; each that is not nought is at least one pixel high."""
    pieces, below = [], 0
    for status, number in numbers:
        if number:
            height = max(1, round(HEIGHT * number / highest))
            below += height
            pieces.append(Piece(status, TOP + HEIGHT - below, height))
    return pieces


def dated(months: Sequence[Month], room: float) -> list[tuple[int, date]]:
    """The months whose date is shown, without those too near to the edge for it."""
    step = next((step for step in STEPS if len(months) / step <= DATES), STEPS[-1])
    return [(place, end) for place, (end, _numbers) in enumerate(months) if place % step == 0 and fits(place, room)]


def fits(place: int, room: float) -> bool:
    return AXIS + room * (place + 0.5) <= 92


def mirrored(x: float) -> float:
    return 100 - x if get_language_bidi() else x
