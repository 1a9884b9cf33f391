"""The form to upload files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.desk.imports.histories import History
from servanda.kit.pages.forms import SeveralFilesField
from servanda.vocab.models import Country


class FilesForm(forms.Form):
    history = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    files = SeveralFilesField(
        label=_("Files"),
        help_text=_(
            "UHRI exports (JSON, XLSX), OHCHR thematic lists (DOCX), UPR reports and addenda (PDF, DOCX), "
            "concluding observations, visit reports, judgments and decisions (PDF, DOCX), or any table (CSV, "
            "XLSX, ODS). Older Word, ODT and RTF files are converted if this system has a converter. The type "
            "is detected from the content, not from the file name."
        ),
    )
    country = forms.CharField(
        label=_("Only this State"),
        required=False,
        max_length=8,
        help_text=_("ISO code, for example SVN. Leave empty to include every State in the file."),
    )
    publish = forms.BooleanField(
        label=_("Publish at once"),
        required=False,
        help_text=_("You are asked again before applying, with the number of records that become public."),
    )

    def __init__(self, *args, history: History | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if history is not None:
            self.initial["history"] = history.key
            self.fields["files"].help_text = history.help
            self.fields["files"].widget.attrs["accept"] = history.accept

    def clean_country(self) -> str:
        code = self.cleaned_data["country"].strip().upper()
        if code and not Country.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Unknown State code. Enter the three-letter ISO code."))
        return code
