"""What forms of more than one room are made of."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.views.decorators.http import require_http_methods

LONGEST_ID = 18  # digits

form_page = require_http_methods(["GET", "HEAD", "POST"])


class DateInput(forms.DateInput):
    """The browser's own picker; it speaks ISO in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TickList(forms.CheckboxSelectMultiple):
    """A box to tick for each; a slip of the hand unticks one and not all."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """A forged number longer than any id would make SQLite stumble; its beginning is as unknown, and harmless."""
        return [value[:LONGEST_ID] for value in super().value_from_datadict(data, files, name) or []]


def keep_what_is_shown(form: forms.BaseForm) -> None:
    """The page keeps what it showed at first, so that what the person changed can be told from what was there."""
    for name, field in form.fields.items():
        field.show_hidden_initial = name != "version"


def on_top_of(form: forms.BaseForm, now: forms.BaseForm) -> QueryDict:
    """The changes of this person, and only those, made to what is saved by now."""
    data = cast(QueryDict, form.data).copy()
    for name in now.fields:
        value = now[name].value()
        saved = [str(one) for one in value] if isinstance(value, list) else ["" if value is None else str(value)]
        data.setlist(f"initial-{name}", saved)
        if name == "version" or name not in form.changed_data:
            data.setlist(name, saved)
    return data


LASTS = timedelta(hours=12)
SLACK = timedelta(minutes=1)  # between the clocks of two servers


def signed(form_key: UUID, seconds: str) -> str:
    return Signer(salt="servanda.kit.opened_forms").signature(f"{form_key} {seconds}")


def sign_opening(form_key: UUID, at: datetime) -> str:
    seconds = str(int(at.timestamp()))
    return f"{seconds}.{signed(form_key, seconds)}"


def opened_at(form_key: UUID, opening: str, *, on: datetime) -> datetime:
    """When the form with this key was opened. Raises `BadSignature` where that is forged, or too long ago."""
    seconds, _point, signature = opening.partition(".")
    signer = Signer(salt="servanda.kit.opened_forms")
    if not (seconds.isdecimal() and seconds.isascii() and len(seconds) < 12):
        raise BadSignature("no time")
    signer.unsign(f"{form_key} {seconds}{signer.sep}{signature}")
    at = datetime.fromtimestamp(int(seconds), UTC)
    if not on - LASTS < at <= on + SLACK:
        raise BadSignature("expired")
    return at
