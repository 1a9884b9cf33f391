"""Forms of members and of the rules of the network."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from servanda.kit.pages import text_language
from servanda.kit.pages.forms import DateInput, field_of
from servanda.network.members.services import CONTACT, ContactValues, RuleValues
from servanda.network.models import MemberContact, MembershipStep, NetworkRule
from servanda.network.practices.forms import area
from servanda.network.profiles.forms import LINE, Seen
from servanda.recommendations.editing.forms import LanguageField

RULE = ("text", "language", "source", "agreed_on")


class RuleForm(Seen):
    """`seen` is the number of the version that is shown, 0 for none."""

    text = area(gettext_lazy("Text"), rows=8, required=True)
    language = LanguageField()
    source = field_of(
        NetworkRule,
        "source",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("Declaration, meeting or plan, with its date."),
    )
    agreed_on = field_of(NetworkRule, "agreed_on", widget=DateInput())

    def __init__(self, *args: Any, current: NetworkRule | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"language": text_language.wanted(), "seen": 0}
        if current:
            initial = {name: getattr(current, name) for name in RULE} | {"seen": current.number}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> RuleValues:
        return RuleValues(**{name: self.cleaned_data[name] for name in RULE})


class MembershipForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Step"))
    day = forms.DateField(label=gettext_lazy("Date"), widget=DateInput(), initial=timezone.localdate)
    reason = area(gettext_lazy("Reason"), rows=3, required=True)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind, MembershipStep.Kind(kind).label) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # -- a field of choices


class ContactForm(Seen):
    name = field_of(MemberContact, "name", widget=forms.TextInput(attrs=LINE))
    function = field_of(MemberContact, "function", widget=forms.TextInput(attrs=LINE))
    email = field_of(MemberContact, "email")
    language = LanguageField(required=False)

    def __init__(self, *args: Any, contact: MemberContact | None = None, **kwargs: Any) -> None:
        if contact:
            kwargs["initial"] = {name: getattr(contact, name) for name in CONTACT} | {"seen": contact.version}
        super().__init__(*args, **kwargs)

    def values(self) -> ContactValues:
        return ContactValues(**{name: self.cleaned_data[name] for name in CONTACT})
