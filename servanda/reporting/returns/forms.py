from django import forms
from django.utils.translation import gettext_lazy


class WordReturnForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word file (DOCX)"),
        help_text=gettext_lazy(
            "A file downloaded from this report. Only the content read from it is stored, not the file itself."
        ),
    )
