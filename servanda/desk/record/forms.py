"""Forms on the page of a record: a day and a note."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.recommendations.editing.forms import DateInput
from servanda.sources.printed.texts import clean


class DayForm(forms.Form):
    on = forms.DateField(label=_("Record as at the end of"), widget=DateInput)

    def __init__(self, *args, last: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last

    def clean_on(self) -> date:
        if self.cleaned_data["on"] > self.last:
            raise forms.ValidationError(_("The date must be today or in the past."))
        return self.cleaned_data["on"]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Visible only to users who may read internal notes: coordinators, auditors and administrators."),
    )

    def clean_text(self) -> str:
        if not (text := clean(self.cleaned_data["text"])):
            raise forms.ValidationError(_("The note has no readable text. Enter it again."))
        return text
