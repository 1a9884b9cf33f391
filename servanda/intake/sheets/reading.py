"""Read tables of a spreadsheet whose first row has known column titles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from servanda.intake.columns.dates import read_exact_day
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined, sentence_of
from servanda.kit.files import plain_text, workbook
from servanda.kit.files.tables import AS_FORMULAS
from servanda.kit.refusal import Refused, Unreadable

HEADER_WITHIN = 10
EMPTIED = {"-", "–", "—"}
type NumberedRows = Iterator[tuple[int, list[str]]]


class CellRefused(Refused):
    """What is wrong with one cell, under the name of its column."""

    def __init__(self, column: str, problem: object):
        super().__init__(_("Column “%(column)s”: %(problem)s") % {"column": column, "problem": problem})


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet program counts
    where: str
    cells: dict[str, str]
    table: str = ""

    def entry(self, column: str) -> str | None:
        """The text of the cell; None if it is empty, which changes nothing, and "" for a dash, which empties."""
        text = self.cells.get(column, "")
        return ("" if text in EMPTIED else text) if text else None

    def required(self, column: str, problem: str = "") -> str:
        """Raises `CellRefused` if the cell is empty; `problem` says what to write there."""
        if entry := self.entry(column):
            return entry
        raise CellRefused(column, problem or _("enter a value."))

    def text(self, column: str, current: str = "") -> str:
        entry = self.entry(column)
        return current if entry is None else entry

    def day(self, column: str, current: date | None = None) -> date | None:
        entry = self.entry(column)
        return current if entry is None else as_day(column, entry)

    def choice(self, column: str, choices: Sequence[tuple[str, Any]], current: str = "") -> str:
        """The code of a choice, which may also be written as its label in the language of the page."""
        if not (entry := self.entry(column)):
            return current
        for value, label in choices:
            if entry.lower() in {value, str(label).lower()}:
                return value
        sentence = _("“%(given)s” is not an allowed value. Enter one of: %(choices)s.")
        codes = ", ".join(value for value, _label in choices)
        raise CellRefused(column, sentence % {"given": entry[:80], "choices": codes})

    def entries(self, column: str) -> list[str] | None:
        """The entries of a list, each once; None for an empty cell."""
        entry = self.entry(column)
        return None if entry is None else split(entry)


@dataclass(frozen=True)
class Table:
    """Which columns a table has, and by which of them it is recognised."""

    columns: Sequence[str]
    needed: Sequence[str]
    name: str = ""
    row_label: str | Promise = gettext_lazy("row %(number)d")
    prefix: str = ""  # further columns are known that begin with it
    aliases: Mapping[str, str] = field(default_factory=dict)
    example: tuple[str, str] | None = None  # the column and the cell by which the example row is left out

    def column(self, title: str) -> str:
        """The column that a title names, or "". Case makes no difference."""
        title = self.aliases.get(title.lower(), title).lower()
        if self.prefix and title.startswith(self.prefix) and title != self.prefix:
            return title
        return next((column for column in self.columns if column.lower() == title), "")

    def is_example(self, cells: Mapping[str, str]) -> bool:
        return self.example is not None and cells.get(self.example[0]) == self.example[1]


@dataclass
class Sheet:
    """What a file holds for its kind; `remarks` are for the sender."""

    rows: list[Any] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # titles of columns
    remarks: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        if not self.ignored:
            return joined(self.remarks)
        sentence = _("Unknown columns, not imported: %(columns)s.")
        return joined([sentence % {"columns": ", ".join(dict.fromkeys(self.ignored))}, *self.remarks])


def as_day(column: str, entry: str) -> date | None:
    """Raises `CellRefused` if the cell is no day."""
    if not entry:
        return None
    if day := read_exact_day(entry):
        return day
    raise CellRefused(
        column, _("“%(given)s” is not a date. Enter it as YYYY-MM-DD, for example 2026-01-31.") % {"given": entry}
    )


def split(text: str) -> list[str]:
    entries = text.replace("\n", ";").split(";")
    return list(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))


def read_tables(path: Path, tables: Sequence[Table], *, most_rows: int) -> Sheet:
    """The rows of every table of the file that is one of these; others, such as explanations, are left out.

    Raises `Unreadable` if the file is damaged, names a column twice, or has more rows than that.
    """
    sheet = Sheet()
    for rows in tables_in(path):
        table, titles = header_of(rows, tables)
        if table:
            take(sheet, table, titles, rows, most_rows=most_rows)
    return sheet


def tables_in(path: Path) -> Iterator[NumberedRows]:
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(b"PK"):
        encoding = plain_text.encoding_of(path)
        yield plain_text.rows(path, encoding, plain_text.separator_of(path, encoding) or ",")
        return
    book = workbook.load(path)
    for name in book.sheet_names:
        rows = workbook.sheet_rows(book, name, path.name)
        yield ((number, [workbook.cell_text(cell) for cell in cells]) for number, cells in rows)


def header_of(rows: NumberedRows, tables: Sequence[Table]) -> tuple[Table | None, list[str]]:
    """The first row with the column titles of a table; a heading above it is skipped."""
    for number, cells in rows:
        titles = [" ".join(cell.split()) for cell in cells]
        for table in tables:
            if set(table.needed) <= {table.column(title) for title in titles}:
                return table, titles
        if number >= HEADER_WITHIN:
            break
    return None, []


def take(sheet: Sheet, table: Table, titles: list[str], rows: NumberedRows, *, most_rows: int) -> None:
    columns = {place: column for place, title in enumerate(titles) if (column := table.column(title))}
    refuse_doubled(list(columns.values()))
    sheet.ignored += [title for place, title in enumerate(titles) if title and place not in columns]
    for number, cells in rows:
        values = {column: tidy(cells[place]) if place < len(cells) else "" for place, column in columns.items()}
        if any(values.values()) and not table.is_example(values):
            sheet.rows.append(Row(number, sentence_of(table.row_label) % {"number": number}, values, table.name))
        if len(sheet.rows) > most_rows:
            raise Unreadable(_("The file has more than %(most)d rows. Split it.") % {"most": most_rows})


def refuse_doubled(columns: list[str]) -> None:
    if doubled := sorted({column for column in columns if columns.count(column) > 1}):
        sentence = _("These columns appear twice in the sheet: %(columns)s. Rename one of each.")
        raise Unreadable(sentence % {"columns": ", ".join(doubled)})


def tidy(cell: str) -> str:
    """Remove NUL, and the apostrophe that exports to CSV put before what looks like a formula."""
    text = cell.replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(AS_FORMULAS) else text
