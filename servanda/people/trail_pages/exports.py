"""The trail as a file, in sentences and with the hashes that prove it."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from servanda.kit.files.downloads import send_json, send_table
from servanda.people.instance.file_names import file_name
from servanda.people.models import User
from servanda.people.trail_pages.presenter import EventLine, event_lines
from servanda.trail.models import Event

AT_ONCE = 500
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
    name = file_name(_("Activity"), format, on=timezone.localdate())
    if format == "json":
        return send_json(name, "entries", lines)
    return send_table(name, "trail", HEADER, ([in_a_cell(value) for value in line.values()] for line in lines))


def as_dicts(events: QuerySet[Event], *, to: User, language: str) -> Iterator[dict]:
    """Oldest first. `language` is that of the request, which has ended when the last rows are written."""
    rows = events.select_related("actor").order_by("sequence").iterator(chunk_size=AT_ONCE)
    for batch in batched(rows, AT_ONCE):
        with override(language):
            lines = [as_dict(line) for line in event_lines(batch, to=to)]
        yield from lines


def as_dict(line: EventLine) -> dict:
    event = line.event
    changes = [{"field": change.label, "before": change.old, "after": change.new} for change in line.changes]
    who, what = [line.who, line.role], [event.object_type, event.object_id, line.label, changes]
    values = [event.sequence, event.at.isoformat(), *who, event.action, line.sentence, *what]
    return dict(zip(HEADER, [*values, event.request_id, event.hash], strict=True))


def in_a_cell(value: object) -> object:
    if isinstance(value, list):
        return "\n".join(
            f"{change['field']}: {change['before'] or '–'} → {change['after'] or '–'}" for change in value
        )
    return value
