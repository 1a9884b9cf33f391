"""Files of a report: at once, or on a page that waits for the worker."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import MomentForm, find_report
from servanda.kit.files.downloads import send_file, type_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refuse
from servanda.progress.evidence.downloads import send_stored
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import LABELS, WITHOUT_CHARTS, WORD, WRITERS, name_of
from servanda.reporting.documents.page_numbers import can_count_pages
from servanda.reporting.downloads.services import is_quick, may_still_read, start_report_download
from servanda.reporting.models import Report, ReportDownload
from servanda.reporting.reports.moments import in_data, in_query, in_words
from servanda.reporting.returns.copies import mark_copy
from servanda.trail.models import Event


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def report_file(request: SignedIn, key: object, format: str) -> HttpResponseBase:
    """The report as far as this person sees it, as a draft; as of the end of the day `?on`, or the time `?at` of it,
    if they are given. What takes long is left to the worker, such as the page numbers in the contents of a Word file,
    if `?pages` asks for them."""
    shown = find_report(request, key)
    as_of = requested_moment(request, shown)
    if format not in WRITERS:
        raise Http404
    has_time = format == WORD and "pages" in request.GET and can_count_pages()
    if request.method == "GET" and (has_time or not is_quick(shown, format, by=request.user)):
        return redirect(start_report_download(report=shown, format=format, as_of=as_of, by=request.user))
    now = timezone.localtime()
    chosen = {"with_charts": format not in WITHOUT_CHARTS, "as_of": as_of}
    try:
        with in_language_of(shown):
            content = document_of(shown, request.user, on=now.date(), **chosen)
            if format == WORD and request.method == "GET":
                mark_copy(content, shown, by=request.user)
            file = WRITERS[format](content, now)
    except Refused as refusal:
        refuse(request, refusal, "report_file")
        return redirect(shown)
    record_download(request, shown, format, as_of)
    return send_file(file, name_of(shown, format, on=now.date(), as_of=as_of))


def requested_moment(request: SignedIn, report: Report) -> datetime | None:
    """None without one. Raises `Http404` for a moment that is none, has not come yet, or was before the report: the
    page of the texts says why."""
    if "on" not in request.GET:
        return None
    form = MomentForm(request.GET, report=report)
    if not form.is_valid():
        raise Http404
    return form.moment


def record_download(request: SignedIn, report: Report, format: str, as_of: datetime | None = None) -> None:
    if request.method == "GET":
        difference = {"format": ["", format]} | ({"as_of": ["", in_data(as_of)]} if as_of else {})
        Event.record("report-downloaded", report, by=request.user, difference=difference)


def find_download(request: SignedIn, key: UUID) -> ReportDownload:
    return get_object_or_404(ReportDownload.objects.visible_to(request.user).select_related("report"), key=key)


@require_safe
@requires(Can.READ_INTERNAL)
def report_download(request: SignedIn, key: UUID) -> HttpResponse:
    """Progress, then the link to the file, or why it was not made."""
    shown = find_download(request, key)
    context = {"shown": shown, "report": shown.report, "title": LABELS[shown.format], "again_url": again_url(shown)}
    context["moment"] = in_words(shown.as_of) if shown.as_of else ""
    return render(request, "desk/reports/report_download.html", context)


def again_url(download: ReportDownload) -> str:
    """Where the same file is asked for: the report as it is, as of a moment, or its translation."""
    key, format = download.report.key, download.format
    if download.language:
        return resolve_url("desk:translated_file", key, download.language, format)
    query = f"?{in_query(download.as_of)}" if download.as_of else ""
    return resolve_url("desk:report_file", key, format) + query


@require_safe
@requires(Can.READ_INTERNAL)
def report_download_progress(request: SignedIn, key: UUID) -> HttpResponse:
    """Nothing while the file is made; then htmx loads the whole page."""
    is_waiting = find_download(request, key).state == ReportDownload.State.PREPARING
    return HttpResponse(status=204) if is_waiting else HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
@requires(Can.READ_INTERNAL)
def downloaded_report(request: SignedIn, key: UUID) -> FileResponse:
    """The file that the worker made."""
    shown = find_download(request, key)
    if shown.state != ReportDownload.State.READY or not may_still_read(shown, request.user):
        raise Http404
    response = send_stored(shown.file, name=shown.name, mime=type_of(shown.name))
    record_download(request, shown.report, shown.format, shown.as_of)
    return response
