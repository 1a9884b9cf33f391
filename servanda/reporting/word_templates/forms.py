from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from servanda.reporting.models import WordTemplate
from servanda.reporting.reports.forms import languages

LABELS = {field.name: capfirst(field.verbose_name) for field in WordTemplate._meta.fields}


class WordTemplateForm(forms.Form):
    name = forms.CharField(label=LABELS["name"], max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    language = forms.ChoiceField(
        label=LABELS["language"],
        required=False,
        help_text=gettext_lazy("Of the reports for which it is offered."),
    )
    file = forms.FileField(
        label=gettext_lazy("Word file (DOCX)"),
        help_text=gettext_lazy(
            "With at least the fields {{ status }} and {{ text }}. Pictures as PNG or JPEG, no macros."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", gettext_lazy("Every language")), *languages()]
