from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.recommendations.editing.forms import DateInput
from servanda.sources.printed.texts import clean
from servanda.vocab.models import Country


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) and data else [None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class FilesForm(forms.Form):
    files = SeveralFilesField(
        label=_("Files"),
        help_text=_(
            "UHRI exports (JSON, XLSX), OHCHR thematic lists (DOCX), UPR reports and addenda (PDF, DOCX),"
            " concluding observations, visit reports, judgments and decisions (PDF, DOCX),"
            " or any table (CSV, XLSX, ODS). Old Word, ODT and RTF are converted where this instance can."
            " The content decides, not the name."
        ),
    )
    country = forms.CharField(
        label=_("Only this State"),
        required=False,
        max_length=8,
        help_text=_("ISO code, for instance SVN. Empty: every State in the file."),
    )
    publish = forms.BooleanField(label=_("Publish at once"), required=False, initial=True)

    def clean_country(self) -> str:
        code = self.cleaned_data["country"].strip().upper()
        if code and not Country.objects.filter(code=code).exists():
            raise forms.ValidationError(_("No State has this code. Use the ISO code with three letters."))
        return code


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
