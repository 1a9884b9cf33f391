"""Forms on the page of a record: a day and a note."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.recommendations.editing.forms import DateInput
from servanda.sources.printed.texts import clean


class DayForm(forms.Form):
    on = forms.DateField(label=_("As it was at the end of"), widget=DateInput)

    def __init__(self, *args, last: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last

    def clean_on(self) -> date:
        if self.cleaned_data["on"] > self.last:
            raise forms.ValidationError(_("This day has not come yet. Choose today or a day before."))
        return self.cleaned_data["on"]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Only those who may read internal notes see it: coordinators, auditors and administrators."),
    )

    def clean_text(self) -> str:
        if not (text := clean(self.cleaned_data["text"])):
            raise forms.ValidationError(_("Nothing readable is left of this note. Write it again."))
        return text
