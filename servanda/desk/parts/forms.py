"""Fields that the forms of several wings use."""

from django import forms
from django.utils.text import Truncator

from servanda.recommendations.models import Recommendation


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) and data else [None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class RecordChoices(forms.ModelMultipleChoiceField):
    """Suggested records, each with the beginning of its text."""

    def label_from_instance(self, obj: Recommendation) -> str:
        text = next(iter(obj.texts.all()), None)
        return f"{obj.code} · {Truncator(text.text).chars(160) if text else ''}"
