"""The form for deciding a step of a clearance."""

from typing import Any

from django import forms
from django.http import HttpRequest

from servanda.kit.pages.forms import LONGEST_ID
from servanda.recommendations.editing.forms import ReasonForm


def step_sent(request: HttpRequest) -> int | None:
    """The step that the page showed; None if the form does not say."""
    value = request.POST.get("step", "")
    return int(value) if value.isdecimal() and len(value) <= LONGEST_ID else None


class ReturnTextForm(ReasonForm):
    """The reason, and the step that the person was shown."""

    step = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, step: int | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"step": step}, **kwargs)
