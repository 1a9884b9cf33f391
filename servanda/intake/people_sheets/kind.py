"""The kind of spreadsheets with which institutions and people come in and go out."""

import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.people_sheets import export, undo
from servanda.intake.people_sheets.columns import COLUMNS_OF_FIELDS, TABLES, explanations
from servanda.intake.people_sheets.rows import write_rows
from servanda.intake.sheets.forms import ApplyForm
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import Sheet, Table
from servanda.kit.database.sentences import gettext as _
from servanda.people.access import Can
from servanda.people.appointments.services import end_sessions_without_standing
from servanda.people.models import Notification

SHAPE = "institutions-and-people"


class InvitingForm(ApplyForm):
    invite = forms.BooleanField(
        label=gettext_lazy("Invite new people now"),
        help_text=gettext_lazy(
            "Each new person receives an e-mail with a link valid for seven days. If you do not select this "
            "option, you can invite them later from their pages."
        ),
        required=False,
    )


class PeopleSheets(SheetKind):
    code = "people"
    shape = SHAPE
    trail = "people-sheet"
    permission = Can.MANAGE_PEOPLE
    notices = {
        Batch.State.PREVIEWED: Notification.Kind.SHEET_READY,
        Batch.State.APPLIED: Notification.Kind.SHEET_APPLIED,
        Batch.State.FAILED: Notification.Kind.SHEET_FAILED,
    }
    names_people = True
    columns_of_fields = COLUMNS_OF_FIELDS
    title = gettext_lazy("Institutions and people as a spreadsheet")
    file_help = gettext_lazy("XLSX or ODS with a sheet for institutions and one for people, or one of them as CSV.")
    nothing_found = gettext_lazy(
        "%(file)s has no rows of institutions or people. The first row must contain the column names: use the "
        "template on this page."
    )
    row_heading = gettext_lazy("Person or institution")
    tabs_template = "people/_tabs.html"

    def apply_form(self, batch: Batch, data: Any = None) -> forms.Form:
        return InvitingForm(data, batch=batch)

    def tables(self) -> Sequence[Table]:
        return TABLES

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        return write_rows(self, sheet.rows, run)

    def restore_all(self, rows: Sequence[StagedRow], run: Run) -> list[StagedRow]:
        people = undo.affected(rows)
        stay = super().restore_all(rows, run)
        end_sessions_without_standing(sorted(people))
        return stay

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> undo.Pointers:
        return undo.pointers(rows)

    def restore(self, row: StagedRow, context: undo.Pointers, run: Run) -> None:
        undo.restore_row(row, context, run)

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {
            "all.xlsx": _("Institutions and people, XLSX"),
            "institutions.csv": _("Institutions, CSV"),
            "people.csv": _("People, CSV"),
        }
        yield Download("", [Link(label, reverse("desk:export_people", args=[file])) for file, label in files.items()])

    def explanations(self) -> list[tuple[str, str]]:
        return explanations()

    def template(self) -> IO[bytes]:
        return export.workbook_of(export.template_tables())

    def changes(self, row: StagedRow) -> list[Change]:
        """The changes of existing things, and what is new beside them; a row of new things alone shows itself."""
        steps = json.loads(row.difference or "[]")
        if all(step["is_new"] for step in steps):
            return []
        return [
            Change(COLUMNS_OF_FIELDS.get(name, name.removesuffix(":")), before, after)
            for step in steps
            for name, (before, after) in step["fields"].items()
        ]

    def result(self, batch: Batch) -> Link:
        return Link(_("View people"), reverse("people:people"))
