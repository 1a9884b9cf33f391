"""Actions in and out as a spreadsheet: send, look, apply, undo; an empty one to start from."""

import json

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.intake.models import Batch, StagedRow
from servanda.jobs.services import enqueue
from servanda.kit.files.downloads import send_file
from servanda.kit.files.tables import xlsx_file
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.planning import tasks
from servanda.planning.actions import sheet_import as sheets
from servanda.planning.actions.sheet import COLUMNS, explanations

ROWS_A_PAGE = 50
SHEETS_A_PAGE = 25


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, ODS or CSV with a row for each action; the first row names the columns."),
    )


def sheet_of(request: SignedIn, key) -> Batch:
    return get_object_or_404(sheets.action_sheets(request.user), key=key)


@require_safe
@requires(Can.EDIT_PLAN)
def action_sheets(request: SignedIn) -> HttpResponse:
    page = Paginator(sheets.action_sheets(request.user), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/sheets/action_sheets.html", {"page": page, "form": SheetForm()})


@body_limit(20, to=holders(Can.EDIT_PLAN))
@require_POST
@requires(Can.EDIT_PLAN)
@makes_once
def send_action_sheet(request: SignedIn) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = sheets.send_action_sheet(file=file, name=file.name, by=request.user)
            enqueue(tasks.preview_action_sheet, str(batch.key))
            return redirect("desk:action_sheet", key=batch.key)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            refuse(request, refusal, "send_action_sheet")
    page = Paginator(sheets.action_sheets(request.user), SHEETS_A_PAGE).get_page(1)
    return render(request, "desk/sheets/action_sheets.html", {"page": page, "form": form}, status=422)


@require_safe
@requires(Can.EDIT_PLAN)
def action_sheet(request: SignedIn, key) -> HttpResponse:
    batch = sheet_of(request, key)
    verdict = request.GET.get("verdict", "")
    rows = batch.rows.filter(verdict=verdict) if verdict in StagedRow.Verdict.values else batch.rows.all()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "shown": [(row, changes_of(row)) for row in page],
        "verdict": verdict,
        "counts": verdict_tabs(batch),
        "step": step_of(batch),
    }
    return render(request, "desk/sheets/action_sheet.html", context)


def verdict_tabs(batch: Batch) -> list[tuple[str, str, int]]:
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    shown = [choice for choice in StagedRow.Verdict.choices if choice[0] != StagedRow.Verdict.PROPOSED]
    return [(value, label, counts.get(value, 0)) for value, label in shown]


def step_of(batch: Batch) -> int:
    return 3 if batch.state in {Batch.State.APPLYING, Batch.State.APPLIED, Batch.State.UNDONE} else 2


def changes_of(row: StagedRow) -> list[tuple[str, str, str]]:
    """Column, what stood there, what stands there; of something new only what the row itself says."""
    if row.verdict != StagedRow.Verdict.CHANGED:
        return []
    return [(name, before, after) for name, (before, after) in json.loads(row.difference)["cells"].items()]


@require_safe
@requires(Can.EDIT_PLAN)
def action_sheet_progress(request: SignedIn, key) -> HttpResponse:
    """The progress bar alone; when the work is done the whole page is asked for."""
    batch = sheet_of(request, key)
    if batch.is_busy:
        return render(request, "desk/sheets/_action_sheet_progress.html", {"batch": batch})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires(Can.EDIT_PLAN)
def apply_action_sheet(request: SignedIn, key) -> HttpResponse:
    batch = sheet_of(request, key)
    try:
        sheets.start_action_sheet(batch=batch, accept_refused="accept_refused" in request.POST)
        enqueue(tasks.apply_action_sheet, str(batch.key), request.user.pk)
    except Refused as refusal:
        refuse(request, refusal, "apply_action_sheet")
    return redirect("desk:action_sheet", key=key)


@require_POST
@requires(Can.EDIT_PLAN)
def undo_action_sheet(request: SignedIn, key) -> HttpResponse:
    attempt(request, sheets.undo_action_sheet, _("The import is undone."), batch=sheet_of(request, key))
    return redirect("desk:action_sheet", key=key)


@require_POST
@requires(Can.EDIT_PLAN)
def discard_action_sheet(request: SignedIn, key) -> HttpResponse:
    done = _("The file is discarded. Nothing of it was applied.")
    attempt(request, sheets.discard_action_sheet, done, batch=sheet_of(request, key))
    return redirect("desk:action_sheets")


@require_safe
@requires(Can.EDIT_PLAN)
def action_sheet_template(request: SignedIn) -> HttpResponse:
    file = xlsx_file("actions", COLUMNS, [], cover=explanations())
    return send_file(file, "servanda-actions.xlsx")
