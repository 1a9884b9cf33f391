"""The register on one page: as a page and as a PDF."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.home.brief import brief_for
from servanda.kit.files.downloads import send_file
from servanda.kit.files.pdf import pdf_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Instance
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
def brief_file(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    page = {
        "brief": brief_for(request.user, on=today),
        "day": today,
        "instance": Instance.current(),
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "in_file": True,
    }
    try:
        content = pdf_of(render_to_string("desk/home/_brief_pdf.html", page))
    except Refused as refusal:
        refuse(request, refusal, "brief_file")
        return redirect("desk:brief")
    if request.method == "GET":
        Event.record("brief-downloaded", by=request.user)
    return send_file(BytesIO(content), file_name(_("register-on-one-page"), "pdf", on=today))
