"""The list of records with what the voices say of them."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.files.tables import BYTE_ORDER_MARK, csv_lines, xlsx_file
from servanda.kit.pages.paging import page_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.progress.assessments import listing as lists
from servanda.progress.assessments.disagreement import Disagreement
from servanda.progress.models import Common, Voice
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Body

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires(Can.USE_DESK)
def assessments(request: HttpRequest) -> HttpResponse:
    asked = lists.Asked.read(request.GET, request.user)
    seen = Recommendation.objects.visible_to(request.user)
    found = lists.narrow(seen, asked)
    page = page_of(found.count(), number=asked.number)
    rows = lists.rows_of(shown(found)[page.start : page.stop])
    context = {
        "rows": rows,
        "columns": lists.voices_in(rows),
        "page": page,
        "asked": asked,
        "query": urlencode(asked.query()),
        "previous_url": address_of(asked, page.previous_number),
        "next_url": address_of(asked, page.next_number),
        "bodies": Body.objects.filter(pk__in=seen.order_by().values("body")),
        "voices": Voice.choices,
        "values": Common.choices,
        "withouts": lists.without_choices(),
        "disagreements": Disagreement.choices,
    }
    return render(request, "desk/assessments/assessments.html", context)


def shown(found: QuerySet) -> QuerySet:
    return found.select_related("body").order_by("order_key", "pk")


def address_of(asked: lists.Asked, number: int | None) -> str:
    return f"?{urlencode({**asked.query(), 'page': number})}" if number else ""


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def assessments_export(request: HttpRequest, format: str) -> HttpResponseBase:
    asked = lists.Asked.read(request.GET, request.user)
    found = shown(lists.narrow(Recommendation.objects.visible_to(request.user), asked))
    if request.method == "GET":
        Event.record("assessments-exported", by=request.user, difference={"filter": urlencode(asked.query())})
    if format == "xlsx":
        file = xlsx_file(_("Assessments"), lists.columns(), lists.cells(found))
        return FileResponse(file, as_attachment=True, filename="assessments.xlsx", content_type=XLSX)
    if format != "csv":
        raise Http404
    pieces = csv_lines(lists.columns(), lists.cells(found), mark=BYTE_ORDER_MARK)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="assessments.csv"'
    return response
