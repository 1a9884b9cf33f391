"""What becomes of the entries of one cell, and what an import is to write."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from servanda.intake.columns.kinds import Cell, Outcome, SheetRow
from servanda.planning.models import Action, Indicator
from servanda.planning.sheets.institutions import MeantInstitution
from servanda.planning.sheets.numbers import Amount
from servanda.planning.sheets.plans import NewPlan


@dataclass(slots=True)
class CellOutcome:
    """What becomes of a cell: it is imported if any of its entries is; otherwise it is left out or unchanged."""

    imported: int = 0
    unchanged: int = 0
    reasons: list[str] = field(default_factory=list)  # why an entry is left out
    notes: list[str] = field(default_factory=list)  # remarks on the other entries

    def cell(self, row: SheetRow, column: str) -> Cell:
        outcome = Outcome.LEFT_OUT
        if self.imported or (self.unchanged and not self.reasons):
            outcome = Outcome.IMPORTED if self.imported else Outcome.UNCHANGED
        return Cell(row, column, outcome, " ".join(dict.fromkeys([*self.reasons, *self.notes])))


class CellOutcomes(dict[str, CellOutcome]):
    """What becomes of each cell of one row, by column."""

    def __missing__(self, column: str) -> CellOutcome:
        self[column] = CellOutcome()
        return self[column]

    def cells(self, row: SheetRow, columns: Iterable[str]) -> list[Cell]:
        return [self[column].cell(row, column) for column in columns if row.says(column)]


def record_of(row: SheetRow) -> int:
    """The recommendation of a row that is being written."""
    if row.record is None:
        raise ValueError(f"{row.where} has no record")
    return row.record


@dataclass(slots=True)
class NewAssignment:
    row: SheetRow
    institution: MeantInstitution
    part: str
    since: date
    due_on: date | None


@dataclass(slots=True)
class NewAction:
    """An action that the import creates, with the details of its first row."""

    title: str
    description: str
    where: str
    status: str = Action.Status.PLANNED
    budget: Amount | None = None
    due_on: date | None = None
    plan: int | NewPlan | None = None
    lead: MeantInstitution | None = None
    supporting: list[MeantInstitution] = field(default_factory=list)


@dataclass(slots=True)
class NewIndicator:
    name: str
    is_percent: bool

    def as_indicator(self) -> Indicator:
        unit = Indicator.Unit.PERCENT if self.is_percent else Indicator.Unit.NUMBER
        return Indicator(
            name=self.name, kind=Indicator.Kind.PROCESS, unit=unit, schedule=Indicator.Schedule.IRREGULAR
        )


@dataclass(slots=True)
class NewValue:
    indicator: "NewIndicator | Indicator"
    start: date
    end: date
    number: Decimal
    where: str


@dataclass(slots=True)
class Orders:
    """What is to be written for some rows, in the order of the rows."""

    assignments: list[NewAssignment] = field(default_factory=list)
    actions: list[NewAction] = field(default_factory=list)
    answers: list[tuple[SheetRow, NewAction | Action]] = field(default_factory=list)
    indicators: list[NewIndicator] = field(default_factory=list)
    abouts: list[tuple[SheetRow, NewIndicator | Indicator]] = field(default_factory=list)
    values: list[NewValue] = field(default_factory=list)

    def institutions(self) -> list[MeantInstitution]:
        """All institutions that the orders mention, including those to be created."""
        parts = [
            institution for action in self.actions for institution in (action.lead, *action.supporting) if institution
        ]
        return [*(assignment.institution for assignment in self.assignments), *parts]

    def plans(self) -> list[NewPlan]:
        return [action.plan for action in self.actions if isinstance(action.plan, NewPlan)]
