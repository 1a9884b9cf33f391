"""Which comments on cells of a workbook become notes on records, and why the others cannot."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from servanda.intake.comments import first_sheet
from servanda.intake.models import Batch, CellComment, StagedCell
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import workbook
from servanda.recommendations.imports.matching import Match, Verdict
from servanda.recommendations.imports.reading import Place
from servanda.sources.sheets.reader import NOTES

LEFT_OUT = StagedCell.Outcome.LEFT_OUT


class CommentedRows:
    """Collects what becomes of the rows with comments while a file is checked."""

    def __init__(self, batch: Batch):
        self.batch = batch
        may_be_taken = batch.shape == "sheet"
        self.comments = list(batch.cell_comments.all()) if may_be_taken else []
        self.places = {(comment.sheet, comment.row) for comment in self.comments}
        self.obstacles: dict[Place, str] = {}
        self.elsewhere: set[Place] = set()  # rows about other States
        self.first_rows: dict[str, int] = {}  # below the titles of the columns, by sheet

    def add(self, matches: Sequence[Match], cells: Iterable[StagedCell], *, first: int) -> None:
        """Collect a chunk of rows with what was judged of their cells."""
        if not self.places:
            return
        left = {cell.number: cell.message for cell in cells if cell.column == NOTES and cell.outcome == LEFT_OUT}
        for number, match in enumerate(matches, first):
            if place := match.row.place:
                self.first_rows.setdefault(place[0], place[1])
                if place in self.places:
                    self.obstacles[place] = obstacle_of(match, left.get(number, ""))

    def save(self) -> None:
        """Store for each comment the reason why it cannot be imported, or nothing if it can."""
        if not self.comments:
            return
        sheets, visible = sheets_read(self.batch), visible_sheets(self.batch)
        for comment in self.comments:
            place = (comment.sheet, comment.row)
            if comment.sheet not in sheets:
                comment.obstacle = sheet_not_read(is_visible=comment.sheet in visible)
            elif place in self.obstacles:
                comment.obstacle = self.obstacles[place]
            else:
                comment.obstacle = self.row_not_read(place)
        CellComment.objects.bulk_update(self.comments, ["obstacle"], batch_size=500)

    def row_not_read(self, place: Place) -> str:
        sheet, row = place
        if place in self.elsewhere:
            return _("Not imported: the row is about another State.")
        if row < self.first_rows.get(sheet, 0):
            return _("Not imported: the cell is above the first row of the list.")
        return _("Not imported: the row has no entries.")


def obstacle_of(match: Match, refusal: str) -> str:
    if match.row.list_of:
        return _("Not imported: the row is not a recommendation.")
    if match.verdict == Verdict.PROPOSED or match.waits:
        return _("Imported only if the row is confirmed.")
    if match.verdict == Verdict.REFUSED:
        return _("Not imported: the row is refused.")
    return _("Not imported: %(reason)s") % {"reason": refusal} if refusal else ""


def sheet_not_read(*, is_visible: bool) -> str:
    if is_visible:
        return _("Not imported: this sheet is not imported.")
    return _("Not imported: this sheet is hidden and is not imported.")


def sheets_read(batch: Batch) -> set[str]:
    first = batch.sheet or first_sheet(Path(batch.file.path))
    return {first, *batch.further_sheets.values_list("sheet", flat=True)}


def visible_sheets(batch: Batch) -> list[str]:
    return workbook.visible_sheets(workbook.load(Path(batch.file.path)))
