"""The forms of a report on its way out."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.sources.printed.texts import clean_label

LONGEST = 2000


class StepsForm(forms.Form):
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy(
            "One on each line, in their order. A step of this installation with the same name belongs to its"
            " institution, any other to a coordinator."
        ),
    )

    translated_by = forms.CharField(
        label=gettext_lazy("Step of translation"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy(
            "This step cannot be cleared before all translations are reviewed. Empty to use the last step."
        ),
    )

    def clean_translated_by(self) -> str:
        """The proposed step is not needed if the person removed it from the steps."""
        named = clean_label(self.cleaned_data["translated_by"])
        if not named or named in map(clean_label, self.cleaned_data.get("steps", "").splitlines()):
            return named
        if "translated_by" in self.changed_data:
            raise forms.ValidationError(_("Enter one of the steps above, or leave the field empty."))
        return ""

    def titles(self) -> list[str]:
        return self.cleaned_data["steps"].splitlines()


class SubmitForm(forms.Form):
    submitted_on = forms.DateField(
        label=gettext_lazy("Date of submission"),
        initial=timezone.localdate,
        widget=DateInput,
        help_text=gettext_lazy("The files get this date. They cannot be changed afterwards."),
    )
