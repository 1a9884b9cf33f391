"""Requests and offers of assistance: the list, one entry with what fits it, and who helped whom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.network.form_pages import ask, ask_for_reason
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.kit.templatetags.pages import language_name
from servanda.network.assistance import services as deeds
from servanda.network.assistance.forms import AssistanceForm, CooperationForm, EvaluationForm, IntroductionForm
from servanda.network.assistance.queries import (
    COLUMNS,
    FITS,
    STATES,
    YEAR_COLUMNS,
    AssistanceFilter,
    cooperations_in,
    cooperations_of,
    export_rows,
    find_assistance,
    fitting,
    funding,
    languages_in,
    offers_for,
    themes_in,
    year_rows,
    years,
)
from servanda.network.models import Assistance, Cooperation, MechanismProfile
from servanda.network.practices.queries import capacities
from servanda.network.releases.services import release_of
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def assistance(request: SignedIn) -> HttpResponse:
    filters = AssistanceFilter.read(request.GET)
    found = find_assistance(request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "rows": found[slice_of(page)],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": boxes_of(request, filters),
        "funding": funding(request.user),
        **pager(page, filters.query()),
    }
    return render(request, "desk/assistance/assistance.html", context)


def boxes_of(request: SignedIn, filters: AssistanceFilter) -> list:
    languages = ((code, language_name(code)) for code in languages_in(request.user))
    return [
        filters.box("kind", _("Kind"), Assistance.Kind.choices),
        filters.box("form", _("Form of assistance"), Assistance.Form.choices),
        filters.box("region", _("Regional group"), Assistance.Region.choices),
        filters.box("capacity", _("Capacity"), capacities().items()),
        filters.box("language", _("Language"), languages),
        filters.box("theme", _("Theme"), themes_in(request.user)),
        filters.box("state", _("Status"), [*STATES.items(), ("all", _("All"))], every=""),
    ]


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def assistance_export(request: SignedIn, format: str) -> HttpResponseBase:
    found = find_assistance(request.user, AssistanceFilter.read(request.GET)).prefetch_related("themes")
    deeds.record_download(by=request.user, label=_("Assistance"))
    name = file_name(_("Assistance"), format, on=timezone.localdate())
    return send_table(name, _("Assistance"), COLUMNS, export_rows(found))


@require_safe
@requires(Can.READ_INTERNAL)
def assistance_entry(request: SignedIn, key: UUID) -> HttpResponse:
    """A request with the offers that fit and its cooperations, or an offer; a withdrawn one with the reason."""
    seen = Assistance.objects.visible_to(request.user) | Assistance.objects.former_for(request.user)
    shown = get_object_or_404(seen.select_related("mechanism__country").prefetch_related("themes"), key=key)
    context = {
        "shown": shown,
        "capacity": capacities().get(shown.capacity, ""),
        "cooperations": cooperations_of(shown, request.user),
        "shared": release_of(shown),
        **(fitting_offers(request, shown) if shown.is_request else {}),
    }
    return render(request, "desk/assistance/assistance_entry.html", context)


def fitting_offers(request: SignedIn, shown: Assistance) -> dict[str, Any]:
    chosen = " ".join(request.GET.getlist("fit")).split()  # a box each, or all of them in the address of a page
    within = [code for code in FITS if code in chosen]
    offers = offers_for(request.user, shown, on=timezone.localdate(), within=within)
    page = page_of(offers.count(), number=page_number(request.GET), size=ON_A_PAGE)
    return {
        "offers": fitting(shown, offers[slice_of(page)]),
        "fits": [(code, label, code in (within or ("forms", "languages"))) for code, label in FITS.items()],
        **pager(page, {"fit": " ".join(within)} if within else {}),
    }


@require_safe
@requires(Can.READ_INTERNAL)
def assistance_by_year(request: SignedIn) -> HttpResponse:
    """Who helped whom in a year."""
    today = timezone.localdate()
    known = years(request.user, on=today)
    year = year_in(request.GET) or (known[0] if known else today.year)
    context = {"year": year, "years": known, "rows": cooperations_in(request.user, year)}
    return render(request, "desk/assistance/assistance_by_year.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def assistance_by_year_export(request: SignedIn, year: str, format: str) -> HttpResponseBase:
    if not int(year):
        raise Http404
    deeds.record_download(by=request.user, label=year)
    rows = year_rows(cooperations_in(request.user, int(year)))
    name = file_name(_("Assistance"), format, on=timezone.localdate(), about=year)
    return send_table(name, _("Cooperation by year"), YEAR_COLUMNS, rows)


def year_in(params: QueryDict) -> int:
    text = params.get("year", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) == 4 and int(text) else 0


def find_entry(request: SignedIn, key: UUID) -> Assistance:
    return get_object_or_404(Assistance.objects.visible_to(request.user).select_related("mechanism"), key=key)


def find_cooperation(request: SignedIn, pk: int) -> Cooperation:
    found = Cooperation.objects.visible_to(request.user).select_related("request__mechanism", "provider")
    return get_object_or_404(found, pk=pk)


def mechanisms_for(request: SignedIn):
    return MechanismProfile.objects.visible_to(request.user)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_assistance(request: SignedIn, kind: str) -> HttpResponse:
    if kind not in Assistance.Kind.values:
        raise Http404
    form = AssistanceForm(request.POST or None, kind=kind, mechanisms=mechanisms_for(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_assistance"):
            made = deeds.add_assistance(kind=kind, values=form.values(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect(made)
    title = _("Request assistance") if kind == Assistance.Kind.REQUEST else _("Offer assistance")
    page = {"cancel_url": resolve_url("desk:assistance"), "list_label": _("Assistance")}
    return ask(request, form, title=title, **page)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_assistance(request: SignedIn, key: UUID) -> HttpResponse:
    entry = find_entry(request, key)
    form = AssistanceForm(request.POST or None, kind=entry.kind, mechanisms=mechanisms_for(request), entry=entry)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_assistance", edits=entry):
            seen = form.cleaned_data["seen"]
            deeds.edit_assistance(entry=entry, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(entry)
    title = _("Edit the request") if entry.is_request else _("Edit the offer")
    return form_of(request, form, of=entry, title=title)


def form_of(request: SignedIn, form: Any, *, of: Assistance | Cooperation, **page: Any) -> HttpResponse:
    page = {"cancel_url": of.get_absolute_url(), **page}
    return ask(request, form, profile=of, **page)


@require_POST
@requires(Can.EDIT_NETWORK)
def close_assistance(request: SignedIn, key: UUID) -> HttpResponse:
    entry = find_entry(request, key)
    undo = resolve_url("desk:reopen_assistance", key)
    attempt(request, deeds.close_assistance, _("Closed. It is no longer on the usual list."), undo=undo, entry=entry)
    return redirect(entry)


@require_POST
@requires(Can.EDIT_NETWORK)
def reopen_assistance(request: SignedIn, key: UUID) -> HttpResponse:
    entry = find_entry(request, key)
    attempt(request, deeds.reopen_assistance, _("Open again."), entry=entry)
    return redirect(entry)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_assistance(request: SignedIn, key: UUID) -> HttpResponse:
    entry = find_entry(request, key)
    return ask_for_reason(
        request,
        deeds.withdraw_assistance,
        _("The entry was withdrawn."),
        what={"entry": entry},
        about=entry,
        title=_("Withdraw this entry"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. Its page shows the reason, and you can restore it from there."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_assistance(request: SignedIn, key: UUID) -> HttpResponse:
    entry = get_object_or_404(Assistance.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_assistance, _("The entry was restored."), entry=entry)
    return redirect(entry)


@form_page
@requires(Can.EDIT_NETWORK)
def introduce(request: SignedIn, key: UUID) -> HttpResponse:
    """Introduce a mechanism that helps; the address may name its offer, which needs one press."""
    entry = find_entry(request, key)
    offered = Assistance.objects.visible_to(request.user).filter(kind=Assistance.Kind.OFFER)
    offer = offered.filter(pk=offer_in(request.GET)).select_related("mechanism").first()
    others = mechanisms_for(request).exclude(pk=entry.mechanism_id)
    initial = {"provider": offer.mechanism_id if offer else None}
    form = IntroductionForm(request.POST or None, mechanisms=others, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "introduce"):
            provider = form.cleaned_data["provider"]
            own = offer if offer and offer.mechanism_id == provider.pk else None
            made = deeds.introduce(request=entry, provider=provider, offer=own, by=request.user)
            messages.success(request, _("The mechanisms are introduced. Record here what they agree."))
            return redirect(made)
    page = {"title": _("Introduce an assisting mechanism"), "button": _("Introduce")}
    return form_of(request, form, of=entry, **page)


def offer_in(params: QueryDict) -> int:
    text = params.get("offer", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else 0


@form_page
@requires(Can.EDIT_NETWORK)
def follow_cooperation(request: SignedIn, pk: int) -> HttpResponse:
    found = find_cooperation(request, pk)
    form = CooperationForm(request.POST or None, cooperation=found)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "follow_cooperation", edits=found):
            seen = form.cleaned_data["seen"]
            deeds.follow_cooperation(cooperation=found, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_of(request, form, of=found, title=_("Cooperation"))


@form_page
@requires(Can.EDIT_NETWORK)
def evaluate_cooperation(request: SignedIn, pk: int) -> HttpResponse:
    found = find_cooperation(request, pk)
    form = EvaluationForm(request.POST or None, cooperation=found)
    if request.method == "POST" and form.is_valid():
        evaluation = {name: form.cleaned_data[name] for name in ("side", "rating", "text")}
        if attempt(request, deeds.evaluate_cooperation, _("Evaluation saved."), cooperation=found, **evaluation):
            return redirect(found)
    lead = _("Each side evaluates for itself, once. Saving an evaluation again replaces it.")
    return form_of(request, form, of=found, title=_("Evaluate the cooperation"), lead=lead)
