"""The kinds of columns that a spreadsheet of recommendations can have beside texts and labels."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedCell
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import User

Outcome = StagedCell.Outcome
CREATE = "+"  # the meaning of a value for which something new is created in the register
LONGEST_VALUE = 200  # characters of a value that are compared
NOT_CHOSEN = gettext_lazy("“%(value)s” is not imported, as chosen on the page of values.")
type Choices = Sequence[tuple[str, str]]  # code and what people call it


@dataclass(frozen=True, slots=True)
class Column:
    """What one column can hold; `code` is unique among all rooms, `names` are headers in the five languages."""

    code: str
    label: str | Promise
    names: tuple[str, ...] = ()
    choices: Callable[[], Choices] | None = None  # what its values can mean; without them values are read as written
    propose: Callable[[str, Choices], str] | None = None  # the code that a printed value probably means, or ""
    looks_like: Callable[[Sequence[str]], bool] | None = None  # whether these values are of this column
    is_list: bool = False  # a cell may hold several entries
    split: Callable[[str, "SheetContext"], Sequence[str]] | None = None  # further entries in one: "MoJ / MoI"
    is_answered: Callable[[str, "SheetContext"], bool] | None = None  # the workbook itself says what a value means
    creates: str | Promise = ""  # where a value may become something new: the offer for all that are not known
    fills_down: bool = False  # empty in a row that only adds to the recommendation above, it is as in the row above


@dataclass(slots=True)
class SheetRow:
    """One row of a sheet, with the cells that other rooms read."""

    number: int
    where: str
    cells: dict[str, str]  # code of the column -> what the cell says
    record: int | None = None  # the recommendation, or None while it is to be made
    first: int = 0  # the number of the first row of the file about the same recommendation
    dated: date | None = None  # the day of the recommendation, as the register or this row has it

    @property
    def about(self) -> int:
        """A key shared by all rows about one recommendation, whether or not it is in the register already."""
        return self.record or -(self.first or self.number)

    def says(self, column: str) -> str:
        """The cell of a column in one line, or "" where it is empty."""
        return " ".join(self.cells.get(column, "").split())


@dataclass(slots=True)
class Cell:
    """The outcome of one cell; every non-empty cell has a sentence."""

    row: SheetRow
    column: str
    outcome: str
    message: str = ""


@dataclass(slots=True)
class SheetContext:
    """The state shared by all rows of one import."""

    batch: Batch
    on: date
    by: User | None = None
    separator: str = ""
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)  # column and folded value -> code
    listed: Mapping[str, Sequence[SheetRow]] = field(default_factory=dict)  # list of the workbook -> its rows
    memory: dict[str, Any] = field(default_factory=dict)  # what a kind remembers of the rows before, under its code

    def meaning(self, column: str, printed: str) -> str | None:
        """The code of a value; "" if it is to be left out, None if no meaning has been chosen."""
        return self.meanings.get((column, value_key(printed)))

    def entries(self, cell: str) -> list[str]:
        """The entries of a list in one cell, in their order, each once."""
        for sign in (self.separator,) if self.separator else ("\n", ";"):
            cell = cell.replace(sign, "\n")
        return list(dict.fromkeys(entry for line in cell.split("\n") if (entry := " ".join(line.split()))))


def entries_of(column: Column, cell: str, context: SheetContext) -> list[str]:
    """The entries of a cell; an entry whose meaning was chosen as a whole is not split further."""
    if not column.is_list:
        return [" ".join(cell.split())]
    entries = context.entries(cell)
    if column.split is None:
        return entries
    parts = (
        [entry] if context.meaning(column.code, entry) is not None else column.split(entry, context)
        for entry in entries
    )
    return list(dict.fromkeys(part for some in parts for part in some))


class ColumnKind(Protocol):
    """What a room does with its columns. Nothing is written before `write`, which runs in one transaction."""

    code: str

    def columns(self) -> Sequence[Column]: ...

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[Cell]:
        """What `write` would do with each cell of its columns, in a fixed number of queries."""

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        """Write the results of `judge` for these rows, all of which now have a record."""

    def why_not_undone(self, batch: Batch) -> list[str]:
        """A sentence for each thing that depends on what this import wrote."""

    def undo(self, batch: Batch, *, by: User | None) -> None:
        """Remove what `write` wrote, and restore what it replaced."""


_kinds: dict[str, ColumnKind] = {}


def register(kind: ColumnKind) -> None:
    """Called once by the room, when the process starts."""
    _kinds[kind.code] = kind


def kinds() -> list[ColumnKind]:
    """In the order of their rooms: planning before progress."""
    return list(_kinds.values())


def columns() -> dict[str, Column]:
    """Every column that a room has registered, by its code."""
    return {column.code: column for kind in kinds() for column in kind.columns()}


def folded(printed: str) -> str:
    """A header or value for comparison: without case and accents, single blanks between words."""
    plain = unicodedata.normalize("NFKD", printed.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def value_key(printed: str) -> str:
    """The key under which the meaning of a value is saved: folded, but "✓" is not "✗", and "A+" is not "A-"."""
    plain = " ".join(printed.casefold().split())
    signs = "".join(re.findall(r"^[+−-](?=\w)|(?<=\w)[+−-]$", plain))
    return f"{folded(plain) or plain}{signs}"[:LONGEST_VALUE]


def not_known(printed: str) -> str:
    return _("The meaning of “%(value)s” is not known. Choose it on the page of values.") % {"value": printed}
