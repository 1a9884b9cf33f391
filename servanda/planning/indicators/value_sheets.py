"""The kind of files with which values of indicators come in: applied as one deed, undone as one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.forms import ApplyForm
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import Sheet, Table
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import shortened
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.planning.indicators.value_rows import (
    COLUMNS_OF_FIELDS,
    NEEDED,
    changes_of,
    columns,
    explanations,
    judge_rows,
    judgment_of,
    staged,
    write_values,
)
from servanda.planning.models import Indicator, Measurement

SHAPE = "indicator-values"
Verdict = StagedRow.Verdict


class ReasonForm(ApplyForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason for the corrections"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "required": True}),
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any):
        super().__init__(*args, batch=batch, **kwargs)
        if not batch.rows.filter(verdict=Verdict.CHANGED).exists():
            del self.fields["reason"]


class ValueSheets(SheetKind):
    code = "values"
    shape = SHAPE
    trail = "value-sheet"
    permission = Can.EDIT_OWN_ACTIONS
    most_bytes = 5_000_000
    most_rows = 2_000
    must_change = True
    has_template = False
    columns_of_fields = COLUMNS_OF_FIELDS
    title = gettext_lazy("Indicator values from a file")
    file_help = gettext_lazy("SDMX-CSV 2.0, or XLSX or ODS with the same columns; at most 2,000 rows.")
    nothing_found = gettext_lazy(
        "%(file)s contains no values. The first row must have the column names %(columns)s; other columns are "
        "optional."
    )
    row_heading = gettext_lazy("Indicator and value")
    empty_text = gettext_lazy("Download the current values, change them, then choose the file above.")

    def visible_to(self, user: User) -> QuerySet[Batch]:
        """All files for users who may edit the plan, otherwise only the user’s own."""
        batches = super().visible_to(user)
        return batches if can(user, Can.EDIT_PLAN) else batches.filter(created_by=user)

    def apply_form(self, batch: Batch, data: Any = None) -> forms.Form:
        return ReasonForm(data, batch=batch)

    def tables(self) -> Sequence[Table]:
        return [Table(columns(), needed=NEEDED)]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        judged = judge_rows(self, sheet.rows, run)
        write_values(judged, run)
        return [staged(value) for value in judged]

    def refuse_start(self, batch: Batch, options: Mapping[str, Any]) -> None:
        corrects = batch.rows.filter(verdict=Verdict.CHANGED).exists()
        if corrects and not (options.get("reason") or "").strip():
            raise FieldRefused("reason", _("The file corrects values. Enter a reason."))

    def shown(self, row: StagedRow) -> Any:
        return judgment_of(row), super().shown(row)

    def restore_all(self, rows: Sequence[StagedRow], run: Run) -> list[StagedRow]:
        """What the file brought counts no more, what it corrected counts again. Values corrected since stay.

        Raises `Refused` if this person may no longer enter values of one of the indicators.
        """
        refuse_others_indicators(rows, by=run.by)
        brought = Measurement.objects.filter(brought_by=run.batch)
        undone = set(brought.current().values_list("pk", flat=True))
        reason = _("Undone with the file %(name)s.") % {"name": run.batch.name}
        brought.filter(pk__in=undone).update(superseded_at=timezone.now(), correction_reason=reason)
        former = {"superseded_at": None, "superseded_by": None, "correction_reason": ""}
        Measurement.objects.filter(superseded_by__in=undone).update(**former)
        restore_due_days(rows, by=run.by)
        stay = [row for row in rows if json.loads(row.difference)["new"] not in undone]
        for row in stay:
            row.reason = _("It was changed after the import.")
        return stay

    def column_of(self, field: str) -> str:
        return self.columns_of_fields.get(field) or field.removeprefix("by_").upper()

    def up(self, subject: Any, user: User) -> Link:
        return Link(_("Indicators"), reverse("desk:indicators"))

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {"csv": _("SDMX-CSV"), "xlsx": _("Excel (XLSX)")}
        links = [Link(label, reverse("desk:indicators_values", args=[file])) for file, label in files.items()]
        yield Download("", links)

    def explanations(self) -> Sequence[tuple[str, str]]:
        return explanations()

    def changes(self, row: StagedRow) -> list[Change]:
        return changes_of(row)

    def result(self, batch: Batch) -> Link:
        return Link(_("View indicators"), reverse("desk:indicators"))


def refuse_others_indicators(rows: Sequence[StagedRow], *, by: User) -> None:
    """A file that is undone in part could not be undone by the coordinator any more."""
    if can(by, Can.EDIT_PLAN):
        return
    codes = {row.code for row in rows}
    own = Indicator.objects.in_scope_of(by, Can.EDIT_OWN_ACTIONS).filter(code__in=codes)
    if others := sorted(codes - set(own.values_list("code", flat=True))):
        sentence = _(
            "You can no longer enter values for these indicators: %(names)s. Nothing was undone. Ask the coordinator "
            "to undo this import."
        )
        raise Refused(sentence % {"names": shortened(", ".join(others), 300)})


def restore_due_days(rows: Sequence[StagedRow], *, by: User) -> None:
    """The day when the next value is due, where no one has moved it since."""
    for row in rows:
        if not (due := json.loads(row.difference).get("due")):
            continue
        before, after = (date.fromisoformat(day) if day else None for day in due)
        indicator = Indicator.objects.select_for_update().filter(code=row.code, next_due_on=after).first()
        if indicator:
            indicator.next_due_on = before
            save_version(indicator, "value-sheet-undone", by=by)
