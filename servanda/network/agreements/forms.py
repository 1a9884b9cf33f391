"""Forms of agreements and of their duties."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from servanda.kit.pages import text_language
from servanda.kit.pages.forms import DateInput, TickList, field_of
from servanda.network.agreements.services import PLAIN, AgreementValues, DutyValues
from servanda.network.models import Agreement, Cooperation, MechanismProfile
from servanda.network.practices.forms import area
from servanda.network.profiles.forms import LINE, Seen
from servanda.recommendations.editing.forms import LanguageField

DUTY = ("text", "language", "owner", "due_on")


class AgreementForm(Seen):
    title = field_of(Agreement, "title", widget=forms.TextInput(attrs=LINE))
    parties = forms.ModelMultipleChoiceField(
        MechanismProfile.objects.none(), label=gettext_lazy("Parties"), widget=TickList
    )
    text = area(gettext_lazy("Text"), rows=8, required=True)
    language = LanguageField(initial=text_language.wanted)
    signed_on = field_of(Agreement, "signed_on", widget=DateInput())
    start = field_of(
        Agreement,
        "start",
        widget=DateInput(),
        help_text=gettext_lazy("If left empty, from the date of the signature."),
    )
    end = field_of(
        Agreement, "end", widget=DateInput(), help_text=gettext_lazy("Leave empty if there is no end date.")
    )
    cooperation = forms.ModelChoiceField(
        Cooperation.objects.select_related("request", "provider"),
        label=gettext_lazy("Cooperation"),
        required=False,
        help_text=gettext_lazy("The cooperation to which this agreement belongs, if any."),
    )
    is_invented = field_of(
        Agreement, "is_invented", help_text=gettext_lazy("For trying things out. The agreement shows it.")
    )

    def __init__(
        self,
        *args: Any,
        mechanisms: QuerySet[MechanismProfile],
        agreement: Agreement | None = None,
        **kwargs: Any,
    ) -> None:
        if agreement:
            facts = {name: getattr(agreement, name) for name in ("title", "text", *PLAIN)}
            kwargs["initial"] = facts | {"parties": agreement.parties.all(), "seen": agreement.version}
        super().__init__(*args, **kwargs)
        field = self.fields["parties"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = mechanisms

    def values(self) -> AgreementValues:
        names = ("title", "parties", "text", *PLAIN)
        return AgreementValues(**{name: self.cleaned_data[name] for name in names})


class DutyForm(forms.Form):
    text = area(gettext_lazy("Duty"), required=True)
    language = LanguageField(initial=text_language.wanted)
    owner = forms.ModelChoiceField(
        MechanismProfile.objects.none(),
        label=gettext_lazy("Mechanism"),
        required=False,
        help_text=gettext_lazy("The party whose duty it is. Leave empty if it applies to all parties."),
    )
    due_on = forms.DateField(label=gettext_lazy("Deadline"), required=False, widget=DateInput())

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agreement.parties.all()

    def values(self) -> DutyValues:
        return DutyValues(**{name: self.cleaned_data[name] for name in DUTY})
