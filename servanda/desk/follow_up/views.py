"""Pages of the dashboards."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.follow_up.figures import MOST, PRINTED, sheets_of, shown_dashboard, shown_heard
from servanda.kit.files.downloads import send_file
from servanda.kit.files.tables import xlsx_sheets
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import ROLES, Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Institution
from servanda.progress.dashboard.figures import dashboard_of, dashboard_of_institution
from servanda.progress.models import Voice
from servanda.progress.updates.inactivity import records_silent
from servanda.recommendations.filters.audiences import audience_of
from servanda.trail.models import Event

ALL = "all"


@require_safe
@requires(Can.READ_INTERNAL)
def follow_up(request: HttpRequest) -> HttpResponse:
    """The dashboard; people of an institution are redirected to its own first."""
    if (own := own_institution(request.user)) and request.GET.get("of") != ALL:
        return redirect("desk:institution_follow_up", pk=own)
    today, audience = timezone.localdate(), audience_of(request.user)
    dashboard = dashboard_of(audience, request.user, on=today)
    page = shown_dashboard(dashboard, voice_of(request)) | {
        "heard": shown_heard(dashboard.heard[:MOST]),
        "printed": PRINTED,
        "heard_left_out": len(dashboard.heard[MOST:]),
        "day": today,
        "own": own,
    }
    return render(request, "desk/follow_up/follow_up.html", page)


@require_safe
@requires(Can.READ_INTERNAL)
def institution_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    today, audience = timezone.localdate(), audience_of(request.user)
    dashboard = dashboard_of_institution(institution, audience, request.user, on=today)
    page = shown_dashboard(dashboard, voice_of(request)) | {
        "institution": institution,
        "heard": dashboard.heard[0] if dashboard.heard else None,
        "silent": records_silent(audience, institution, on=today),
        "day": today,
    }
    return render(request, "desk/follow_up/institution_follow_up.html", page)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def follow_up_file(request: HttpRequest) -> HttpResponseBase:
    today, audience = timezone.localdate(), audience_of(request.user)
    dashboard = dashboard_of(audience, request.user, on=today)
    sheets = sheets_of(dashboard)
    if request.method == "GET":
        Event.record("follow-up-exported", by=request.user)
    return send_file(xlsx_sheets(sheets), file_name(_("follow-up"), "xlsx", on=today))


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def institution_follow_up_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    institution = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    today, audience = timezone.localdate(), audience_of(request.user)
    dashboard = dashboard_of_institution(institution, audience, request.user, on=today)
    sheets = sheets_of(dashboard)
    if request.method == "GET":
        Event.record("follow-up-exported", by=request.user, label=institution.code)
    return send_file(xlsx_sheets(sheets), file_name(_("follow-up"), "xlsx", on=today, about=institution.code))


def own_institution(user) -> int | None:
    """The institution of the user's first internal appointment; None for holders of an office."""
    if can(user, Can.READ_EVERYTHING):
        return None
    appointments = [
        appointment for appointment in user.current_appointments if Can.READ_INTERNAL in ROLES[appointment.role]
    ]
    return appointments[0].institution_id if appointments else None


def voice_of(request: HttpRequest) -> Voice:
    value = request.GET.get("voice", "")
    return Voice(value) if value in Voice.values else Voice.GOVERNMENT
