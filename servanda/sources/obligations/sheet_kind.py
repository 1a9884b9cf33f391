"""The kind of spreadsheets with which obligations come in, and how what they brought is undone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import Row, Sheet, Table
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.sources.models import Obligation
from servanda.sources.obligations.export import COLUMNS, cells_of, explanations
from servanda.sources.obligations.sheet_rows import ObligationSheetContext, change, write_rows

SHAPE = "obligations"


class ObligationSheets(SheetKind):
    code = "obligations"
    shape = SHAPE
    trail = "obligation-sheet"
    permission = Can.EDIT_OBLIGATIONS
    columns_of_fields = {
        "due_on": "due",
        "clock_on": "clock start",
        "day_from": "deadline from",
        "owner": "institution",
        "responsible": "person",
        "word_limit": "word limit",
    }
    title = gettext_lazy("Obligations as a spreadsheet")
    file_help = gettext_lazy("XLSX, ODS or CSV with one row per obligation and the column names in the first row.")
    nothing_found = gettext_lazy(
        "%(file)s contains no obligations. Start from the template, which has the column names in its first row."
    )
    row_heading = gettext_lazy("Obligation")

    def tables(self) -> Sequence[Table]:
        return [Table(COLUMNS, needed=("code",))]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        return write_rows(self, sheet.rows, run)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> ObligationSheetContext:
        symbols = [json.loads(row.difference)["cells"].get("document", [""])[0] for row in rows]
        return replace(ObligationSheetContext.of(run, [row.code for row in rows], symbols), is_undo=True)

    def restore(self, row: StagedRow, context: ObligationSheetContext, run: Run) -> None:
        """A new row goes when no one has changed it since; a changed one gets its former values back."""
        written = json.loads(row.difference)
        obligation = Obligation.objects.select_for_update().filter(pk=written["pk"]).first()
        if obligation is None or obligation.withdrawn_at is not None:
            raise Refused(_("It no longer exists."))
        now, is_new = cells_of(obligation), row.verdict == StagedRow.Verdict.NEW
        columns = now if is_new else written["cells"]
        if any(now[column] != written["cells"].get(column, ["", ""])[1] for column in columns):
            raise Refused(_("It was changed after the import."))
        if is_new:
            if obligation.version > 1 or Obligation.objects.with_parts().filter(pk=obligation.pk).exists():
                raise Refused(_("It was changed after the import."))
            try:
                obligation.delete()
            except ProtectedError as used:  # by a report, for example
                raise Refused(_("It was changed after the import.")) from used
            return
        cells = {column: before or "-" for column, (before, _after) in written["cells"].items()}
        change(Row(row.number, row.where, cells | {"code": obligation.code}), obligation, context)

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {"xlsx": _("Excel (XLSX)"), "csv": _("CSV")}
        links = [
            Link(label, f"{reverse('desk:obligations_export', args=[file])}?state=all")
            for file, label in files.items()
        ]
        yield Download("", links)

    def explanations(self) -> Sequence[tuple[str, str]]:
        return explanations()

    def changes(self, row: StagedRow) -> list[Change]:
        """The changes of existing obligations; a new one is shown by its row."""
        if row.verdict != StagedRow.Verdict.CHANGED:
            return []
        return [Change(column, *values) for column, values in json.loads(row.difference)["cells"].items()]

    def result(self, batch: Batch) -> Link:
        return Link(_("View obligations"), reverse("desk:obligations"))
