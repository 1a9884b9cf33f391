"""Numbers as bars that stand in the page: no script, printed with it, and from the right where it reads so."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi

WHOLE = 1000  # the length of a bar
MONTH, WIDE, TALL = 24, 20, 100  # room and width of a column, and the height of the picture
YEAR = 12  # months for which there is room at least, so that few columns are no walls


@dataclass(frozen=True, slots=True)
class Piece:
    status: str
    at: int
    length: int


def bar_of(numbers: Sequence[tuple[str, int]], *, whole: int = 0) -> list[Piece]:
    """One beside the other in the direction of reading; `whole` is what the full length stands for."""
    whole = whole or sum(number for _status, number in numbers)
    pieces, before = [], 0
    for status, number in numbers:
        start, stop = WHOLE * before // max(whole, 1), WHOLE * (before + number) // max(whole, 1)
        if stop > start:
            at = WHOLE - stop if get_language_bidi() else start
            pieces.append(Piece(status, at, stop - start))
        before += number
    return pieces


@dataclass(frozen=True, slots=True)
class Column:
    at: int
    pieces: Sequence[Piece]


def columns_of(months: Sequence[Sequence[tuple[str, int]]]) -> list[Column]:
    """One column for each month, the oldest where reading begins; the highest fills the picture."""
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
