"""What forms of more than one room are made of."""

from typing import Any, cast

from django import forms
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
