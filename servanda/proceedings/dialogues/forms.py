"""Forms of a dialogue: rows of the delegation, of the speaking points, and of the questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName
from servanda.proceedings.contents.forms import field_of, offer_named, words
from servanda.proceedings.dialogues.services import DelegateValues, PointValues
from servanda.proceedings.models import Delegate, SpeakingPoint

FREE_ROWS, MOST_ROWS = 3, 80


def typed() -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto"})


class WithInstitution(forms.Form):
    """A row that may belong to one of the institutions named."""

    institution = InstitutionByName(
        Institution.objects.none(),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, named: list[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_named(self.fields["institution"], named, empty=True)


class DelegateForm(WithInstitution):
    name = field_of(Delegate, "name", required=False, widget=typed())
    role = field_of(Delegate, "role", required=False, widget=typed())
    languages = field_of(Delegate, "languages", required=False, widget=typed())
    is_head = field_of(Delegate, "is_head", required=False)
    field_order = ["name", "role", "institution", "languages", "is_head"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("is_head") and not cleaned.get("name"):
            self.add_error("name", _("Enter the name of the head of delegation."))
        return cleaned


class PointForm(WithInstitution):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = field_of(SpeakingPoint, "title", required=False, widget=typed())
    text = field_of(SpeakingPoint, "text", required=False, widget=words(5))
    field_order = ["pk", "title", "text", "institution"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("text") and not cleaned.get("title"):
            self.add_error("title", _("Enter the subject, or clear the text."))
        return cleaned


DelegateRows = forms.formset_factory(DelegateForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
PointRows = forms.formset_factory(PointForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def delegates_of(rows: forms.BaseFormSet) -> list[DelegateValues]:
    return [DelegateValues(**row) for row in rows.cleaned_data if row.get("name")]


def points_of(rows: forms.BaseFormSet) -> list[PointValues]:
    return [PointValues(**row) for row in rows.cleaned_data if row.get("title")]
