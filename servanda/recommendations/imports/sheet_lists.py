"""The rows of a workbook that list things of other rooms, such as institutions, judged and written with the rest."""

from collections.abc import Mapping, Sequence

from servanda.intake.columns.kinds import Cell, Outcome, SheetContext, SheetRow
from servanda.intake.columns.lists import ListedRow, list_kinds
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import User
from servanda.recommendations.imports.matching import Match, Verdict
from servanda.sources.candidates import Problem
from servanda.sources.resolve import Resolved


class SheetLists:
    """What becomes of the rows of lists in a workbook; each room judges all of its rows at once."""

    def __init__(self, listed: Mapping[str, Sequence[SheetRow]], context: SheetContext):
        self.listed, self.context = listed, context
        self.judged: dict[str, ListedRow] = {
            judged.row.where: judged
            for kind in list_kinds()
            for judged in kind.judge(listed.get(kind.code, ()), context)
        }

    def match(self, row: Resolved) -> Match:
        """The verdict of one row; remarks and refusals are counted with those of the other rows."""
        judged = self.judged[row.where]
        if judged.verdict == Verdict.REFUSED:
            row.problems.append(Problem(row.list_of, judged.reason))
        row.problems += (Problem(row.list_of, remark, fatal=False) for remark in judged.remarks)
        return Match(row, Verdict(judged.verdict), reason=judged.reason)

    def cells(self, row: Resolved, number: int) -> list[Cell]:
        """What becomes of each cell, under the number of the row in the file."""
        sheet_row, judged = SheetRow(number, row.where, row.cells), self.judged.get(row.where)
        if judged is None:  # a row of totals
            return [Cell(sheet_row, column, Outcome.LEFT_OUT, _("The row is refused.")) for column in row.cells]
        return [Cell(sheet_row, cell.column, cell.outcome, cell.message) for cell in judged.cells]

    def write(self) -> None:
        for kind in list_kinds():
            if rows := self.listed.get(kind.code):
                kind.write(rows, self.context)


def why_lists_are_not_undone(batch: Batch) -> list[str]:
    return [sentence for kind in list_kinds() for sentence in kind.why_not_undone(batch)]


def undo_lists(batch: Batch, *, by: User | None) -> None:
    for kind in reversed(list_kinds()):
        kind.undo(batch, by=by)
