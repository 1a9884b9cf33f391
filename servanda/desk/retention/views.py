"""Retention periods, legal holds, the dry run, and the erasure of what a person selects in it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from servanda.desk.proceedings.finding import ask, back, save_with_service, saved
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import by_code, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import Proceeding
from servanda.proceedings.retention import services
from servanda.proceedings.retention.erasing import erase_personal_data as erase_selected
from servanda.proceedings.retention.forms import ErasePersonalDataForm, RetentionForm
from servanda.proceedings.retention.queries import (
    NOW,
    WHICH,
    ErasureFilter,
    counted,
    due,
    find_due,
    years_after,
)
from servanda.recommendations.editing.forms import ReasonForm

ON_A_PAGE = 25


@form_page
@requires(Can.EDIT_INSTANCE)
def set_retention_periods(request: SignedIn) -> HttpResponse:
    form = RetentionForm(request.POST or None, present=services.present_periods())
    lead = _(
        "For how many years after closing are personal data kept? Leave a field empty to keep them indefinitely. "
        "Nothing is erased automatically: entries that are due are listed, and a person erases them."
    )
    page: dict = {"title": _("Retention of personal data"), "button": _("Save"), "lead": lead}
    if request.method == "POST" and form.is_valid():
        what = {"periods": form.periods(), "seen": form.seen()}
        if save_with_service(request, form, services.set_retention_periods, saved(), page, **what):
            return redirect("desk:due_for_erasure")
        if "conflict" in page:
            form = RetentionForm(present=services.present_periods())
    return ask(request, None, form, **page)


@require_safe
@requires(Can.READ_IDENTITIES)
def due_for_erasure(request: SignedIn) -> HttpResponse:
    """The dry run: which proceedings, with how many persons and files, and from when. It names no person."""
    filters, today, periods = ErasureFilter.read(request.GET), timezone.localdate(), services.present_periods()
    found = find_due(periods, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = [(row, date_of(row, periods)) for row in found[slice_of(page)]]
    context = {
        "rows": rows,
        "asked": filters,
        "may_select": filters.which == NOW,
        "boxes": [
            filters.box("which", _("Status"), WHICH.items(), every=""),
            filters.box("kind", _("Kind"), by_code(kinds().values(), "label")),
        ],
        "periods": [(kind.label, periods.get(kind.code)) for kind in kinds().values()],
        **pager(page, filters.query()),
    }
    return render(request, "desk/retention/due_for_erasure.html", context)


def date_of(row: Proceeding, periods: dict[str, int]) -> object:
    """From when it may be erased; None where it is kept for ever, or not closed."""
    years = periods.get(row.kind)
    return years_after(row.ended_on, years) if years and row.ended_on else None


def keys_in(values: list[str]) -> list[UUID]:
    keys = []
    for value in values[:ON_A_PAGE]:
        try:
            keys.append(UUID(value))
        except ValueError:
            continue
    return keys


@form_page
@requires(Can.READ_IDENTITIES)
def erase_personal_data(request: SignedIn) -> HttpResponse:
    """What was selected in the dry run, once more, with the subjects as they remain; then it is erased."""
    today, keys = timezone.localdate(), keys_in(request.GET.getlist("chosen"))
    rows = list(counted(due(services.present_periods(), on=today).filter(key__in=keys)).order_by("reference", "pk"))
    form = ErasePersonalDataForm(request.POST or None, rows=rows)
    if request.method == "POST" and rows and form.is_valid():
        with refusals_in_form(request, form, "erase_personal_data"):
            number = erase_selected(selected=form.selected(), on=today, by=request.user)
            message = ngettext(
                "Personal data of %(count)d entry erased.", "Personal data of %(count)d entries erased.", number
            )
            messages.success(request, message % {"count": number})
            return redirect("desk:due_for_erasure")
    context = {"rows": rows, "form": form, "is_shorter": len(rows) < len(keys)}
    status = 422 if rows and form.errors else 200
    return render(request, "desk/retention/erase_personal_data.html", context, status=status)


def find_any(request: SignedIn, key: UUID) -> Proceeding:
    """Also a withdrawn one."""
    shown = Proceeding.objects.visible_to(request.user) | Proceeding.objects.former_for(request.user)
    return get_object_or_404(shown, key=key)


@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def place_legal_hold(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding, form = find_any(request, key), ReasonForm(request.POST or None)
    lead = _("While the hold is in place, no personal data of this entry can be erased.")
    page: dict = {"title": _("Place a legal hold"), "button": _("Place a legal hold"), "lead": lead}
    if request.method == "POST" and form.is_valid():
        what = {"proceeding": proceeding, "reason": form.cleaned_data["reason"]}
        if save_with_service(request, form, services.place_legal_hold, _("Legal hold placed."), page, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def release_legal_hold(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding, form = find_any(request, key), ReasonForm(request.POST or None)
    lead = _("Once the hold is released, personal data can be erased when their retention period is over.")
    page: dict = {"title": _("Release the legal hold"), "button": _("Release the legal hold"), "lead": lead}
    if request.method == "POST" and form.is_valid():
        what = {"proceeding": proceeding, "reason": form.cleaned_data["reason"]}
        if save_with_service(request, form, services.release_legal_hold, _("Legal hold released."), page, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)
