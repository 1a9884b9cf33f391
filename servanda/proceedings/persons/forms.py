"""The form for a person concerned."""

from typing import Any

from django import forms

from servanda.proceedings.contents.forms import words
from servanda.proceedings.models import PersonConcerned
from servanda.proceedings.persons.services import FIELDS, PersonValues


class PersonConcernedForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PersonConcerned
        fields = FIELDS
        widgets = {
            "name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            "details": words(3),
            "outcome_note": words(2),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def values(self) -> PersonValues:
        return PersonValues(**{name: self.cleaned_data[name] for name in FIELDS})
