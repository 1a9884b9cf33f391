"""Forms for clearing and submitting a report."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.reporting.reports.queries import Measured
from servanda.reporting.submissions.lengths import over_in_words
from servanda.sources.printed.texts import clean_label

LONGEST = 2000


class OverLimitForm(forms.Form):
    """Of a report above its word limit, with the confirmation of that."""

    over_limit = forms.BooleanField(label=gettext_lazy("Continue above the word limit"), required=False)

    def __init__(self, *args, excess: Measured | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if excess is None:
            del self.fields["over_limit"]
        else:
            self.fields["over_limit"].help_text = over_in_words(excess)

    @property
    def is_over_limit(self) -> bool:
        return bool(self.cleaned_data.get("over_limit"))


class StepsForm(OverLimitForm):
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy(
            "One on each line, in their order. A step of this installation with the same name belongs to its"
            " institution, any other to a coordinator."
        ),
    )

    field_order = ["steps", "translated_by", "over_limit"]

    translated_by = forms.CharField(
        label=gettext_lazy("Step of translation"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy(
            "This step cannot be cleared before all translations are reviewed. Leave empty to use the last step."
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


class SubmitForm(OverLimitForm):
    field_order = ["submitted_on", "over_limit"]

    submitted_on = forms.DateField(
        label=gettext_lazy("Date of submission"),
        initial=timezone.localdate,
        widget=DateInput,
        help_text=gettext_lazy("The files get this date. They cannot be changed afterwards."),
    )
