from datetime import date
from decimal import Decimal

from django import forms

from servanda.kit.pages.forms import DateInput, field_of
from servanda.recommendations.editing.forms import not_in_future
from servanda.recommendations.editing.measure_facts import MeasureFacts
from servanda.recommendations.models import OrderedMeasure
from servanda.sources.printed.texts import clean_label

CODE = forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"})


class MeasureForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    type = field_of(OrderedMeasure, "type")
    due_on = field_of(OrderedMeasure, "due_on", widget=DateInput)
    amount = field_of(OrderedMeasure, "amount", min_value=Decimal(0))
    currency = field_of(OrderedMeasure, "currency", widget=CODE)
    interest = field_of(OrderedMeasure, "interest", min_value=Decimal(0))
    paid_on = field_of(OrderedMeasure, "paid_on", widget=DateInput)

    def clean_currency(self) -> str:
        return clean_label(self.cleaned_data["currency"]).upper()

    def clean_paid_on(self) -> date | None:
        return not_in_future(self.cleaned_data["paid_on"])

    def facts(self) -> MeasureFacts:
        return MeasureFacts(**{name: value for name, value in self.cleaned_data.items() if name != "version"})
