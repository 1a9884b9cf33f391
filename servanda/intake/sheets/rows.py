"""Write or restore the rows of a spreadsheet one by one, each whole or not at all."""

from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from servanda.intake.models import StagedRow
from servanda.intake.sheets.reading import Row
from servanda.kit.refusal import Refused

if TYPE_CHECKING:
    from servanda.intake.sheets.kinds import Run, SheetKind


def write_or_refuse(kind: "SheetKind", staged: StagedRow, write: Callable[[], None]) -> StagedRow:
    """Write one row, or save in the staged row why it was refused; a refused row leaves nothing behind."""
    try:
        with transaction.atomic():
            write()
    except Refused as refusal:
        staged.verdict, staged.reason = StagedRow.Verdict.REFUSED, kind.sentence_of(refusal)
        staged.difference = ""
    return staged


def parents_first(rows: Sequence[Row], *, parent: str, known: Container[str]) -> Iterator[Row]:
    """Each row after the one that its column `parent` names, else in the order of the sheet.

    `known` are codes in small letters; the caller adds to them what it writes.
    """
    waiting = list(rows)
    while waiting:
        codes = {row.text("code").lower() for row in waiting}
        ready = [row for row in waiting if not waits(row, row.text(parent).lower(), codes, known)] or waiting
        yield from ready
        waiting = [row for row in waiting if row not in ready]


def waits(row: Row, above: str, codes: Container[str], known: Container[str]) -> bool:
    return above in codes and above not in known and above != row.text("code").lower()


def restore_last_first(kind: "SheetKind", rows: Sequence[StagedRow], run: "Run") -> list[StagedRow]:
    """Last row first; what other rows of the sheet still depend on is tried again. Returns the rows that stay."""
    waiting = list(rows)
    while waiting:
        context = kind.undo_context(waiting, run)
        stay = [row for row in waiting if not is_restored(kind, row, context, run)]
        if len(stay) == len(waiting):
            break
        waiting = stay
    return waiting


def is_restored(kind: "SheetKind", row: StagedRow, context: object, run: "Run") -> bool:
    try:
        with transaction.atomic():
            kind.restore(row, context, run)
    except Refused as refusal:
        row.reason = str(refusal)
        return False
    return True
