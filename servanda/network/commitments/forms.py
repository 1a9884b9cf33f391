"""Forms of commitments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, field_of
from servanda.network.commitments.services import VALUES, CommitmentValues
from servanda.network.models import Commitment, MechanismProfile
from servanda.people.models import User
from servanda.recommendations.editing.forms import LanguageField


class CommitmentFactsForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    wording = forms.ChoiceField(
        label=gettext_lazy("Wording"),
        choices=Commitment.Wording.choices,
        help_text=gettext_lazy("Choose “Commitment” only if the text itself contains a commitment."),
    )
    source = field_of(
        Commitment,
        "source",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Declaration, meeting or plan, with its date."),
    )
    owner = forms.ModelChoiceField(
        MechanismProfile.objects.none(),
        label=gettext_lazy("Mechanism"),
        required=False,
        help_text=gettext_lazy("Leave empty if all mechanisms agreed on it."),
    )
    due_on = field_of(Commitment, "due_on", widget=DateInput())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = MechanismProfile.objects.visible_to(user)

    def values(self) -> CommitmentValues:
        return CommitmentValues(**{name: self.cleaned_data[name] for name in VALUES})


class CommitmentForm(CommitmentFactsForm):
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))
    language = LanguageField(label=gettext_lazy("Language"))
    agreed_on = forms.DateField(label=gettext_lazy("Agreed on"), widget=DateInput())
    number = forms.CharField(label=gettext_lazy("Number"), max_length=20, required=False)
    version = None
    field_order = ["text", "language", "agreed_on", "number", *VALUES]
