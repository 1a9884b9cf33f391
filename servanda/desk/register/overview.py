"""The register in figures, as far as the reader may see it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from servanda.kit.charts import POLICY, in_language_of
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.people.access import Can, requires
from servanda.progress.records.facets import voice_facets, voice_plans
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import desk_facets
from servanda.recommendations.register.charts import send_chart, send_figure_table
from servanda.recommendations.register.figures import Figure, Overview, overview_of, shown_overview
from servanda.trail.models import Event


@require_safe
@requires(Can.USE_DESK)
def overview(request: HttpRequest) -> HttpResponse:
    figures = overview_for(request.user)
    page = shown_overview(figures, base=reverse("desk:overview"), register=reverse("desk:register"))
    return render(request, "desk/register/overview.html", page)


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
@requires(Can.USE_DESK)
def chart(request: HttpRequest, figure: str) -> HttpResponse:
    with in_language_of(request):
        return send_chart(request, figure_or_404(request.user, figure))


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def figure_table(request: HttpRequest, figure: str) -> HttpResponseBase:
    shown_figure = figure_or_404(request.user, figure)
    if request.method == "GET":
        Event.record("figure-exported", by=request.user, label=shown_figure.key)
    return send_figure_table(shown_figure)


def overview_for(user) -> Overview:
    audience = audience_of(user)
    voices = voice_facets(audience, user, on=timezone.localdate())
    return overview_of(audience, [*desk_facets(user), *voices], voice_plans(voices))


def figure_or_404(user, key: str) -> Figure:
    figure = overview_for(user).figure(key)
    if figure is None:
        raise Http404
    return figure
