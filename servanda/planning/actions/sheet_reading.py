"""The spreadsheet of actions: which of its rows are actions, and what stands in their cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from servanda.intake.sheets.reading import EMPTIED, CellRefused, as_day, tables_in, tidy
from servanda.kit.refusal import Unreadable
from servanda.planning.actions.services import Step
from servanda.planning.actions.sheet import COLUMNS

HEADER_WITHIN = 10
MOST_ROWS = 1_000  # they are written in one transaction, for which others wait
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet program counts
    cells: dict[str, str]

    @property
    def where(self) -> str:
        return _("row %(number)d") % {"number": self.number}

    def given(self, column: str) -> str | None:
        """What the cell says; nothing for an empty one, which changes nothing, and "" for a dash, which empties."""
        text = self.cells.get(column, "")
        return ("" if text in EMPTIED else text) if text else None

    def text(self, column: str, standing: str = "") -> str:
        given = self.given(column)
        return standing if given is None else given

    def amount(self, column: str, standing: Decimal | None) -> Decimal | None:
        given = self.given(column)
        if given is None:
            return standing
        if not given:
            return None
        try:
            amount = Decimal(given.replace(" ", "").replace("\N{NO-BREAK SPACE}", ""))
        except InvalidOperation as problem:
            raise CellRefused(column, not_a_number(given)) from problem
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14 or amount != round(amount, 2):
            raise CellRefused(column, not_a_number(given))
        return amount

    def codes(self, column: str) -> list[str] | None:
        """The entries of a list, each once; nothing for an empty cell."""
        given = self.given(column)
        return None if given is None else split(given)


@dataclass
class ActionSheet:
    rows: list[Row] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def not_a_number(given: str) -> str:
    return _("“%(given)s” is no amount. Write it like 12500.50, without a currency.") % {"given": given}


def split(given: str) -> list[str]:
    entries = given.replace("\n", ";").split(";")
    return list(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))


def steps_in(given: str) -> list[Step]:
    """One line each: the day when it is due or a dash, the title, and where it was reached the day of that."""
    return [step_in(line.strip()) for line in given.splitlines() if line.strip()]


def step_in(line: str) -> Step:
    due, bar, rest = line.partition("|")
    title, second_bar, reached = rest.rpartition("|")
    if not bar:
        raise CellRefused("milestones", _("“%(line)s”: write it like 2026-01-31 | title.") % {"line": line[:80]})
    if not second_bar or not (day := a_day(reached)):
        title, day = rest, None
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        sentence = _("“%(line)s”: give it a title of at most %(most)d signs.")
        raise CellRefused("milestones", sentence % {"line": line[:80], "most": LONGEST_TITLE})
    wanted = due.strip()
    return Step(title.strip(), None if wanted in EMPTIED else as_day("milestones", wanted), day)


def a_day(text: str) -> date | None:
    """The last part of a line is a day, or else belongs to the title."""
    try:
        return as_day("milestones", text.strip())
    except CellRefused:
        return None


def read_action_sheet(path: Path) -> ActionSheet:
    """The first sheet whose columns are those of actions."""
    for rows in tables_in(path):
        header = header_of(rows)
        if header:
            return taken(header, rows)
    sentence = _("%(file)s has no rows of actions. The first row names the columns: start from the template.")
    raise Unreadable(sentence % {"file": path.name})


def header_of(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The first row that names columns; a title above it is left out."""
    for number, cells in rows:
        header = [" ".join(cell.split()).lower() for cell in cells]
        if "code" in header and "title" in header:
            return header
        if number >= HEADER_WITHIN:
            break
    return []


def taken(header: list[str], rows: Iterator[tuple[int, list[str]]]) -> ActionSheet:
    known = {place: title for place, title in enumerate(header) if title in COLUMNS}
    if len(set(known.values())) < len(known):
        doubled = sorted({title for title in known.values() if header.count(title) > 1})
        sentence = _("The sheet has these columns twice: %(columns)s. Please rename one of each.")
        raise Unreadable(sentence % {"columns": ", ".join(doubled)})
    found = ActionSheet(ignored=[title for place, title in enumerate(header) if title and place not in known])
    for number, cells in rows:
        values = {title: tidy(cells[place]) for place, title in known.items() if place < len(cells)}
        if any(values.values()):
            found.rows.append(Row(number, values))
        if len(found.rows) > MOST_ROWS:
            raise Unreadable(_("The file has more than %(most)d rows. Please split it.") % {"most": MOST_ROWS})
    if not found.rows:
        raise Unreadable(_("The file names the columns and has no rows."))
    return found
