"""Assignments from the columns of a sheet: lead, supporting institutions, due date."""

from datetime import date

from servanda.intake.columns.dates import read_due_date
from servanda.intake.columns.kinds import SheetRow
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.planning.assignments.services import refuse_closed
from servanda.planning.models import Assignment
from servanda.planning.sheets.decisions import CellOutcome, CellOutcomes, NewAssignment
from servanda.planning.sheets.existing import Register
from servanda.planning.sheets.institutions import MeantInstitution

Part = Assignment.Part
LEAD, SUPPORTING, RESPONSIBLE, DUE = "lead", "supporting", "responsible", "due"


class DueDate:
    """The due date of a row, and whether any assignment or action of the row uses it."""

    def __init__(self, row: SheetRow, outcome: CellOutcome):
        self.outcome, self.is_given = outcome, bool(row.says(DUE))
        self.day = read_due_date(row.says(DUE)) if self.is_given else None
        self.is_used = False
        if self.is_given and self.day is None:
            sentence = _("“%(value)s” is not a date. Enter it as 31/12/2026, December 2026 or 2026.")
            outcome.reasons.append(sentence % {"value": row.says(DUE)})

    def since(self, on: date) -> date:
        return min(on, self.day) if self.day else on

    def give(self, *, on: date | None = None) -> None:
        """Use the date for something new; an assignment starts `on` the day of the import at the latest."""
        self.is_used = True
        if self.day:
            self.outcome.imported += 1
            if on and self.day < on:
                self.outcome.notes.append(_("This date is in the past: the assignments start on that date."))

    def compare(self, present: date | None, name: str) -> None:
        """Compare with the date of something that the register already has."""
        self.is_used = True
        if self.day and present == self.day:
            self.outcome.unchanged += 1
        elif self.day:
            days = {"name": name, "day": present.isoformat() if present else _("no date")}
            self.outcome.reasons.append(
                _("%(name)s already has another due date: %(day)s. Correct one of the two.") % days
            )

    def finish(self) -> None:
        if self.day and not self.is_used:
            self.outcome.reasons.append(
                _("This row contains no institution or action to which the due date could apply.")
            )


def decide_institutions(
    row: SheetRow, outcomes: CellOutcomes, due: DueDate, register: Register
) -> tuple[MeantInstitution | None, list[MeantInstitution]]:
    """Read the lead and the supporting institutions of a row, and order what is new."""
    lead: MeantInstitution | None = None
    supporting: list[MeantInstitution] = []
    for column in (LEAD, SUPPORTING, RESPONSIBLE):
        if not row.says(column):
            continue
        entries = register.importing.directory.entries(row.cells[column], column, register.importing.context)
        explain_parts(column, entries, outcomes[column])
        for place, entry in enumerate(entries):
            part = Part.LEAD if column == LEAD and place == 0 else Part.SUPPORTING
            institution, reason = register.importing.directory.meant(entry, column, register.importing.context)
            if institution is None:
                outcomes[column].reasons.append(reason)
            elif decide_assignment(row, institution, part, outcomes[column], due, register):
                lead = institution if part == Part.LEAD else lead
                supporting += [institution] if part == Part.SUPPORTING else []
    return lead, supporting


def explain_parts(column: str, entries: list[str], outcome: CellOutcome) -> None:
    if not entries:
        outcome.reasons.append(_("This cell contains no institution."))
    elif column == RESPONSIBLE:
        outcome.notes.append(
            _("The column does not show the lead institution: all are imported as supporting institutions.")
        )
    elif column == LEAD and len(entries) > 1:
        outcome.notes.append(
            _(
                "The cell contains several institutions: the first is the lead, the others are supporting "
                "institutions."
            )
        )


def decide_assignment(
    row: SheetRow, institution: MeantInstitution, part: str, outcome: CellOutcome, due: DueDate, register: Register
) -> bool:
    """Order the assignment unless it exists. Returns whether the institution has this part, now or before."""
    importing = register.importing
    if (present := present_part(row, institution, register)) is not None:
        return compare_assignment(institution, part, present, outcome, due)
    if reason := why_not(row, institution, part, due, register):
        outcome.reasons.append(reason)
        return False
    on = importing.context.on
    outcome.imported += 1
    due.give(on=on)
    importing.orders.assignments.append(NewAssignment(row, institution, part, due.since(on), due.day))
    importing.earlier.parts[row.about, institution.key] = part, due.day
    if part == Part.LEAD:
        importing.earlier.leads[row.about] = institution
    return True


def present_part(row: SheetRow, institution: MeantInstitution, register: Register) -> tuple[str, date | None] | None:
    """The role and the date that an institution already has, in the register or from an earlier row."""
    for assignment in register.assignments.get(row.record or 0, ()):
        if assignment.is_current and institution.existing and assignment.institution_id == institution.existing.pk:
            return assignment.part, assignment.due_on
    return register.importing.earlier.parts.get((row.about, institution.key))


def compare_assignment(
    institution: MeantInstitution, part: str, present: tuple[str, date | None], outcome: CellOutcome, due: DueDate
) -> bool:
    if present[0] == part:
        outcome.unchanged += 1
        due.compare(present[1], str(institution))
        return True
    due.is_used = True
    if present[0] == Part.LEAD:
        outcome.unchanged += 1
        outcome.notes.append(_("%(institution)s is already the lead institution.") % {"institution": institution})
    else:
        sentence = _("%(institution)s is already a supporting institution. Change its role on the record.")
        outcome.reasons.append(sentence % {"institution": institution})
    return False


def why_not(row: SheetRow, institution: MeantInstitution, part: str, due: DueDate, register: Register) -> str:
    """Why an institution cannot be assigned; "" if it can."""
    if not register.importing.may_assign:
        return _("You do not have permission to assign institutions. Ask the coordinator to import this column.")
    if institution.existing:
        try:
            refuse_closed(institution.existing, since=due.since(register.importing.context.on))
        except Refused as refusal:
            return str(refusal)
    if register.is_closed_to(row, institution.existing.pk if institution.existing else None):
        sentence = _(
            "%(institution)s has no access to this record. Add it to the institutions with access on the record "
            "first."
        )
        return sentence % {"institution": institution}
    for assignment in register.assignments.get(row.record or 0, ()):
        if (
            not assignment.is_current
            and institution.existing
            and assignment.institution_id == institution.existing.pk
        ):
            return _("%(institution)s has refused this record. Decide on the refusal on the record first.") % {
                "institution": institution
            }
    if part == Part.LEAD and (lead := present_lead(row, register)):
        sentence = _(
            "%(lead)s is already the lead institution; %(institution)s is not assigned. Change the lead "
            "institution on the record."
        )
        return sentence % {"lead": lead, "institution": institution}
    return ""


def present_lead(row: SheetRow, register: Register) -> object:
    for assignment in register.assignments.get(row.record or 0, ()):
        if assignment.is_current and assignment.part == Part.LEAD:
            return assignment.institution
    return register.importing.earlier.leads.get(row.about)
