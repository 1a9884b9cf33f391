"""Sheets of a workbook that list things of their own beside the recommendations, such as institutions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.functional import Promise

from servanda.intake.columns.kinds import Cell, Column, SheetContext, SheetRow, columns
from servanda.intake.models import Batch, StagedRow
from servanda.people.models import User

Verdict = StagedRow.Verdict


@dataclass(slots=True)
class ListedRow:
    """What one row of such a sheet does, with a sentence for each of its cells."""

    row: SheetRow
    verdict: str
    reason: str = ""
    cells: list[Cell] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what the sender should know of a row that is not refused


class ListKind(Protocol):
    """What a room does with the sheets that list its things. Nothing is written before `write`."""

    code: str
    label: str | Promise
    needed: str  # the column without which a row names nothing
    most: int  # rows, all of which are written in the one transaction for which others wait

    def columns(self) -> Sequence[Column]: ...

    def suggest(self, sheet: str, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Column -> header if the sheet of this name, with these values below its headers, is such a list."""

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[ListedRow]:
        """What `write` would do with each row, in a fixed number of queries."""

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        """Write what `judge` says, before the rows of recommendations that may refer to these things."""

    def why_not_undone(self, batch: Batch) -> list[str]:
        """A sentence for each thing that was changed since."""

    def undo(self, batch: Batch, *, by: User | None) -> None:
        """Remove what `write` wrote, after all else of the import. Raises `Refused` where it is used elsewhere."""


_lists: dict[str, ListKind] = {}


def register_list(kind: ListKind) -> None:
    """Called once by the room, when the process starts."""
    _lists[kind.code] = kind


def list_kinds() -> list[ListKind]:
    return list(_lists.values())


def list_columns() -> dict[str, Column]:
    """Every column of a list, by its code."""
    return {column.code: column for kind in list_kinds() for column in kind.columns()}


def all_columns() -> dict[str, Column]:
    """The columns of recommendations that rooms have registered, and those of lists."""
    return columns() | list_columns()


def list_of(fields: Iterable[str]) -> str:
    """The code of the list that these columns belong to, or ""."""
    mapped = set(fields)
    return next((kind.code for kind in list_kinds() if mapped & {column.code for column in kind.columns()}), "")


def kind_of_list(code: str) -> ListKind:
    return _lists[code]


def suggest_list(sheet: str, values: Mapping[str, Sequence[str]]) -> tuple[ListKind | None, dict[str, str]]:
    """The list that a sheet probably is, with its columns."""
    for kind in list_kinds():
        if columns := kind.suggest(sheet, values):
            return kind, columns
    return None, {}
