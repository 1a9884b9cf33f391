"""Published indicators with their values; only public records are named."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from servanda.kit.charts import POLICY, in_language_of, send_svg
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.planning.indicators.chart import draw_series
from servanda.planning.indicators.sdmx import send_values
from servanda.planning.indicators.series import chart_link, current_values, with_series
from servanda.planning.models import Indicator, IndicatorRecommendation
from servanda.recommendations.models import Recommendation

ON_A_PAGE = 25


def find_published(code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.public().select_related("custodian", "right__taxonomy"), code=code)


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    published = find_published(code)
    [line] = with_series([published])
    public = Recommendation.every_kind.public().order_by().values("pk")
    links = IndicatorRecommendation.objects.filter(indicator=published, recommendation__in=public)
    page = page_of(links.count(), number=page_number(request.GET), size=ON_A_PAGE)
    links = links.select_related("recommendation__body").order_by("weight", "recommendation__order_key", "pk")
    context = {
        "line": line,
        "values": current_values(published),
        "picture": chart_link(line, reverse("portal:indicator_chart", args=[code])),
        "links": links[slice_of(page)],
        **pager(page),
    }
    return render(request, "portal/indicator.html", context)


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
def indicator_chart(request: HttpRequest, code: str) -> HttpResponse:
    [line] = with_series([find_published(code)])
    if not line.has_numbers:
        raise Http404
    with in_language_of(request):
        return send_svg(request, draw_series(line.indicator, line.series))


@heavy(FILE)
@require_safe
def indicator_values(request: HttpRequest, code: str) -> HttpResponseBase:
    shown = find_published(code)
    return send_values(Indicator.objects.filter(pk=shown.pk), "csv", about=shown.code)
