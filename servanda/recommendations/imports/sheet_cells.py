"""The cells of an imported sheet that other rooms read: status, institutions, dates, measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone

from servanda.intake.columns.kinds import Cell, Outcome, SheetContext, SheetRow, kinds
from servanda.intake.columns.lists import all_columns
from servanda.intake.models import Batch, StagedCell
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined
from servanda.people.models import User
from servanda.recommendations.imports.known_records import joined_records
from servanda.recommendations.imports.matching import Match, Verdict
from servanda.recommendations.imports.reading import listed_rows, mapped_fields
from servanda.recommendations.imports.sheet_lists import SheetLists, undo_lists, why_lists_are_not_undone

MOST_REASONS = 8  # of one column and outcome that are listed; most sheets have one or two
MOST_LINES = 400  # of reasons that are read for the list: every cell of a file may have its own
MOST_ROWS = 20_000  # of a sheet with cells for other rooms, which are written in one transaction


class SheetCells:
    """Collects the rows of one import and hands their cells to the rooms that have registered their columns."""

    def __init__(self, batch: Batch):
        self.batch = batch
        mapping = batch.mapping if batch.shape == "sheet" else None
        self.columns = mapped_fields(batch) & set(all_columns())
        meanings = {(value.column, value.folded): value.meaning for value in mapping.values.all()} if mapping else {}
        self.context = SheetContext(
            batch=batch,
            on=timezone.localdate(),
            by=batch.created_by,
            separator=mapping.separator if mapping else "",
            meanings=meanings,
            listed=listed_rows(batch),
        )
        self.lists = SheetLists(self.context.listed, self.context)
        self.rows: list[SheetRow] = []
        self.keys: list[tuple[str, str]] = []
        self.first_rows: dict[tuple[str, str], SheetRow] = {}

    def judged(self, matches: Sequence[Match], *, first: int) -> list[StagedCell]:
        """What would become of each cell of these rows; for the preview."""
        if not self.columns:
            return []
        listed = [
            cell
            for number, match in enumerate(matches, first)
            if match.row.list_of
            for cell in self.lists.cells(match.row, number)
        ]
        numbered = list(each_record(matches, first=first))
        rows, matches = [self._row(number, match) for number, match in numbered], [match for _n, match in numbered]
        written = [row for row, match in zip(rows, matches, strict=True) if is_written(match)]
        cells = [cell for kind in kinds() for cell in kind.judge(written, self.context)]
        for row, match in zip(rows, matches, strict=True):
            if not is_written(match):
                cells += left_out(row, match)
        return [
            StagedCell(
                batch=self.batch,
                number=cell.row.number,
                column=cell.column,
                outcome=cell.outcome,
                message=cell.message,
            )
            for cell in [*listed, *once_each(cells)]
        ]

    def _row(self, number: int, match: Match) -> SheetRow:
        """The row, with what is known from the first row of the file about the same recommendation."""
        row = sheet_row(number, match)
        if match.verdict in WRITTEN:
            earlier = self.first_rows.setdefault(match.repeats or match.row.key, row)
            row.record, row.first = row.record or earlier.record, earlier.number
            row.dated = row.dated or earlier.dated
        return row

    def add(self, matches: Sequence[Match], *, first: int) -> None:
        """Collect the rows to be written, for `write`."""
        if not self.columns:
            return
        for number, match in each_record(matches, first=first):
            row = self._row(number, match)
            if match.verdict in WRITTEN and match.row.cells:
                self.rows.append(row)
                self.keys.append(match.repeats or match.row.key)

    def write(self) -> None:
        """Let each room write its cells; called in the transaction that switches the import on."""
        self.lists.write()
        if not self.rows:
            return
        records = joined_records(self.keys)
        for row, key in zip(self.rows, self.keys, strict=True):
            row.record = row.record or records.get(key)
        rows = [row for row in self.rows if row.record]
        for kind in kinds():
            kind.write(rows, self.context)


WRITTEN = {Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.JOINED}


def each_record(matches: Sequence[Match], *, first: int) -> Iterator[tuple[int, Match]]:
    """Numbered rows about recommendations; a row that adds to several is yielded once for each."""
    for number, match in enumerate(matches, first):
        if not match.row.list_of:
            yield from ((number, part) for part in match.parts or [match])


def once_each(cells: Sequence[Cell]) -> Iterator[Cell]:
    """One outcome for each cell, also where its row adds to several recommendations."""
    by_cell: dict[tuple[int, str], list[Cell]] = {}
    for cell in cells:
        by_cell.setdefault((cell.row.number, cell.column), []).append(cell)
    for same_cell in by_cell.values():
        outcomes = {cell.outcome for cell in same_cell}
        outcome = next(
            outcome for outcome in (Outcome.IMPORTED, Outcome.LEFT_OUT, Outcome.UNCHANGED) if outcome in outcomes
        )
        message = joined(dict.fromkeys(cell.message for cell in same_cell))
        yield Cell(same_cell[0].row, same_cell[0].column, outcome, message)


def is_written(match: Match) -> bool:
    return match.verdict in WRITTEN and not match.waits


def sheet_row(number: int, match: Match) -> SheetRow:
    record = match.known.pk if match.known else match.record
    days = [day for day in (match.row.published, match.known and match.known.fields["date"]) if day]
    return SheetRow(number, match.row.where, match.row.cells, record, dated=max(days, default=None))


def left_out(row: SheetRow, match: Match) -> list[Cell]:
    """Cells of a row that is refused or still to be confirmed; they wait with their row."""
    if match.verdict == Verdict.PROPOSED or match.waits:
        sentence = _("Confirm the row first.")
    else:
        sentence = _("The row is refused.")
    return [Cell(row, column, Outcome.LEFT_OUT, sentence) for column, cell in row.cells.items() if cell.strip()]


@dataclass(slots=True)
class CellsAlike:
    """Cells of one column with one outcome, all for the same reason or, without one, all that are not listed."""

    column: str
    outcome: str
    number: int
    reason: str = ""
    where: str = ""  # the first of them
    is_rest: bool = False


def cells_explained(batch: Batch) -> list[CellsAlike]:
    """What becomes of the cells of each column: the most frequent reasons, and how many cells have others."""
    totals = batch.cells.values_list("column", "outcome").annotate(Count("pk")).order_by("column", "outcome")
    if not (by_column := list(totals)):
        return []
    grouped = batch.cells.values_list("column", "outcome", "message").annotate(cells=Count("pk"), first=Min("number"))
    reasons = list(grouped.order_by("-cells", "first")[:MOST_LINES])
    places = dict(batch.rows.filter(number__in={row[-1] for row in reasons}).values_list("number", "where"))
    labels = {code: str(column.label) for code, column in all_columns().items()}
    groups = []
    for column, outcome, total in by_column:
        names = labels.get(column, column), str(Outcome(outcome).label)
        listed = [row[2:] for row in reasons if row[:2] == (column, outcome)][:MOST_REASONS]
        groups += [CellsAlike(*names, cells, reason, places.get(first, "")) for reason, cells, first in listed]
        if rest := total - sum(cells for _reason, cells, _first in listed):
            groups.append(CellsAlike(*names, rest, is_rest=True))
    return groups


def line_of_cells(alike: CellsAlike) -> str:
    """How many cells of a column come in or not, why, and where the first of them is."""
    reason = _("for other reasons") if alike.is_rest else alike.reason
    place = f"({alike.where})" if alike.where else ""
    return " ".join(filter(None, [f"{alike.column}: {alike.outcome} {alike.number}", reason, place]))


def why_not_undone(batch: Batch) -> list[str]:
    sentences = [sentence for kind in kinds() for sentence in kind.why_not_undone(batch)]
    return sentences + why_lists_are_not_undone(batch)


def undo_cells(batch: Batch, *, by: User | None) -> None:
    """Undo in the reverse order of writing: progress refers to planning, and both to rows of lists."""
    for kind in reversed(kinds()):
        kind.undo(batch, by=by)
    undo_lists(batch, by=by)
