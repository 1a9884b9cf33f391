"""The form of one change for many records."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Institution
from servanda.people.naming import InstitutionsByName
from servanda.recommendations.bulk.changes import Change, Deed
from servanda.recommendations.editing.forms import ChosenFirst, numbered
from servanda.recommendations.editing.publicity_forms import explanation_fields, explanation_of
from servanda.recommendations.models import Recommendation, Stand
from servanda.sources.printed.texts import clean, clean_label
from servanda.vocab.models import Term

Confidentiality = Recommendation.Confidentiality
ASKED_FOR = {
    Deed.ADD_LABEL: ("term",),
    Deed.REMOVE_LABEL: ("term",),
    Deed.SET_CONFIDENTIALITY: ("confidentiality", "institutions"),
    Deed.SET_DEADLINE: ("decide_by",),
    Deed.ADD_POSITION: ("stand", "words", "date", "symbol", "comment", "is_draft"),
}
HIDING = (Deed.UNPUBLISH, Deed.SET_CONFIDENTIALITY)


class TermField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Term) -> str:
        return f"{obj.taxonomy} · {numbered(obj)}"


class BulkForm(forms.Form):
    """One change for many records, with only the fields that the chosen change needs."""

    term = TermField(Term.objects.filter(is_artefact=False).select_related("taxonomy"), label=gettext_lazy("Label"))
    confidentiality = forms.ChoiceField(label=gettext_lazy("Confidentiality"), choices=Confidentiality.choices)
    institutions = InstitutionsByName(
        Institution.objects.all(),
        label=gettext_lazy("Institutions with access"),
        required=False,
        widget=ChosenFirst,
    )
    decide_by = forms.DateField(label=gettext_lazy("To be decided by"), widget=DateInput)
    stand = forms.ChoiceField(label=gettext_lazy("Position"), choices=Stand.choices)
    words = forms.CharField(label=gettext_lazy("Wording in the document"), max_length=200, required=False)
    date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput, required=False)
    symbol = forms.CharField(label=gettext_lazy("Document"), max_length=120, required=False)
    comment = forms.CharField(
        label=gettext_lazy("Comment of the State"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
    )
    is_draft = forms.BooleanField(label=gettext_lazy("Not yet decided"), required=False)

    def __init__(self, *args: Any, deed: str, explains: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deed = deed
        self.fields = {name: self.fields[name] for name in ASKED_FOR.get(Deed(deed), ())}
        if explains and deed in HIDING:
            self.fields |= explanation_fields(required=deed == Deed.UNPUBLISH)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("confidentiality") == Confidentiality.RESTRICTED and not cleaned.get("institutions"):
            self.add_error("institutions", _("Select at least one institution with access to the record."))
        if cleaned.get("stand") and not (cleaned.get("date") or cleaned.get("is_draft") or "date" in self.errors):
            self.add_error("date", _("Enter the date on which the State took this position."))
        is_hidden = cleaned.get("confidentiality", Confidentiality.PUBLIC) != Confidentiality.PUBLIC
        if is_hidden and "public_reason" in self.fields and not cleaned.get("public_reason"):
            self.add_error("public_reason", _("Enter a public reason."))
        return cleaned

    def change(self) -> Change:
        explanation = explanation_of(self.cleaned_data)
        return replace(self._change(), public_reason=explanation.reason, protects_person=explanation.protects_person)

    def _change(self) -> Change:
        values = self.cleaned_data
        if "term" in values:
            return Change(self.deed, term=values["term"].pk)
        if "confidentiality" in values:
            return self._confidentiality()
        if "decide_by" in values:
            return Change(self.deed, decide_by=values["decide_by"].isoformat())
        return self._position() if "stand" in values else Change(self.deed)

    def _confidentiality(self) -> Change:
        level = self.cleaned_data["confidentiality"]
        named = self.cleaned_data["institutions"] if level == Confidentiality.RESTRICTED else []
        return Change(self.deed, confidentiality=level, institutions=sorted(institution.pk for institution in named))

    def _position(self) -> Change:
        values = self.cleaned_data
        return Change(
            self.deed,
            stand=values["stand"],
            words=clean_label(values["words"]),
            date=values["date"].isoformat() if values["date"] else "",
            symbol=values["symbol"],
            comment=clean(values["comment"]),
            is_draft=values["is_draft"],
        )
