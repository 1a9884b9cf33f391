"""Values that the trail stores as text, such as 2026-12-05 or the code of an institution, in words for a page."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.utils.formats import date_format

from servanda.people.models import Institution
from servanda.trail.models import Event

PARTS = re.compile(r"( · |; |, )")


def differences(event: Event) -> dict[str, list]:
    """The former and the new value by field."""
    return json.loads(event.difference) if event.difference else {}


type Labels = Mapping[str, Mapping[str, object]]  # by field and code


class StoredValues:
    """Days and institutions in these fields of some events, in one query; `words` has the labels of further codes by
    field."""

    def __init__(
        self,
        events: Iterable[Event],
        fields: Collection[str],
        words: Labels | None = None,
    ):
        self.fields, self.words = fields, words or {}
        pairs = (pair for event in events for name, pair in differences(event).items() if name in fields)
        parts = {part for pair in pairs for value in pair for part in PARTS.split(str(value))}
        institutions = Institution.objects.filter(code__in=parts) if parts else Institution.objects.none()
        self.names = {row.code: str(row) for row in institutions}

    def in_words(self, field: str, value: str) -> str:
        """The value as on other pages; unchanged if the field has other texts."""
        if field not in self.fields:
            return value
        words = {**self.words.get(field, {}), **self.names}
        return "".join(str(words.get(part) or day_in_words(part)) for part in PARTS.split(value))


def day_in_words(part: str) -> str:
    try:
        return date_format(date.fromisoformat(part), "DATE_FORMAT")
    except ValueError:
        return part
