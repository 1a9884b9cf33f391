"""Evidence for a budget request: the figures as a page and as files."""

from io import BytesIO

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file, send_table
from servanda.kit.files.paper import WRITERS
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.network.budget_evidence import services as deeds
from servanda.network.budget_evidence.figures import evidence_for, rows_of
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse


@require_safe
@requires(Can.READ_INTERNAL)
def budget_evidence(request: SignedIn) -> HttpResponse:
    today = timezone.localdate()
    context = {"groups": evidence_for(request.user, on=today), "today": today}
    return render(request, "desk/mechanisms/budget_evidence.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def budget_evidence_file(request: SignedIn, format: str) -> HttpResponseBase:
    today = timezone.localdate()
    groups = evidence_for(request.user, on=today)
    name = file_name("budget-evidence", format, on=today)
    if format in WRITERS:
        try:
            answer: HttpResponseBase = send_file(BytesIO(WRITERS[format](deeds.paper_of(groups, on=today))), name)
        except Refused as refusal:
            refuse(request, refusal, "budget_evidence_file")
            return redirect("desk:budget_evidence")
    else:
        rows = rows_of(groups, on=today)
        answer = send_table(name, _("Evidence for a budget request"), deeds.COLUMNS, rows)
    deeds.record_download(by=request.user)
    return answer
