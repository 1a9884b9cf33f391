"""The list of records with their assessments."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import by_code, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.progress.assessments import listing as lists
from servanda.progress.assessments.disagreement import Disagreement
from servanda.progress.models import Common, Voice
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Body


@require_safe
@requires(Can.USE_DESK)
def assessments(request: HttpRequest) -> HttpResponse:
    filters = lists.AssessmentFilter.read(request.GET, request.user)
    visible = Recommendation.objects.visible_to(request.user)
    selected = lists.narrow(visible, filters)
    page = page_of(selected.count(), number=filters.number)
    rows = lists.rows_of(in_order(selected)[slice_of(page)])
    bodies = Body.objects.filter(pk__in=visible.order_by().values("body"))
    context = {
        "rows": rows,
        "columns": lists.voices_in(rows),
        **pager(page, filters.query()),
        "asked": filters,
        "query": urlencode(filters.query()),
        "boxes": [
            filters.box("voice", _("Assessment"), Voice.choices, every=_("Any")),
            filters.box("value", pgettext("of an assessment", "Value"), Common.choices, every=_("Any value")),
            filters.box("disagreement", _("Disagreement"), Disagreement.choices, every=_("With or without")),
            filters.box("without", _("Missing"), lists.without_choices()),
            filters.box("body", _("Body"), by_code(bodies, "short")),
        ],
    }
    return render(request, "desk/assessments/assessments.html", context)


def in_order(records: QuerySet) -> QuerySet:
    return records.select_related("body").order_by("order_key", "pk")


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def assessments_export(request: HttpRequest, format: str) -> HttpResponseBase:
    filters = lists.AssessmentFilter.read(request.GET, request.user)
    records = in_order(lists.narrow(Recommendation.objects.visible_to(request.user), filters))
    if request.method == "GET":
        Event.record("assessments-exported", by=request.user, difference={"filter": urlencode(filters.query())})
    if format not in ("csv", "xlsx"):
        raise Http404
    name = file_name(_("Assessments"), format, on=timezone.localdate())
    return send_table(name, _("Assessments"), lists.columns(), lists.cells(records))
