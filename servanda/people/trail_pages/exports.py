"""The trail for other programs, in words and with the numbers that prove it."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override

from servanda.kit.files.downloads import send_json, send_table
from servanda.people.models import User
from servanda.people.trail_pages.presenter import EventLine, tell
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
    name = f"trail-{timezone.localdate()}.{format}"
    if format == "json":
        return send_json(name, "entries", lines)
    return send_table(name, "trail", HEADER, ([in_a_cell(value) for value in line.values()] for line in lines))


def as_dicts(events: QuerySet[Event], *, to: User, language: str) -> Iterator[dict]:
    """Oldest first, in the language of the request, which is over when the last of them is written."""
    rows = events.select_related("actor").order_by("sequence").iterator(chunk_size=AT_ONCE)
    for some in batched(rows, AT_ONCE):
        with override(language):
            lines = [as_dict(told) for told in tell(some, to=to)]
        yield from lines


def as_dict(told: EventLine) -> dict:
    event = told.event
    changes = [{"field": one.label, "before": one.old, "after": one.new} for one in told.changes]
    who, what = [told.who, told.role], [event.object_type, event.object_id, told.label, changes]
    values = [event.sequence, event.at.isoformat(), *who, event.action, told.sentence, *what]
    return dict(zip(HEADER, [*values, event.request_id, event.hash], strict=True))


def in_a_cell(value: object) -> object:
    if isinstance(value, list):
        return "\n".join(f"{one['field']}: {one['before'] or '–'} → {one['after'] or '–'}" for one in value)
    return value
