"""Agreements of mechanisms: the list, one with its duties, and the pages that change them."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.assistance.views import mechanisms_for
from servanda.desk.network.form_pages import ask, ask_for_reason, handle
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.network.agreements import services as deeds
from servanda.network.agreements.forms import AgreementForm, DutyForm
from servanda.network.agreements.queries import (
    COLUMNS,
    STATES,
    AgreementFilter,
    duties_of,
    export_rows,
    find_agreements,
)
from servanda.network.models import Agreement, AgreementDuty
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def agreements(request: SignedIn) -> HttpResponse:
    filters, today = AgreementFilter.read(request.GET), timezone.localdate()
    found = find_agreements(request.user, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "rows": [(row, row.is_in_force(on=today)) for row in found[slice_of(page)]],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": [
            filters.box("kind", _("Kind"), Agreement.Kind.choices),
            filters.box("state", _("Status"), STATES.items()),
        ],
        **pager(page, filters.query()),
    }
    return render(request, "desk/assistance/agreements.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def agreements_export(request: SignedIn, format: str) -> HttpResponseBase:
    today = timezone.localdate()
    found = find_agreements(request.user, AgreementFilter.read(request.GET), on=today)
    deeds.record_download(by=request.user)
    return send_table(
        file_name(_("Agreements"), format, on=today), _("Agreements"), COLUMNS, export_rows(found, on=today)
    )


@require_safe
@requires(Can.READ_INTERNAL)
def agreement(request: SignedIn, key: UUID) -> HttpResponse:
    """With its duties; a withdrawn one with the reason."""
    seen = Agreement.objects.visible_to(request.user) | Agreement.objects.former_for(request.user)
    seen = seen.select_related("cooperation__request", "cooperation__provider").prefetch_related("parties")
    shown, today = get_object_or_404(seen, key=key), timezone.localdate()
    former = AgreementDuty.objects.former_for(request.user).filter(agreement=shown)
    context = {
        "shown": shown,
        "is_in_force": shown.is_in_force(on=today),
        "duties": duties_of(shown, request.user, on=today),
        "former": former.select_related("commitment__recommendation"),
    }
    return render(request, "desk/assistance/agreement.html", context)


def find_agreement(request: SignedIn, key: UUID) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.user), key=key)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_agreement(request: SignedIn) -> HttpResponse:
    form = AgreementForm(request.POST or None, mechanisms=mechanisms_for(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_agreement"):
            made = deeds.add_agreement(values=form.values(), by=request.user)
            return redirect(made)
    page = {"cancel_url": resolve_url("desk:agreements"), "list_label": _("Agreements")}
    return ask(request, form, title=_("Add an agreement"), **page)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_agreement(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_agreement(request, key)
    form = AgreementForm(request.POST or None, mechanisms=mechanisms_for(request), agreement=found)
    return handle(
        request,
        form,
        deeds.edit_agreement,
        what=lambda: {"agreement": found, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=found,
        leads_to=found,
        about=found,
        title=_("Edit the agreement"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_agreement(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_agreement(request, key)
    return ask_for_reason(
        request,
        deeds.withdraw_agreement,
        _("The agreement was withdrawn."),
        what={"agreement": found},
        leads_to=found,
        about=found,
        title=_("Withdraw the agreement"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. Its page shows the reason, and you can restore it from there."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_agreement(request: SignedIn, key: UUID) -> HttpResponse:
    found = get_object_or_404(Agreement.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_agreement, _("The agreement was restored."), agreement=found)
    return redirect(found)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_duty(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_agreement(request, key)
    form = DutyForm(request.POST or None, agreement=found)
    return handle(
        request,
        form,
        deeds.add_duty,
        what=lambda: {"agreement": found, "values": form.values()},
        leads_to=found,
        about=found,
        title=_("Add a duty"),
        lead=_("It becomes a commitment of the register, with its own follow-up."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def undo_duty(request: SignedIn, pk: int) -> HttpResponse:
    duty = find_duty(request, pk)
    undo, done = resolve_url("desk:restore_duty", pk), _("The duty was removed, and its commitment withdrawn.")
    attempt(request, deeds.undo_duty, done, undo=undo, duty=duty)
    return redirect(duty.agreement)


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_duty(request: SignedIn, pk: int) -> HttpResponse:
    former = AgreementDuty.objects.former_for(request.user).select_related("agreement")
    duty = get_object_or_404(former, pk=pk)
    attempt(request, deeds.restore_duty, _("The duty was restored."), duty=duty)
    return redirect(duty.agreement)


def find_duty(request: SignedIn, pk: int) -> AgreementDuty:
    return get_object_or_404(AgreementDuty.objects.visible_to(request.user).select_related("agreement"), pk=pk)
