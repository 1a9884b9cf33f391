"""The public register in figures, the same for all readers."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from servanda.kit.charts import POLICY, in_language_of
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.progress.records.facets import voice_facets, voice_plans
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.register.charts import send_chart, send_figure_table
from servanda.recommendations.register.figures import Figure, Overview, overview_of, shown_overview


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    figures = overview_for_everybody()
    page = shown_overview(figures, base=reverse("portal:overview"), register=reverse("portal:register"))
    return render(request, "portal/overview.html", page)


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
def chart(request: HttpRequest, figure: str) -> HttpResponse:
    with in_language_of(request):
        return send_chart(request, figure_or_404(figure))


@heavy(FILE)
@require_safe
def figure_table(request: HttpRequest, figure: str) -> HttpResponseBase:
    return send_figure_table(figure_or_404(figure))


def figure_or_404(key: str) -> Figure:
    figure = overview_for_everybody().figure(key)
    if figure is None:
        raise Http404
    return figure


def overview_for_everybody() -> Overview:
    audience = everybody()
    voices = voice_facets(audience, None, on=timezone.localdate())
    return overview_of(audience, [*public_facets(), *voices], voice_plans(voices))
