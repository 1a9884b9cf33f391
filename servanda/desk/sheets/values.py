"""Values of indicators by a file: send, look, apply, undo."""

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
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse_in_form
from servanda.planning.indicators import value_import as services
from servanda.planning.indicators.value_rows import changes_of

ROWS_A_PAGE = 50
SHEETS_A_PAGE = 25
SHOWN = (StagedRow.Verdict.NEW, StagedRow.Verdict.CHANGED, StagedRow.Verdict.UNCHANGED, StagedRow.Verdict.REFUSED)


class ValuesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("SDMX-CSV 2.0, or XLSX or ODS with the same columns; at most 2,000 rows."),
    )


def find_sheet(request: SignedIn, key) -> Batch:
    return get_object_or_404(services.value_sheets(request.user), key=key)


@require_safe
@requires(Can.EDIT_OWN_ACTIONS)
def value_sheets(request: SignedIn) -> HttpResponse:
    page = Paginator(services.value_sheets(request.user), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/sheets/value_sheets.html", {"page": page, "form": ValuesForm()})


@body_limit(20, to=holders(Can.EDIT_OWN_ACTIONS))
@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
@makes_once
def send_value_sheet(request: SignedIn) -> HttpResponse:
    form = ValuesForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = services.send_value_sheet(file=file, name=file.name, by=request.user)
            return redirect("desk:value_sheet", key=batch.key)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "send_value_sheet")
    page = Paginator(services.value_sheets(request.user), SHEETS_A_PAGE).get_page(1)
    return render(request, "desk/sheets/value_sheets.html", {"page": page, "form": form}, status=422)


@require_safe
@requires(Can.EDIT_OWN_ACTIONS)
def value_sheet(request: SignedIn, key) -> HttpResponse:
    batch, verdict = find_sheet(request, key), request.GET.get("verdict", "")
    rows = batch.rows.filter(verdict=verdict) if verdict in SHOWN else batch.rows.all()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.changes = changes_of(row)
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    context = {
        "batch": batch,
        "page": page,
        "verdict": verdict,
        "counts": [(one.value, one.label, counts.get(one, 0)) for one in SHOWN],
        "refused": counts.get(StagedRow.Verdict.REFUSED, 0),
        "corrects": counts.get(StagedRow.Verdict.CHANGED, 0),
        "step": 2 if batch.state == Batch.State.PREVIEWED else 3,
    }
    return render(request, "desk/sheets/value_sheet.html", context)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def apply_value_sheet(request: SignedIn, key) -> HttpResponse:
    batch = find_sheet(request, key)
    said = {"reason": request.POST.get("reason", "")[:1000], "accept_refused": "accept_refused" in request.POST}
    attempt(request, services.apply_value_sheet, _("The values are written."), batch=batch, **said)
    return redirect("desk:value_sheet", key=key)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def undo_value_sheet(request: SignedIn, key) -> HttpResponse:
    attempt(request, services.undo_value_sheet, _("The import is undone."), batch=find_sheet(request, key))
    return redirect("desk:value_sheet", key=key)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def discard_value_sheet(request: SignedIn, key) -> HttpResponse:
    done = _("The file is discarded. Nothing of it was applied.")
    attempt(request, services.discard_value_sheet, done, batch=find_sheet(request, key))
    return redirect("desk:value_sheets")
