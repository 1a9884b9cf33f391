"""Follow-up that the rows of a sheet bring, until it is written."""

from dataclasses import dataclass, field

from servanda.intake.columns.kinds import Cell, SheetContext, SheetRow
from servanda.progress.models import Assessment, Update, UpdateRecommendation, UpdateStep
from servanda.recommendations.models import Note


@dataclass(slots=True)
class SheetFollowUp:
    """What becomes of the cells of some rows, and what is to be written."""

    cells: list[Cell] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    updates: list[tuple[int | None, Update]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def tell(self, row: SheetRow, column: str, outcome: str, message: str = "") -> None:
        self.cells.append(Cell(row, column, outcome, message))


def write_follow_up(result: SheetFollowUp, context: SheetContext) -> None:
    Assessment.objects.bulk_create(result.assessments)
    Note.objects.bulk_create(result.notes)
    updates = [(record, update) for record, update in result.updates if record and update.institution_id]
    Update.objects.bulk_create([update for _record, update in updates])
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation_id=record, brought_by=context.batch)
        for record, update in updates
    )
    UpdateStep.objects.bulk_create(
        UpdateStep(update=update, state=update.state, by=context.by, reason=update.letter)
        for _record, update in updates
        if update.state != Update.State.DRAFT
    )
