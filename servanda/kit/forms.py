"""What forms of more than one room are made of."""

from typing import Any

from django import forms
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
