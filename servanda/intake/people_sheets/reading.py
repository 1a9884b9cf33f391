"""The spreadsheet of institutions and people: which columns it has, and what stands in its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from servanda.kit.files import plain_text, workbook
from servanda.kit.files.tables import AS_FORMULAS
from servanda.kit.refusal import Refused, Unreadable

INSTITUTIONS, PEOPLE = "institutions", "people"
COLUMNS = {
    INSTITUTIONS: (
        "code", "name", "branch", "level", "part of", "e-mail", "telephone", "address", "exists since",
        "exists until",
    ),
    PEOPLE: (
        "e-mail", "name", "telephone", "language", "institution", "function", "act", "from", "until", "bodies",
    ),
}  # fmt: skip
NAME_IN = "name:"
EMPTIED = {"-", "–", "—"}
EXAMPLE_CODE, EXAMPLE_ADDRESS = "example-ministry", "example.person@example.org"
HEADER_WITHIN = 10
MOST_ROWS = 1_000  # they are written in one transaction, for which others wait
DAY_FORMATS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y")


class CellRefused(Refused):
    """What is wrong with one cell, under the name of its column."""

    def __init__(self, column: str, problem: object):
        super().__init__(_("Column “%(column)s”: %(problem)s") % {"column": column, "problem": problem})


@dataclass(frozen=True)
class Row:
    sheet: str
    number: int  # as the spreadsheet program counts
    cells: dict[str, str]

    @property
    def where(self) -> str:
        names = {INSTITUTIONS: _("institutions, row %(number)d"), PEOPLE: _("people, row %(number)d")}
        return names[self.sheet] % {"number": self.number}

    def given(self, column: str) -> str | None:
        """What the cell says; nothing for an empty one, which changes nothing, and "" for a dash, which empties."""
        text = self.cells.get(column, "")
        return ("" if text in EMPTIED else text) if text else None

    def required(self, column: str) -> str:
        if given := self.given(column):
            return given
        raise CellRefused(column, _("it is empty, and is needed here."))

    def day(self, column: str, standing: date | None = None) -> date | None:
        given = self.given(column)
        return standing if given is None else as_day(column, given)

    def text(self, column: str, standing: str = "") -> str:
        given = self.given(column)
        return standing if given is None else given


@dataclass
class PeopleSheet:
    institutions: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.institutions) + len(self.people)


def as_day(column: str, given: str) -> date | None:
    if not given:
        return None
    for wanted in DAY_FORMATS:
        try:
            return datetime.strptime(given, wanted).date()
        except ValueError:
            continue
    raise CellRefused(column, _("“%(given)s” is no day. Write it like 2026-01-31.") % {"given": given})


def read_people_sheet(path: Path) -> PeopleSheet:
    """Every sheet whose columns say what it is; other sheets, such as the explanations, are left out."""
    found = PeopleSheet()
    for rows in tables_in(path):
        header, body = header_and_rows(rows)
        kind = kind_of(header)
        if kind:
            take(found, kind, header, body)
    if not len(found):
        raise Unreadable(
            _(
                "%(file)s has no rows of institutions or people. The first row names the columns: start from the"
                " template on this page."
            )
            % {"file": path.name}
        )
    return found


def tables_in(path: Path) -> Iterator[Iterator[tuple[int, list[str]]]]:
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(b"PK"):
        encoding = plain_text.encoding_of(path)
        yield plain_text.rows(path, encoding, plain_text.separator_of(path, encoding) or ",")
        return
    book = workbook.load(path)
    for sheet in book.sheet_names:
        rows = workbook.sheet_rows(book, sheet, path.name)
        yield ((number, [workbook.cell_text(cell) for cell in cells]) for number, cells in rows)


def header_and_rows(rows: Iterator[tuple[int, list[str]]]) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The first row that names columns; a title above it is left out."""
    for number, cells in rows:
        header = [" ".join(cell.split()).lower().replace("email", "e-mail") for cell in cells]
        if kind_of(header):
            return header, rows
        if number >= HEADER_WITHIN:
            break
    return [], iter(())


def kind_of(header: Sequence[str]) -> str:
    if "e-mail" in header and "institution" in header:
        return PEOPLE
    return INSTITUTIONS if "code" in header and "name" in header else ""


def take(found: PeopleSheet, kind: str, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> None:
    refuse_doubled(kind, header)
    known = {place: title for place, title in enumerate(header) if title in COLUMNS[kind] or is_name(kind, title)}
    found.ignored += [title for place, title in enumerate(header) if title and place not in known]
    into = found.institutions if kind == INSTITUTIONS else found.people
    for number, cells in rows:
        values = {title: tidy(cells[place]) for place, title in known.items() if place < len(cells)}
        if any(values.values()) and not is_example(values):
            into.append(Row(kind, number, values))
        if len(found) > MOST_ROWS:
            raise Unreadable(_("The file has more than %(most)d rows. Please split it.") % {"most": MOST_ROWS})


def refuse_doubled(kind: str, header: list[str]) -> None:
    if doubled := sorted({title for title in header if title and header.count(title) > 1}):
        sentence = _("The sheet of %(kind)s has these columns twice: %(columns)s. Please rename one of each.")
        raise Unreadable(sentence % {"kind": kind, "columns": ", ".join(doubled)})


def is_name(kind: str, title: str) -> bool:
    return kind == INSTITUTIONS and title.startswith(NAME_IN) and len(title) > len(NAME_IN)


def tidy(cell: str) -> str:
    """Without the apostrophe that an export to CSV puts before what looks like a formula, and without NUL."""
    text = cell.replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(AS_FORMULAS) else text


def is_example(values: dict[str, str]) -> bool:
    return values.get("code") == EXAMPLE_CODE or values.get("e-mail") == EXAMPLE_ADDRESS
