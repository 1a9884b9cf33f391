"""Forms for answers of institutions and for files."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from servanda.proceedings.models import Draft, ProceedingFile


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def field_of(model: type[models.Model], name: str, **options: Any) -> forms.Field:
    return model._meta.get_field(name).formfield(**options)


class LanguageField(forms.RegexField):
    def __init__(self, **options: Any) -> None:
        options = {"label": gettext_lazy("Language"), "required": False, "max_length": 8, **options}
        options["help_text"] = gettext_lazy("Two or three letters, for example en, fr, ar, sl.")
        super().__init__(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", **options)


class DraftForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = field_of(
        Draft, "text", widget=words(12), help_text=gettext_lazy("Answer the questions above by their numbers.")
    )
    language = LanguageField()


class FileForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of file"), choices=ProceedingFile.Kind.choices)
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, picture or spreadsheet."))
    is_shared = field_of(ProceedingFile, "is_shared")
