"""Institutions and people in and out as a spreadsheet: send, look, apply, undo; download."""

import json

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from servanda.intake import tasks
from servanda.intake.models import Batch, StagedRow
from servanda.intake.people_sheets import export as out
from servanda.intake.people_sheets import services as sheets
from servanda.intake.people_sheets.rows import COLUMN_OF
from servanda.jobs.services import enqueue
from servanda.kit.files.downloads import send_file, send_table
from servanda.kit.pages.addresses import origin_of
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse

ROWS_A_PAGE = 50
SHEETS_A_PAGE = 25


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "XLSX or ODS with a sheet for institutions and one for people, or one of them as CSV."
        ),
    )


def sheet_of(request: HttpRequest, key) -> Batch:
    return get_object_or_404(sheets.people_sheets(request.user), key=key)


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people_sheets(request: HttpRequest) -> HttpResponse:
    page = Paginator(sheets.people_sheets(request.user), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/sheets/people_sheets.html", {"page": page, "form": SheetForm()})


@body_limit(20, to=holders(Can.MANAGE_PEOPLE))
@require_POST
@requires(Can.MANAGE_PEOPLE)
@makes_once
def send_people_sheet(request: HttpRequest) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = sheets.send_people_sheet(file=file, name=file.name, by=request.user)
            enqueue(tasks.preview_people_sheet, str(batch.key))
            return redirect("desk:people_sheet", key=batch.key)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            refuse(request, refusal, "send_people_sheet")
    page = Paginator(sheets.people_sheets(request.user), SHEETS_A_PAGE).get_page(1)
    return render(request, "desk/sheets/people_sheets.html", {"page": page, "form": form}, status=422)


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people_sheet(request: HttpRequest, key) -> HttpResponse:
    batch = sheet_of(request, key)
    verdict = request.GET.get("verdict", "")
    rows = batch.rows.filter(verdict=verdict) if verdict in StagedRow.Verdict.values else batch.rows.all()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.changes = list(changes_of(row))
    context = {
        "batch": batch,
        "page": page,
        "verdict": verdict,
        "counts": verdict_tabs(batch),
        "step": step_of(batch),
    }
    return render(request, "desk/sheets/people_sheet.html", context)


def verdict_tabs(batch: Batch) -> list[tuple[str, str, int]]:
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    shown = [choice for choice in StagedRow.Verdict.choices if choice[0] != StagedRow.Verdict.PROPOSED]
    return [(value, label, counts.get(value, 0)) for value, label in shown]


def step_of(batch: Batch) -> int:
    return 3 if batch.state in {Batch.State.APPLYING, Batch.State.APPLIED, Batch.State.UNDONE} else 2


def changes_of(row: StagedRow) -> list[tuple[str, str, str]]:
    """Column, what stood there, what stands there; of something new only what tells more than the row itself."""
    steps = json.loads(row.difference or "[]")
    return [
        (COLUMN_OF.get(name, name.removesuffix(":")), before, after)
        for step in steps
        if not step["is_new"]
        for name, (before, after) in step["fields"].items()
    ]


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people_sheet_progress(request: HttpRequest, key) -> HttpResponse:
    """The progress bar alone; when the work is done the whole page is asked for."""
    batch = sheet_of(request, key)
    if batch.is_busy:
        return render(request, "desk/sheets/_people_sheet_progress.html", {"batch": batch})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires(Can.MANAGE_PEOPLE)
def apply_people_sheet(request: HttpRequest, key) -> HttpResponse:
    batch = sheet_of(request, key)
    try:
        sheets.start_people_sheet(batch=batch, accept_refused="accept_refused" in request.POST)
        letters_from = origin_of(request) if "invite" in request.POST else ""
        enqueue(tasks.apply_people_sheet, str(batch.key), request.user.pk, letters_from)
    except Refused as refusal:
        refuse(request, refusal, "apply_people_sheet")
    return redirect("desk:people_sheet", key=key)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def undo_people_sheet(request: HttpRequest, key) -> HttpResponse:
    attempt(request, sheets.undo_people_sheet, _("The import is undone."), batch=sheet_of(request, key))
    return redirect("desk:people_sheet", key=key)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def discard_people_sheet(request: HttpRequest, key) -> HttpResponse:
    done = _("The file is discarded. Nothing of it was applied.")
    attempt(request, sheets.discard_people_sheet, done, batch=sheet_of(request, key))
    return redirect("desk:people_sheets")


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people_sheet_template(request: HttpRequest) -> HttpResponse:
    file = out.workbook_of(out.template_tables())
    return send_file(file, "servanda-people-template.xlsx")


@heavy(FILE)
@require_safe
@requires(Can.MANAGE_PEOPLE)
def export_people(request: HttpRequest, what: str) -> HttpResponse:
    """Both tables as a workbook, or one of them as CSV."""
    if what not in {"all.xlsx", "institutions.csv", "people.csv"}:
        raise Http404
    tables = out.export_people(by=request.user, format=what)
    if what == "all.xlsx":
        return send_file(out.workbook_of(tables), "servanda-people.xlsx")
    return send_table(f"servanda-{what}", "", *tables[what.removesuffix(".csv")])
