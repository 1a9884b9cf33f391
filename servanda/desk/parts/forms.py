"""A field that the forms of several wings use."""

from django import forms
from django.utils.text import Truncator

from servanda.recommendations.models import Recommendation


class RecordChoices(forms.ModelMultipleChoiceField):
    """Suggested records, each with the beginning of its text."""

    def label_from_instance(self, obj: Recommendation) -> str:
        text = next(iter(obj.texts.all()), None)
        return f"{obj.code} · {Truncator(text.text).chars(160) if text else ''}"
