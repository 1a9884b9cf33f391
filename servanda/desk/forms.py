from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.recommendations.forms import DateInput
from servanda.recommendations.services.mapping import LookedInto, mappable_fields
from servanda.sources.readers.clean import clean
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


class ColumnsForm(forms.Form):
    """Which column fills which field; a field without a column may have one value for all rows."""

    sender = forms.CharField(
        label=_("Sender"),
        max_length=120,
        help_text=_("Who sends such files. The choice of columns is kept under this name for the next file."),
    )
    separator = forms.CharField(
        label=_("Sign between the entries of a list"), max_length=4, required=False, initial=";", strip=False
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of the file"),
        required=False,
        choices=[
            ("", _("as detected")),
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("cp1252", "Windows 1252"),
            ("mac_roman", "Mac Roman"),
        ],
    )

    def __init__(self, *args, sheet: LookedInto, batch: Batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sender"].initial = sheet.sender
        self.names = mappable_fields()
        headers = [("", _("— no column —")), *[(header, header) for header in sheet.headers]]
        for number, (name, label) in enumerate(self.names):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=label, choices=headers, required=False, initial=sheet.suggestion.get(name, "")
            )
            self.fields[f"constant_{number}"] = forms.CharField(
                label=_("%(field)s for all rows") % {"field": label},
                required=False,
                max_length=200,
                initial=sheet.constants.get(name, ""),
            )

    def pairs(self):
        """The choice of a column beside the value for all rows, field by field."""
        return [(self[f"column_{number}"], self[f"constant_{number}"]) for number in range(len(self.names))]

    def mapping(self) -> dict:
        columns, constants = {}, {}
        for number, (name, _label) in enumerate(self.names):
            if header := self.cleaned_data[f"column_{number}"]:
                columns[name] = header
            elif constant := self.cleaned_data[f"constant_{number}"]:
                constants[name] = constant
        chosen = {name: self.cleaned_data[name] for name in ("sender", "separator", "encoding")}
        return chosen | {"columns": columns, "constants": constants}

    def clean(self):
        cleaned = super().clean()
        names = [name for name, _label in self.names]
        texts = [number for number, name in enumerate(names) if name == "text" or name.startswith("text ")]
        if not any(cleaned.get(f"column_{number}") for number in texts):
            self.add_error("column_0", _("Choose the column that holds the text."))
        return cleaned


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
