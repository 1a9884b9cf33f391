"""Exports on their way to the browser, row by row."""

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from servanda.kit.tables import BYTE_ORDER_MARK, csv_lines, json_pieces, xlsx_file
from servanda.recommendations.exports import Export, cover_of, name_of

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def send(export: Export, format: str, *, mark: bool) -> HttpResponseBase:
    name = name_of(export.audience, f"register-{timezone.localdate()}", format)
    if format == "xlsx":
        header, rows = export.table()
        file = xlsx_file("register", header, rows, cover=cover_of(export.audience))
        return FileResponse(file, as_attachment=True, filename=name, content_type=FORMATS[format])
    if format == "json":
        pieces = json_pieces("recommendations", export.things())
    else:
        header, rows = export.table()
        pieces = csv_lines(header, rows, mark=BYTE_ORDER_MARK if mark else "")
    response = StreamingHttpResponse(pieces, content_type=FORMATS[format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
