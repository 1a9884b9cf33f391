"""Rows of an XLSX or ODS workbook, numbered as the spreadsheet program numbers them."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

from servanda.sources.candidates import Unreadable

type Cell = str | float | bool | date | datetime | time | timedelta | None


@contextmanager
def opened(path: Path) -> Iterator[python_calamine.CalamineWorkbook]:
    """The workbook; whatever is wrong with it, then or while it is read, becomes `Unreadable`."""
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            if not workbook.sheet_names:
                raise Unreadable(_("%(file)s has no sheet.") % {"file": path.name})
            yield workbook
    except python_calamine.PasswordError as error:
        message = _("%(file)s is protected by a password. Please save it without one and send it again.")
        raise Unreadable(message % {"file": path.name}) from error
    except python_calamine.CalamineError as error:
        message = _("%(file)s is damaged or incomplete. Please download it again, or save it again as XLSX.")
        raise Unreadable(message % {"file": path.name}) from error


def sheet_rows(
    workbook: python_calamine.CalamineWorkbook, sheet: str, file: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    if sheet not in workbook.sheet_names:
        values = {"file": file, "sheet": sheet, "sheets": ", ".join(workbook.sheet_names)}
        raise Unreadable(_("%(file)s has no sheet “%(sheet)s”. Its sheets: %(sheets)s.") % values)
    return enumerate(workbook.get_sheet_by_name(sheet).iter_rows(), 1)


def first_rows(path: Path, count: int) -> list[Sequence[Cell]]:
    """The first rows of the first sheet."""
    with opened(path) as workbook:
        rows = sheet_rows(workbook, workbook.sheet_names[0], path.name)
        return [row for _number, row in islice(rows, count)]


def cell_text(cell: Cell) -> str:
    """What a person reads in the cell: 13 and not 13.0, dates in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def as_line(cells: Sequence[Cell]) -> str:
    """The row as tab-separated cells, quoted where a cell holds a tab or a line break."""
    line = io.StringIO()
    csv.writer(line, dialect="excel-tab", lineterminator="").writerow(cells)
    return line.getvalue()
