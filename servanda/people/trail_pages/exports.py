"""The trail for other programs, in words and with the numbers that prove it."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override

from servanda.kit.files.tables import BYTE_ORDER_MARK, csv_lines, json_pieces, xlsx_file
from servanda.people.models import User
from servanda.people.trail_pages.presenter import Told, tell
from servanda.trail.models import Event

AT_ONCE = 500
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

HEADER = (
    "number",
    "at",
    "who",
    "role",
    "action",
    "sentence",
    "object_type",
    "object_id",
    "object",
    "changes",
    "request",
    "hash",
)


def send_trail(events: QuerySet[Event], format: str, *, to: User) -> HttpResponseBase:
    lines = as_dicts(events, to=to, language=get_language())
    name = f"trail-{timezone.localdate()}.{format}"
    if format == "json":
        pieces = json_pieces("entries", lines)
    else:
        rows = ([in_a_cell(value) for value in line.values()] for line in lines)
        if format == "xlsx":
            file = xlsx_file("trail", HEADER, rows)
            return FileResponse(file, as_attachment=True, filename=name, content_type=FORMATS[format])
        pieces = csv_lines(HEADER, rows, mark=BYTE_ORDER_MARK)
    response = StreamingHttpResponse(pieces, content_type=FORMATS[format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_dicts(events: QuerySet[Event], *, to: User, language: str) -> Iterator[dict]:
    """Oldest first, in the language of the request, which is over when the last of them is written."""
    rows = events.select_related("actor").order_by("sequence").iterator(chunk_size=AT_ONCE)
    for some in batched(rows, AT_ONCE):
        with override(language):
            lines = [as_dict(told) for told in tell(some, to=to)]
        yield from lines


def as_dict(told: Told) -> dict:
    event = told.event
    changes = [{"field": one.label, "before": one.old, "after": one.new} for one in told.changes]
    who, what = [told.who, told.role], [event.object_type, event.object_id, told.label, changes]
    values = [event.sequence, event.at.isoformat(), *who, event.action, told.sentence, *what]
    return dict(zip(HEADER, [*values, event.request_id, event.hash], strict=True))


def in_a_cell(value: object) -> object:
    if isinstance(value, list):
        return "\n".join(f"{one['field']}: {one['before'] or '–'} → {one['after'] or '–'}" for one in value)
    return value
