"""The shape of what is said about follow-up, dissemination and the reply of the State."""

from datetime import date

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.forms import DateInput
from servanda.recommendations.forms import has_come
from servanda.recommendations.models import FollowUp
from servanda.sources.readers.clean import clean_label


class FollowUpForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked"), choices=FollowUp.Kind.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = FollowUp
        fields = ["kind", "due_on"]
        widgets = {"due_on": DateInput}
        help_texts = {"due_on": gettext_lazy("Leave it empty where the body names no day.")}


class ReplyForm(forms.Form):
    replied_on = forms.DateField(label=gettext_lazy("Reply sent on"), widget=DateInput)
    reply = forms.CharField(
        label=gettext_lazy("Symbol or address of the reply"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "For instance CCPR/C/SVN/FCO/3, or an address that begins with https://. Everybody sees it."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_replied_on(self) -> date | None:
        return has_come(self.cleaned_data["replied_on"])

    def clean_reply(self) -> str:
        reply = clean_label(self.cleaned_data["reply"])
        if reply.lower().startswith(("https://", "http://")):
            URLValidator(schemes=["https", "http"])(reply)
            return reply
        if ":" in reply:
            raise forms.ValidationError(_("Give a symbol, or an address that begins with https://."))
        return reply
