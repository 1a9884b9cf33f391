"""Retention of the files of obligations: the dry run, the erasure of what a person selects in it, legal holds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from servanda.desk.obligations.editing import ask, back
from servanda.desk.obligations.submissions import save
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form
from servanda.proceedings.retention import obligation_files as services
from servanda.proceedings.retention.forms import EraseFilesForm
from servanda.proceedings.retention.obligation_files import FileErasureFilter, due, find_due
from servanda.proceedings.retention.periods import FILES
from servanda.proceedings.retention.queries import NOW, WHICH, years_after
from servanda.proceedings.retention.services import present_periods
from servanda.recommendations.editing.forms import ReasonForm
from servanda.sources.models import Obligation
from servanda.vocab.models import ObligationKind

ON_A_PAGE = 25


@require_safe
@requires(Can.EDIT_OBLIGATIONS)
def files_due_for_erasure(request: SignedIn) -> HttpResponse:
    """The dry run: which obligations, with how many files, and from when."""
    filters, today, periods = FileErasureFilter.read(request.GET), timezone.localdate(), present_periods()
    found = find_due(periods, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    context = {
        "rows": [(row, date_of(row, periods)) for row in found[slice_of(page)]],
        "asked": filters,
        "may_select": filters.which == NOW,
        "boxes": [
            filters.box("which", _("Status"), WHICH.items(), every=""),
            filters.box("kind", _("Kind"), ObligationKind.choices),
        ],
        "periods": [
            (label, years) for code, label in ObligationKind.choices if (years := periods.get(f"{FILES}{code}"))
        ],
        **pager(page, filters.query()),
    }
    return render(request, "desk/obligations/files_due_for_erasure.html", context)


def date_of(row: Obligation, periods: dict[str, int]) -> object:
    """From when its files may be erased; None where they are kept for ever, or it has not ended."""
    years = periods.get(f"{FILES}{row.kind}")
    return years_after(row.ended_on, years) if years and row.has_ended else None


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def erase_obligation_files(request: SignedIn) -> HttpResponse:
    """Confirm the selection of the dry run, then erase the files."""
    today, codes = timezone.localdate(), request.GET.getlist("chosen")[:ON_A_PAGE]
    rows = list(due(present_periods(), on=today).filter(code__in=[code[:80] for code in codes]).order_by("code"))
    form = EraseFilesForm(request.POST or None, rows=rows)
    if request.method == "POST" and rows and form.is_valid():
        with refusals_in_form(request, form, "erase_obligation_files"):
            number = services.erase_obligation_files(selected=form.selected(), on=today, by=request.user)
            messages.success(
                request, ngettext("%(count)d file erased.", "%(count)d files erased.", number) % {"count": number}
            )
            return redirect("desk:files_due_for_erasure")
    context = {"rows": rows, "form": form, "is_shorter": len(rows) < len(codes)}
    status = 422 if rows and form.errors else 200
    return render(request, "desk/obligations/erase_obligation_files.html", context, status=status)


def find_any(request: SignedIn, code: str) -> Obligation:
    """Find an obligation, including withdrawn ones."""
    shown = Obligation.objects.visible_to(request.user) | Obligation.objects.former_for(request.user)
    return get_object_or_404(shown, code=code)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def place_file_hold(request: SignedIn, code: str) -> HttpResponse:
    obligation, form = find_any(request, code), ReasonForm(request.POST or None)
    lead = _("While the hold is in place, no file of this obligation can be erased.")
    if save(request, form, services.place_file_hold, _("Legal hold placed."), obligation=obligation):
        return back(obligation)
    page = {"title": _("Place a legal hold"), "button": _("Place a legal hold"), "lead": lead}
    return ask(request, form, obligation=obligation, **page)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def release_file_hold(request: SignedIn, code: str) -> HttpResponse:
    obligation, form = find_any(request, code), ReasonForm(request.POST or None)
    lead = _("Once the hold is released, the files can be erased when their retention period is over.")
    if save(request, form, services.release_file_hold, _("Legal hold released."), obligation=obligation):
        return back(obligation)
    page = {"title": _("Release the legal hold"), "button": _("Release the legal hold"), "lead": lead}
    return ask(request, form, obligation=obligation, **page)
