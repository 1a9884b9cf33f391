"""The list of commitments, and the pages that add and change them; each view has the name of its service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.record.responses import again
from servanda.desk.record.responses import ask as ask_about_record
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.network.commitments import services as deeds
from servanda.network.commitments.forms import CommitmentFactsForm, CommitmentForm
from servanda.network.commitments.queries import (
    STATES,
    CommitmentFilter,
    find_commitments,
    is_overdue,
    records_of,
)
from servanda.network.models import Commitment
from servanda.people.access import Can, can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.models import Recommendation
from servanda.recommendations.pages.detail import heading_of

ON_A_PAGE = 50


@require_safe
@requires(Can.READ_INTERNAL)
def commitments(request: SignedIn) -> HttpResponse:
    filters, today = CommitmentFilter.read(request.GET), timezone.localdate()
    found = find_commitments(request.user, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = list(found[slice_of(page)])
    records = records_of(rows, request.user)
    context = {
        "rows": [row_of(row, records[row.recommendation_id], late=is_overdue(row, on=today)) for row in rows],
        "missing": len(deeds.not_added()) if can(request.user, Can.EDIT_NETWORK) else 0,
        "asked": filters,
        "boxes": [
            filters.box("wording", _("Wording"), Commitment.Wording.choices),
            filters.box("state", _("Status"), STATES.items()),
        ],
        **pager(page, filters.query()),
    }
    return render(request, "desk/network/commitments.html", context)


def row_of(commitment: Commitment, record: Recommendation, *, late: bool) -> dict:
    return {"commitment": commitment, "record": record, "text": heading_of(record), "is_late": late}


@require_POST
@requires(Can.EDIT_NETWORK)
def add_declaration(request: SignedIn) -> HttpResponse:
    """Add the shipped conclusions of the Marrakech Declaration and the priorities of the action plan."""
    message = _("Commitments added, not yet published. Assign institutions and plan actions on their pages.")
    attempt(request, deeds.add_declaration, message)
    return redirect("desk:commitments")


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_commitment(request: SignedIn) -> HttpResponse:
    form = CommitmentForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        facts = {name: cleaned[name] for name in ("text", "language", "agreed_on", "number")}
        with refusals_in_form(request, form, "add_commitment"):
            made = deeds.add_commitment(**facts, values=form.values(), by=request.user)
            messages.success(request, _("Commitment added, not yet published."))
            return redirect(made)
    page = {"title": _("Add a commitment"), "button": _("Save"), "cancel_url": resolve_url("desk:commitments")}
    context = {"form": form, **page, "list_label": _("Commitments")}
    return render(request, "desk/network/profile_form.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_commitment(request: SignedIn, code: str) -> HttpResponse:
    seen = Commitment.objects.visible_to(request.user).select_related("recommendation__body", "owner")
    commitment = get_object_or_404(seen, recommendation__code=code)
    record = commitment.recommendation
    start = {name: getattr(commitment, name) for name in deeds.VALUES} | {"version": record.version}
    form = CommitmentFactsForm(request.POST or None, user=request.user, initial=start)
    page = {"title": _("Facts of the commitment"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            deeds.edit_commitment(commitment=commitment, values=form.values(), version=version, by=request.user)
        except ChangedMeanwhile as refusal:
            refuse(request, refusal, "edit_commitment")
            return ask_about_record(request, record, again(form, record), **page)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_commitment")
        else:
            messages.success(request, _("Saved."))
            return redirect(commitment)
    return ask_about_record(request, record, form, **page)
