"""The kind of spreadsheets with which actions come in, and how what they brought is undone."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import Row, Sheet, Table, split
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.planning.actions.sheet import COLUMNS, explanations
from servanda.planning.actions.sheet_rows import (
    ActionSheetContext,
    all_cells,
    change,
    read_steps,
    records_of,
    write_rows,
)
from servanda.planning.models import Action, ActionCluster, ActionInstitution, ActionRecommendation, Milestone

SHAPE = "actions"
OWN_ROWS = {ActionCluster, ActionInstitution, ActionRecommendation, Milestone}


class ActionSheets(SheetKind):
    code = "actions"
    shape = SHAPE
    trail = "action-sheet"
    permission = Can.EDIT_PLAN
    columns_of_fields = {"due_on": "due", "parent": "part of", "budget_line": "budget line"}
    title = gettext_lazy("Actions as a spreadsheet")
    file_help = gettext_lazy("XLSX, ODS or CSV with one row per action and the column names in the first row.")
    nothing_found = gettext_lazy(
        "%(file)s contains no actions. Start from the template, which has the column names in its first row."
    )
    row_heading = gettext_lazy("Action")
    tabs_template = "desk/parts/_follow_up_bar.html"

    def tables(self) -> Sequence[Table]:
        return [Table(COLUMNS, needed=("code", "title"))]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        return write_rows(self, sheet.rows, run)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> ActionSheetContext:
        cells = [json.loads(row.difference)["cells"] for row in rows]
        codes = {code for changed in cells for code in split(changed.get("recommendations", [""])[0])}
        return ActionSheetContext.of(run, sorted(codes))

    def restore(self, row: StagedRow, context: ActionSheetContext, run: Run) -> None:
        written = json.loads(row.difference)
        action = Action.objects.select_for_update().filter(pk=written["pk"]).first()
        if action is None:
            if row.verdict == StagedRow.Verdict.NEW:
                return
            raise Refused(_("This action no longer exists."))
        now, is_new = all_cells(action), row.verdict == StagedRow.Verdict.NEW
        columns = now if is_new else written["cells"]
        if any(now[column] != written["cells"].get(column, ["", ""])[1] for column in columns):
            raise Refused(_("It was changed after the import."))
        if is_new:
            remove(action)
            return
        cells = {column: before or "-" for column, (before, _after) in written["cells"].items()}
        former = Row(row.number, row.where, cells | {"code": action.code})
        steps = read_steps(former.text("milestones")) if "milestones" in cells else None
        change(former, action, records_of(former, context), steps, context)

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {"xlsx": _("Excel (XLSX)"), "csv": _("CSV")}
        yield Download(
            "", [Link(label, reverse("desk:actions_export", args=[file])) for file, label in files.items()]
        )

    def explanations(self) -> Sequence[tuple[str, str]]:
        return explanations()

    def changes(self, row: StagedRow) -> list[Change]:
        """The changes of existing actions; a new one is shown by its row."""
        if row.verdict != StagedRow.Verdict.CHANGED:
            return []
        return [Change(column, *values) for column, values in json.loads(row.difference)["cells"].items()]

    def result(self, batch: Batch) -> Link:
        return Link(_("View actions"), reverse("desk:actions"))


def remove(action: Action) -> None:
    """Raises `Refused` where something of any room points to it: a part, an indicator, an update."""
    relations = [
        relation
        for relation in action._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and relation.related_model not in OWN_ROWS
        and getattr(relation, "on_delete", None) is not models.DO_NOTHING  # its history remains after it is deleted
    ]
    for relation in relations:
        if relation.related_model._base_manager.filter(**{relation.field.name: action.pk}).exists():
            raise Refused(_("It is now in use."))
    action.delete()
