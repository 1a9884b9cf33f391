"""Map the columns of a sheet and the values in them, before its rows are checked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.imports.mapping_forms import ColumnsForm, SheetColumnsForm, ValuesForm, chosen_encoding
from servanda.desk.imports.progress import steps_of
from servanda.desk.imports.queries import batch_of
from servanda.intake.models import Batch
from servanda.jobs.services import enqueue
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.refusals import attempt, refuse
from servanda.recommendations import tasks
from servanda.recommendations.imports import mapping
from servanda.recommendations.imports.checking import AT_REST, refuse_fixed_columns, start_check
from servanda.recommendations.imports.further_sheets import (
    choose_further_sheets,
    look_into_further,
    next_unmapped,
    save_sheet_columns,
)


@form_page
@requires(Can.IMPORT)
def map_columns(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    try:
        sheet = mapping.view_sheet(batch, encoding=chosen_encoding(request.POST))
        form = ColumnsForm(request.POST if request.method == "POST" else None, sheet=sheet)
        if request.method == "POST" and form.is_valid():
            mapping.save_mapping(batch=batch, by=request.user, **form.mapping())
            choose_further_sheets(batch=batch, choices=form.further(), by=request.user)
            return next_columns(batch)
    except Refused as refusal:
        refuse(request, refusal, "map_columns")
        return redirect("desk:show_import", key=key)
    status = 422 if form.errors else 200
    context = {"batch": batch, "steps": steps_of(batch), "form": form, "sheet": sheet}
    return render(request, "desk/imports/map_columns.html", context, status=status)


def next_columns(batch: Batch) -> HttpResponse:
    """Redirect to the columns of the next unmapped sheet, or to the values."""
    if further := next_unmapped(batch):
        return redirect("desk:map_sheet_columns", key=batch.key, position=further.position)
    return redirect("desk:map_values", key=batch.key)


@form_page
@requires(Can.IMPORT)
def map_sheet_columns(request: HttpRequest, key, position: int) -> HttpResponse:
    """Map the columns of a further sheet of the workbook."""
    further = get_object_or_404(batch_of(request, key).further_sheets, position=position)
    try:
        sheet = look_into_further(further)
        form = SheetColumnsForm(request.POST if request.method == "POST" else None, sheet=sheet)
        if request.method == "POST" and form.is_valid():
            save_sheet_columns(further=further, by=request.user, **form.mapping())
            return next_columns(further.batch)
    except Refused as refusal:
        refuse(request, refusal, "map_sheet_columns")
        return redirect("desk:show_import", key=key)
    steps = steps_of(further.batch)
    context = {"batch": further.batch, "steps": steps, "further": further, "form": form, "sheet": sheet}
    return render(request, "desk/imports/map_sheet_columns.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.IMPORT)
def choose_sheet(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    sheet = request.POST.get("sheet", "")
    attempt(request, mapping.choose_sheet, _("Another sheet selected."), batch=batch, sheet=sheet)
    return redirect("desk:map_columns", key=key)


@form_page
@requires(Can.IMPORT)
def map_values(request: HttpRequest, key) -> HttpResponse:
    """Map the values that need a meaning, with a preview of the first rows."""
    batch = batch_of(request, key)
    if batch.mapping is None:
        return redirect("desk:map_columns", key=key)
    if next_unmapped(batch):
        return next_columns(batch)
    try:
        refuse_fixed_columns(batch)
        values = mapping.values_of(batch)
        form = ValuesForm(request.POST if request.method == "POST" else None, columns=values)
        if request.method == "POST" and form.is_valid():
            check_values(batch, form, by=request.user)
            return redirect("desk:show_import", key=key)
        rows = mapping.first_rows(batch, values)
        further = list(batch.further_sheets.all())
    except Refused as refusal:
        refuse(request, refusal, "map_values")
        return redirect("desk:map_columns" if batch.state in AT_REST else "desk:show_import", key=key)
    status = 422 if form.errors else 200
    context = {"batch": batch, "steps": steps_of(batch), "form": form, "rows": rows, "further": further}
    return render(request, "desk/imports/map_values.html", context, status=status)


def check_values(batch: Batch, form: ValuesForm, *, by: User) -> None:
    mapping.save_values(batch=batch, meanings=form.meanings(), by=by)
    start_check(batch=batch, by=by)
    enqueue(tasks.preview_import, str(batch.key))
