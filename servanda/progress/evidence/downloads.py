"""Responses with a file of evidence: always a download, never shown as a page. The only HTTP in this room."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from servanda.progress.models import Evidence

NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


def hand_out(visible: QuerySet[Evidence], key: UUID | str) -> FileResponse:
    """The file as a download. Raises `Http404` if it is not among the visible evidence, is a link, or is not on the
    disk."""
    evidence = get_object_or_404(visible.exclude(file=""), key=key)
    return send_stored(evidence.file, name=evidence.name, mime=evidence.mime)


def send_stored(stored: FieldFile, *, name: str, mime: str) -> FileResponse:
    """A stored file as a download in which nothing runs. Raises `Http404` if it is not on the disk."""
    try:
        file = stored.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, as_attachment=True, filename=name, content_type=mime)
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
