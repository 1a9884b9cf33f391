"""Forms for the facts, the course and the measures of a case."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList
from servanda.proceedings.cases.measures import MeasureValues
from servanda.proceedings.cases.services import EntryValues, leading_cases
from servanda.proceedings.contents.forms import LanguageField, field_of, words
from servanda.proceedings.models import CaseEntry, CaseFacts, Proceeding
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.recommendations.pages.detail import heading_of
from servanda.vocab.own_state import own_state

FREE_ROWS, MOST_ROWS = 4, 80
OF_SOME_BODIES = ("notified_on", "final_on", "standing", "leading_case", "supervision")
CODE = {"dir": "ltr", "spellcheck": "false"}


class CaseForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    applicants = field_of(
        CaseFacts,
        "applicants",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("For example “A.B. and others”. Enter names only under “Persons concerned”."),
    )
    agent = field_of(CaseFacts, "agent", widget=forms.TextInput(attrs={"dir": "auto"}))
    decided_on = field_of(CaseFacts, "decided_on", widget=DateInput)
    notified_on = field_of(CaseFacts, "notified_on", widget=DateInput)
    final_on = field_of(CaseFacts, "final_on", widget=DateInput)
    articles = field_of(CaseFacts, "articles", widget=forms.TextInput(attrs={"dir": "auto"}))
    standing = field_of(CaseFacts, "standing")
    leading_case = field_of(CaseFacts, "leading_case", empty_label=gettext_lazy("None"))
    supervision = field_of(CaseFacts, "supervision")

    def __init__(self, *args: Any, proceeding: Proceeding, **kwargs: Any) -> None:
        case = proceeding.case
        initial = {name: getattr(case, name) for name in CaseFacts.FACTS if name != "leading_case"}
        initial |= {"leading_case": case.leading_case_id, "version": proceeding.version}
        super().__init__(*args, initial=initial, **kwargs)
        for name in OF_SOME_BODIES:
            if name not in proceeding.kind_facts.fields:
                del self.fields[name]
        if "leading_case" in self.fields:
            self.fields["leading_case"].queryset = leading_cases(proceeding)


class EntryForm(forms.Form):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    on = field_of(CaseEntry, "on", required=False, widget=DateInput)
    reference = field_of(CaseEntry, "reference", required=False, widget=forms.TextInput(attrs=CODE))
    note = field_of(
        CaseEntry,
        "note",
        required=False,
        widget=words(2),
        help_text=gettext_lazy("Only the mechanism can see this note."),
    )

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", gettext_lazy("None")), *types]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("type") and not cleaned.get("on"):
            self.add_error("on", _("Enter the date, or clear the entry."))
        if cleaned.get("on") and not cleaned.get("type"):
            self.add_error("type", _("Choose the type of the entry, or clear its date."))
        return cleaned


EntryRows = forms.formset_factory(EntryForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def entries_of(rows: forms.BaseFormSet) -> list[EntryValues]:
    return [EntryValues(**row) for row in rows.cleaned_data if row.get("type")]


class MeasureRowForm(forms.Form):
    """One point of a judgment or order."""

    paragraph = forms.CharField(
        label=gettext_lazy("Number of the point"), required=False, max_length=20, widget=forms.TextInput(attrs=CODE)
    )
    text = forms.CharField(label=gettext_lazy("Text"), required=False, widget=words(3))
    type = field_of(OrderedMeasure, "type", required=False)
    due_on = field_of(OrderedMeasure, "due_on", widget=DateInput)
    amount = field_of(OrderedMeasure, "amount", min_value=Decimal(0))
    currency = field_of(OrderedMeasure, "currency", widget=forms.TextInput(attrs=CODE))
    interest = field_of(OrderedMeasure, "interest", min_value=Decimal(0))

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        rest = [name for name, value in cleaned.items() if name != "text" and value]
        if not cleaned.get("text") and rest:
            self.add_error("text", _("Enter the text, or clear the row."))
        if cleaned.get("text") and not cleaned.get("type"):
            self.add_error("type", _("Choose the type of the measure."))
        return cleaned


MeasureRows = forms.formset_factory(MeasureRowForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def measures_in(rows: forms.BaseFormSet) -> list[MeasureValues]:
    return [MeasureValues(**row) for row in rows.cleaned_data if row.get("text")]


class AddMeasuresForm(forms.Form):
    """What the measures of one order share."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    language = LanguageField(required=True)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if (country := own_state()) is None:
            raise forms.ValidationError(_("Enter the State of this system first, on the page “Settings”."))
        return cleaned | {"country": country}


class LinkMeasuresForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    measures = forms.ModelMultipleChoiceField(
        Recommendation.every_kind.none(),
        label=gettext_lazy("Measures of this body without a case"),
        required=False,
        widget=TickList,
    )
    codes = forms.CharField(
        label=gettext_lazy("References of other measures"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, **CODE}),
        help_text=gettext_lazy("Separated by spaces or line breaks."),
    )

    def __init__(
        self, *args: Any, offered: list[Recommendation], records: QuerySet[Recommendation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.records = records
        field = self.fields["measures"]
        field.queryset = records.filter(pk__in=[record.pk for record in offered])
        field.choices = [(record.pk, label_of(record)) for record in offered]

    def clean_codes(self) -> list[Recommendation]:
        codes = self.cleaned_data["codes"].split()
        by_code = {record.code: record for record in self.records.filter(code__in=codes)}
        if missing := [code for code in codes if code not in by_code]:
            sentence = _("Not a measure in the register, or not visible to you: %(codes)s.")
            raise forms.ValidationError(sentence % {"codes": ", ".join(missing[:10])})
        return [by_code[code] for code in codes]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        chosen = [*(cleaned.get("measures") or []), *(cleaned.pop("codes", None) or [])]
        if not chosen and not self.errors:
            raise forms.ValidationError(_("Select at least one measure, or enter a reference."))
        return cleaned | {"measures": list(dict.fromkeys(chosen))}


def label_of(record: Recommendation) -> str:
    text = heading_of(record)
    return f"{record.code} {text.text[:120] if text else ''}".strip()
