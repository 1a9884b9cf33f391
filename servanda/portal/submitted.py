"""Reports as they were submitted, which a person of the mechanism has published."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.progress.evidence.downloads import send_stored
from servanda.reporting.models import ReportSnapshot, SnapshotFile

ON_A_PAGE = 25


@require_safe
def submitted_reports(request: HttpRequest) -> HttpResponse:
    published = ReportSnapshot.objects.public().order_by("-submitted_on", "-pk")
    page = page_of(published.count(), number=page_number(request.GET), size=ON_A_PAGE)
    return render(request, "portal/submitted_reports.html", {"reports": published[slice_of(page)], **pager(page)})


@require_safe
def submitted_report(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its files with their hashes, and how to cite it. The address is permanent."""
    rows = ReportSnapshot.objects.public().select_related("report__obligation__body")
    shown = get_object_or_404(rows.prefetch_related("files"), key=key)
    context = {"shown": shown, "permanent": origin_of(request) + shown.get_absolute_url()}
    return render(request, "portal/submitted_report.html", context)


@require_safe
def submitted_report_file(request: HttpRequest, key: UUID, format: str) -> FileResponse:
    public = ReportSnapshot.objects.public().order_by().values("pk")
    row = get_object_or_404(SnapshotFile, snapshot__key=key, snapshot__in=public, format=format, language="")
    return send_stored(row.file, name=row.name, mime=row.mime)


@require_safe
def submitted_report_translation(request: HttpRequest, key: UUID, language: str, format: str) -> FileResponse:
    public = ReportSnapshot.objects.public().order_by().values("pk")
    files = SnapshotFile.objects.filter(snapshot__key=key, snapshot__in=public).exclude(language="")
    row = get_object_or_404(files, format=format, language=language)
    return send_stored(row.file, name=row.name, mime=row.mime)
