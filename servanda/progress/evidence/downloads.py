"""A file of evidence on its way to a browser: always a download, never a page. The only HTTP of the room."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from servanda.progress.models import Evidence

NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


def hand_out(seen: QuerySet[Evidence], key: UUID | str) -> FileResponse:
    """Out of what this reader sees; a link has no file, and a file that has gone from the disk is not there."""
    evidence = get_object_or_404(seen.exclude(file=""), key=key)
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    answer = FileResponse(file, as_attachment=True, filename=evidence.name, content_type=evidence.mime)
    answer["Content-Security-Policy"] = NOTHING_RUNS
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
