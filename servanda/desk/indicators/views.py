"""Pages of indicators: the list with its files, and each indicator with its values."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.charts import POLICY, in_language_of, send_svg
from servanda.kit.files.downloads import send_json, send_table
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.naming import shown_names
from servanda.planning.indicators import listing as indicator_list
from servanda.planning.indicators.chart import draw_series
from servanda.planning.indicators.listing import IndicatorFilter, boxes_for, narrow
from servanda.planning.indicators.sdmx import send_values
from servanda.planning.indicators.series import chart_link, may_measure, values_of, with_series
from servanda.planning.models import Indicator, IndicatorRecommendation
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def indicators(request: SignedIn) -> HttpResponse:
    filters, visible = IndicatorFilter.read(request.GET), Indicator.objects.visible_to(request.user)
    selected = narrow(visible, filters, user=request.user, on=timezone.localdate())
    page = page_of(selected.count(), number=filters.number, size=ON_A_PAGE)
    rows = selected.select_related("custodian", "right").order_by("code")[slice_of(page)]
    context = {
        "rows": with_series(rows),
        **pager(page, filters.query()),
        "asked": filters,
        "query": urlencode(filters.query()),
        "boxes": boxes_for(filters, visible),
    }
    return render(request, "desk/indicators/indicators.html", context)


def find_indicator(request: SignedIn, code: str) -> Indicator:
    seen = Indicator.objects.visible_to(request.user).select_related("custodian", "right__taxonomy")
    return get_object_or_404(seen, code=code)


@require_safe
@requires(Can.READ_INTERNAL)
def indicator(request: SignedIn, code: str) -> HttpResponse:
    it = Indicator.objects.filter(code=code).select_related("override_by")
    it = get_object_or_404(it.visible_to(request.user).select_related("custodian", "right__taxonomy"))
    [line], user = with_series([it]), request.user
    links = links_of(it, user)
    page = page_of(links.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {
        "line": line,
        "values": values_of(it, user),
        "picture": chart_link(line, reverse("desk:indicator_chart", args=[code])),
        "links": links[slice_of(page)],
        **pager(page),
        "actions": it.actions.visible_to(user).order_by("code")[:ON_A_PAGE],
        "may_measure": may_measure(user, it),
        "override_by": shown_names([it.override_by], to=user).get(it.override_by_id, ""),
    }
    return render(request, "desk/indicators/indicator.html", context)


def links_of(indicator: Indicator, user):
    """Links to records whose internal side this reader may see."""
    opened = Recommendation.every_kind.opened_to(user).order_by().values("pk")
    links = IndicatorRecommendation.objects.filter(indicator=indicator, recommendation__in=opened)
    return links.select_related("recommendation__body").order_by("weight", "recommendation__order_key", "pk")


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
@requires(Can.READ_INTERNAL)
def indicator_chart(request: SignedIn, code: str) -> HttpResponse:
    [line] = with_series([find_indicator(request, code)])
    if not line.has_numbers:
        raise Http404
    with in_language_of(request):
        return send_svg(request, draw_series(line.indicator, line.series))


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def indicators_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file: one row for each indicator, with its newest value."""
    filters, visible = IndicatorFilter.read(request.GET), Indicator.objects.visible_to(request.user)
    selected = narrow(visible, filters, user=request.user, on=timezone.localdate()).order_by("code")
    record_export(request, "indicators", format)
    rows, name = indicator_list.rows_of(selected), file_name(_("Indicators"), format, on=timezone.localdate())
    if format == "json":
        return send_json(name, "indicators", rows)
    cells = (indicator_list.cells_of(row) for row in rows)
    return send_table(name, _("Indicators"), list(indicator_list.COLUMNS), cells)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def indicators_values(request: SignedIn, format: str) -> HttpResponseBase:
    """All values of the filtered list as a file, in the columns of the import."""
    filters, visible = IndicatorFilter.read(request.GET), Indicator.objects.visible_to(request.user)
    selected = narrow(visible, filters, user=request.user, on=timezone.localdate())
    record_export(request, "indicator-values", format)
    return send_values(selected, format)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def indicator_values(request: SignedIn, code: str, format: str) -> HttpResponseBase:
    shown = find_indicator(request, code)
    record_export(request, shown.code, format)
    return send_values(Indicator.objects.filter(pk=shown.pk), format, about=shown.code)


def record_export(request: SignedIn, what: str, format: str) -> None:
    if request.method == "GET":
        Event.record("indicators-exported", by=request.user, label=f"{what}.{format}")
