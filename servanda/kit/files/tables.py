"""Tables for other programs: CSV, XLSX and JSON, written as the rows arrive.

Spreadsheet programs evaluate cells that begin with = + - or @ as formulas, and texts from outside can begin with
anything: in CSV such a cell gets an apostrophe in front, in XLSX it is written as text.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import xlsxwriter

AS_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 -- East Asian programs accept the full-width forms as well
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads UTF-8 as the code page of the computer
ROWS_AT_ONCE = 200
LONGEST_CELL = 32_767  # Excel's limit; a longer text is cut there and ends in an ellipsis
CUT = "…"
LONGEST_TITLE = 31  # of a sheet, in Excel
NOT_IN_TITLES = str.maketrans("[]:*?/\\'", "        ")


class _Lines:
    """A file for the csv module that returns each line instead of writing it."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(AS_FORMULAS) else cell


def csv_lines(header: Sequence[str], rows: Iterable[Sequence], *, mark: str = "") -> Iterator[str]:
    """The table in pieces; pass BYTE_ORDER_MARK as `mark` for programs that need one."""
    writer = csv.writer(_Lines())
    yield mark + writer.writerow(header)
    for some in batched(rows, ROWS_AT_ONCE):
        yield "".join(writer.writerow([harmless(cell) for cell in row]) for row in some)


def json_pieces(name: str, objects: Iterable[dict]) -> Iterator[str]:
    """A JSON object with one key, whose value is the list of objects, in pieces."""
    yield f'{{"{name}": ['
    separator = "\n"
    for some in batched(objects, ROWS_AT_ONCE):
        yield separator + ",\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in some)
        separator = ",\n"
    yield "\n]}\n"


class Sheet(NamedTuple):
    """One table of a workbook."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence]


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence], *, cover: Sequence[str] = ()) -> IO[bytes]:
    """The workbook in a temporary file, ready to be read; it takes the memory of one row at a time.

    `cover` holds the lines of a sheet in front of the table.
    """
    return xlsx_sheets([Sheet(title, header, rows)], cover=cover)


def xlsx_sheets(sheets: Iterable[Sheet], *, cover: Sequence[str] = ()) -> IO[bytes]:
    """Several tables in one workbook, written in the same way."""
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False, "remove_timezone": True}) as book:
        if cover:
            write_cover(book, cover)
        for table in sheets:
            sheet = book.add_worksheet(table.title.translate(NOT_IN_TITLES)[:LONGEST_TITLE])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, table.header, book.add_format({"bold": True}))
            for number, row in enumerate(table.rows, 1):
                sheet.write_row(number, 0, [_cell(value) for value in row])
    file.seek(0)
    return file


def write_cover(book: xlsxwriter.Workbook, lines: Sequence[str]) -> None:
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    sheet.write_column(0, 0, lines)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + CUT
    return value if isinstance(value, int | float) or value is None else str(value)
