"""Rows of a sheet that continue the row above, and rows that are no recommendations."""

import re
from collections.abc import Iterator, Mapping, Sequence

from servanda.intake.columns.kinds import folded

type Row = tuple[int, list[str]]
TOTALS = {
    folded(words)
    for words in (
        *("total", "totals", "grand total", "subtotal", "sub-total", "sum", "total général", "sous-total", "totaux"),
        *("totales", "total general", "suma", "totais", "total geral", "soma", "المجموع", "المجموع العام", "مجموع"),
    )
}
TELLS_RECORDS_APART = {"text", "paragraph", "symbol", "code", "order"}
FAMILIES = ("text ", "external ")


def filled_down(rows: Iterator[Row], merges: Mapping[int, Sequence[tuple[int, int]]]) -> Iterator[Row]:
    """Cells that are merged over several rows have their value in each of them; `merges`: row -> column, last row."""
    values: dict[int, tuple[int, str]] = {}  # column -> last row of the merge, and what its first row says
    for number, cells in rows:
        for column, (last, value) in list(values.items()):
            if number > last:
                del values[column]
            elif column < len(cells):
                cells[column] = value
        for column, last in merges.get(number, ()):
            if column < len(cells):
                values[column] = last, cells[column]
        yield number, cells


def is_total(cells: Sequence[str]) -> bool:
    """Whether the row sums up those above it."""
    first = next((cell for cell in cells if cell.strip()), "")
    return folded(re.sub(r"[\d\s:.]+$", "", first)) in TOTALS


def continues(values: Mapping[str, str], beside: set[str]) -> bool:
    """Whether a row only adds follow-up to the recommendation above it: cells of the other rooms, none of its own."""
    is_own = any(name in TELLS_RECORDS_APART or name.startswith(FAMILIES) for name in values)
    return not is_own and any(name in beside for name in values)


def grouped(above: list[str], below: list[str], groups: Sequence[tuple[int, int]]) -> list[str]:
    """The titles of a head of two rows: "Follow-up: Date" where "Follow-up" is merged over "Status" and "Date"."""
    over = {column: above[first] for first, last in groups for column in range(first, last + 1) if first < len(above)}
    width = max(len(above), len(below))
    above, below = [*above, *[""] * (width - len(above))], [*below, *[""] * (width - len(below))]
    return [
        ": ".join(filter(None, [over.get(column) or above[column], below[column]]))
        if below[column]
        else over.get(column) or above[column]
        for column in range(width)
    ]
