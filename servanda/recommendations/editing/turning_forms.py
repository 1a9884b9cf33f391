"""Forms to turn a record into an obligation, and an obligation into a record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, field_of
from servanda.recommendations.editing.publicity_forms import WithdrawForm
from servanda.recommendations.editing.turning import INTO_RECORD, due_from, paragraph_text
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Obligation

LABEL = forms.TextInput(attrs={"dir": "auto"})


class IntoObligationForm(WithdrawForm):
    """Filled in with what the paragraph asks for and by when, as an import reads it."""

    kind = field_of(Obligation, "kind", label=gettext_lazy("What is due"))
    title = field_of(Obligation, "title", widget=LABEL)
    due_on = field_of(
        Obligation,
        "due_on",
        widget=DateInput,
        help_text=gettext_lazy("Leave it empty if the body sets no date, or still has to communicate it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("kind", "title", "due_on", "reason", "public_reason", "protects_person", "version")

    def __init__(self, *args: Any, record: Recommendation, **kwargs: Any) -> None:
        due = due_from(record)
        initial = {
            "kind": due.kind,
            "due_on": due.due_on,
            "reason": gettext_lazy("The paragraph asks for a report or a reply. It is followed up as an obligation."),
            "version": record.version,
        }
        super().__init__(*args, record=record, initial=initial, **kwargs)


class IntoRecordForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in INTO_RECORD])
    text = forms.CharField(
        label=gettext_lazy("Text of the paragraph"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"})
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, obligation: Obligation, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "text": paragraph_text(obligation),
            "reason": gettext_lazy("The paragraph is a recommendation. It is followed up in the register."),
            "version": obligation.version,
        }
        super().__init__(*args, **kwargs)
