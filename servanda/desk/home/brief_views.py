"""The register at a glance: as a page, a PDF and a Word file."""

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.home.brief import brief_for
from servanda.desk.home.brief_paper import paper_of
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse
from servanda.trail.models import Event


@require_safe
@requires(Can.READ_INTERNAL)
def brief(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return render(request, "desk/home/brief.html", {"brief": brief_for(request.user, on=today), "day": today})


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def brief_file(request: HttpRequest, format: str) -> HttpResponseBase:
    if format not in WRITERS:
        raise Http404
    today = timezone.localdate()
    try:
        content = WRITERS[format](paper_of(brief_for(request.user, on=today), on=today))
    except Refused as refusal:
        refuse(request, refusal, "brief_file")
        return redirect("desk:brief")
    if request.method == "GET":
        Event.record("brief-downloaded", by=request.user, difference={"format": ["", format]})
    return send_file(BytesIO(content), file_name(_("register-at-a-glance"), format, on=today))
