"""The list of records with what the voices say of them."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.progress.assessments import listing as lists
from servanda.progress.assessments.disagreement import Disagreement
from servanda.progress.models import Common, Voice
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Body


@require_safe
@requires(Can.USE_DESK)
def assessments(request: HttpRequest) -> HttpResponse:
    asked = lists.AssessmentFilter.read(request.GET, request.user)
    seen = Recommendation.objects.visible_to(request.user)
    found = lists.narrow(seen, asked)
    page = page_of(found.count(), number=asked.number)
    rows = lists.rows_of(shown(found)[slice_of(page)])
    context = {
        "rows": rows,
        "columns": lists.voices_in(rows),
        **pager(page, asked.query()),
        "asked": asked,
        "query": urlencode(asked.query()),
        "bodies": Body.objects.filter(pk__in=seen.order_by().values("body")),
        "voices": Voice.choices,
        "values": Common.choices,
        "withouts": lists.without_choices(),
        "disagreements": Disagreement.choices,
    }
    return render(request, "desk/assessments/assessments.html", context)


def shown(found: QuerySet) -> QuerySet:
    return found.select_related("body").order_by("order_key", "pk")


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def assessments_export(request: HttpRequest, format: str) -> HttpResponseBase:
    asked = lists.AssessmentFilter.read(request.GET, request.user)
    found = shown(lists.narrow(Recommendation.objects.visible_to(request.user), asked))
    if request.method == "GET":
        Event.record("assessments-exported", by=request.user, difference={"filter": urlencode(asked.query())})
    if format not in ("csv", "xlsx"):
        raise Http404
    return send_table(f"assessments.{format}", _("Assessments"), lists.columns(), lists.cells(found))
