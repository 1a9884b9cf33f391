"""The public register, which shows only published records to all readers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import TABLES
from servanda.kit.server.lane import FILE, heavy
from servanda.progress.records.columns import add_follow_up_facts, beside_public, columns_for
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.registry import facets_for_everybody
from servanda.recommendations.models import Recommendation
from servanda.recommendations.register.exports import export_of, send
from servanda.recommendations.register.listing import addresses, list_register
from servanda.recommendations.register.rows import reading_of, with_parts
from servanda.trail.models import Event


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    facets = facets_for_everybody()
    listing = list_register(request.GET, everybody(), facets, machine=False, beside=beside_public())
    add_follow_up_facts(listing.rows())
    page = {"listing": listing} | addresses(listing, reverse("portal:register"))
    return render(request, "portal/register.html", page)


@heavy(FILE)
@require_safe
def register_export(request: HttpRequest, format: str) -> HttpResponseBase:
    if format not in TABLES:
        raise Http404
    beside = columns_for(everybody(), None, kinds=request.GET.getlist("kind"))
    export = export_of(request.GET, everybody(), facets_for_everybody(), beside=beside)
    if request.method == "GET" and request.user.is_authenticated:
        difference = {"format": format, "filter": export.filters.address(), "records": export.found.count()}
        Event.record("register-exported", by=request.user, difference=difference)
    return send(export, format, mark="bom" in request.GET)


@require_safe
def recommendation_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One record beside the list; without JavaScript, its page."""
    if "HX-Request" not in request.headers:
        return redirect("portal:recommendation", code=code)
    shown = with_parts(Recommendation.every_kind.public()).annotate(**beside_public())
    reading = reading_of(get_object_or_404(shown, code=code))
    add_follow_up_facts([reading])
    href = reverse("portal:recommendation", args=[code])
    return render(request, "recommendations/register/_panel.html", {"reading": reading, "href": href})
