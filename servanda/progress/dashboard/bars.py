"""Bar charts as plain markup: they need no script, can be printed, and run from the right in right-to-left pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi

WHOLE = 1000  # the length of a bar
MONTH, WIDE, TALL = 24, 20, 100  # space and width of a column, height of the chart
YEAR = 12  # at least so many months of space, so that a few columns are not too wide


@dataclass(frozen=True, slots=True)
class Piece:
    status: str
    at: int
    length: int


def bar_of(numbers: Sequence[tuple[str, int]], *, whole: int = 0) -> list[Piece]:
    """Pieces side by side in the direction of reading; the full length stands for `whole`, by default their sum."""
    whole = whole or sum(number for _status, number in numbers)
    pieces, sum_before = [], 0
    for status, number in numbers:
        start, stop = WHOLE * sum_before // max(whole, 1), WHOLE * (sum_before + number) // max(whole, 1)
        if stop > start:
            at = WHOLE - stop if get_language_bidi() else start
            pieces.append(Piece(status, at, stop - start))
        sum_before += number
    return pieces


@dataclass(frozen=True, slots=True)
class Column:
    at: int
    pieces: Sequence[Piece]


def columns_of(months: Sequence[Sequence[tuple[str, int]]]) -> list[Column]:
    """One column for each month, the oldest first in the direction of reading; the highest has the full height."""
    most = max((sum(number for _status, number in month) for month in months), default=0)
    columns, room = [], max(len(months), YEAR)
    for place, month in enumerate(months):
        at = (room - 1 - place if get_language_bidi() else place) * MONTH
        pieces, below = [], 0
        for status, number in month:
            low, high = TALL * below // max(most, 1), TALL * (below + number) // max(most, 1)
            pieces += [Piece(status, TALL - high, high - low)] if high > low else []
            below += number
        columns.append(Column(at, pieces))
    return columns
