"""Rows of an XLSX or ODS workbook, numbered as the spreadsheet program numbers them."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import archives
from servanda.kit.refusal import Unreadable

type Cell = str | float | bool | date | datetime | time | timedelta | None


def load(path: Path) -> CalamineWorkbook:
    """Open a workbook after checking that it is safe; its sheets are read on demand. Raises `Unreadable`."""
    archives.names_inside(path)
    archives.refuse_vast_sheets(path)
    with damage_as_unreadable(path.name):
        book = CalamineWorkbook.from_path(str(path))
    if not book.sheet_names:
        raise Unreadable(_("%(file)s has no sheet.") % {"file": path.name})
    return book


def visible_sheets(book: CalamineWorkbook) -> list[str]:
    """The worksheets that a person sees when the workbook is opened."""
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def merged_heads(book: CalamineWorkbook, name: str) -> dict[int, list[tuple[int, int]]]:
    """By row, the cells that are merged over several columns: first and last column, counted from 0."""
    merged: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (row, first), (_last_row, last) in book.get_sheet_by_name(name).merged_cell_ranges or []:
        if last > first:
            merged[row + 1].append((first, last))
    return merged


def merged_down(book: CalamineWorkbook, name: str) -> dict[int, list[tuple[int, int]]]:
    """By row, the cells that are merged over rows below: column, counted from 0, and last row."""
    merged: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (row, column), (last_row, _last) in book.get_sheet_by_name(name).merged_cell_ranges or []:
        if last_row > row:
            merged[row + 1].append((column, last_row + 1))
    return merged


@contextmanager
def damage_as_unreadable(name: str) -> Iterator[None]:
    try:
        yield
    except PasswordError as error:
        message = _("%(file)s is protected by a password. Save it without a password and send it again.")
        raise Unreadable(message % {"file": name}) from error
    except CalamineError as error:
        message = _("%(file)s is damaged or incomplete. Download it again, or save it again as XLSX.")
        raise Unreadable(message % {"file": name}) from error


def sheet_rows(book: CalamineWorkbook, sheet: str, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    if sheet not in book.sheet_names:
        values = {"file": name, "sheet": sheet, "sheets": ", ".join(book.sheet_names)}
        raise Unreadable(_("%(file)s has no sheet “%(sheet)s”. Its sheets: %(sheets)s.") % values)
    with damage_as_unreadable(name):
        return enumerate(book.get_sheet_by_name(sheet).iter_rows(), 1)


def cell_text(cell: Cell) -> str:
    """What a person reads in the cell: 13 and not 13.0, dates in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def as_line(cells: Sequence[Cell]) -> str:
    """The row as tab-separated cells, quoted where a cell contains a tab or a line break."""
    line = io.StringIO()
    csv.writer(line, dialect="excel-tab", lineterminator="").writerow(cells)
    return line.getvalue()
