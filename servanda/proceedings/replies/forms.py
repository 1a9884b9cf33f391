"""Forms for the reply, its dispatch, publication and outcome, the version for the public, and clearance steps."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName, listed_name
from servanda.proceedings.clearance.services import StepValues
from servanda.proceedings.contents.forms import LanguageField, field_of, words
from servanda.proceedings.models import ClearanceStep, Proceeding, PublicLetter

FREE_STEPS, MOST_STEPS = 2, 20


class VersionedForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PartsChecked(forms.BooleanField):
    """The confirmation without which a text with one part of a name is refused."""

    def __init__(self) -> None:
        label = gettext_lazy("Words that are also part of the name of a person concerned do not mean that person.")
        super().__init__(label=label, required=False)


class ReplyForm(VersionedForm):
    reply = field_of(Proceeding, "reply", widget=words(18), required=True)
    language = LanguageField()


class DispatchForm(VersionedForm):
    replied_on = field_of(Proceeding, "replied_on", widget=DateInput, required=True)
    note_verbale = field_of(Proceeding, "note_verbale", widget=forms.TextInput(attrs={"dir": "ltr"}))
    channel = field_of(
        Proceeding,
        "channel",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("For example: permanent mission in Geneva, by e-mail."),
    )
    acknowledged_on = field_of(Proceeding, "acknowledged_on", widget=DateInput)


class PublicationForm(VersionedForm):
    published_on = field_of(Proceeding, "published_on", widget=DateInput, required=True)
    symbol = field_of(
        Proceeding,
        "published_symbol",
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("Symbol of the report on communications, or the address of the page."),
    )


class OutcomeForm(VersionedForm):
    outcome = field_of(Proceeding, "outcome", widget=words(4))
    reprisals_handling = field_of(
        Proceeding,
        "reprisals_handling",
        widget=words(3),
        help_text=gettext_lazy("Who was informed, and what was done to protect the persons concerned."),
    )

    def __init__(self, *args: Any, proceeding: Proceeding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proceeding = proceeding
        if not proceeding.alleges_reprisals:
            del self.fields["reprisals_handling"]

    def clean(self) -> dict:
        return {"reprisals_handling": self.proceeding.reprisals_handling} | (super().clean() or {})


class PublicLetterForm(forms.ModelForm):
    is_checked = forms.BooleanField(
        label=gettext_lazy("I have checked that these texts identify no person without documented consent."),
        required=True,
    )
    parts_checked = PartsChecked()

    class Meta:
        model = PublicLetter
        fields = ["title", "summary", "reply", "source", "starts_on", "ends_on"]
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "summary": words(8),
            "reply": words(8),
            "source": forms.TextInput(attrs={"dir": "auto"}),
            "starts_on": DateInput,
            "ends_on": DateInput,
        }
        help_texts = {
            "summary": gettext_lazy("Write it anew. Nothing is copied from the confidential letter."),
            "reply": gettext_lazy("Leave empty if the reply of the State is not published."),
            "source": gettext_lazy("Where the body published the letter."),
            "starts_on": gettext_lazy("Of a visit or a dialogue, if its days are to be in the public calendar."),
        }


class ClearanceStepForm(forms.Form):
    title = field_of(ClearanceStep, "title", required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    institution = InstitutionByName(
        Institution.objects.all(),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label=gettext_lazy("Coordinator"),
        help_text=gettext_lazy("Its validating authority clears. Leave empty for a coordinator."),
    )

    def __init__(self, *args: Any, choices: list[tuple], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = choices

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("institution") and not cleaned.get("title"):
            self.add_error("title", _("Enter a title for the step."))
        return cleaned


ClearanceRows = forms.formset_factory(
    ClearanceStepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS
)


def clearing_choices() -> list[tuple]:
    """The active institutions, and those of the present steps: nothing that is saved is lost by saving again."""
    active = Institution.objects.active(on=timezone.localdate()).values("pk")
    saved = ClearanceStep.objects.exclude(institution=None).order_by().values("institution")
    offered = Institution.objects.filter(Q(pk__in=active) | Q(pk__in=saved)).order_by("code")
    return [("", gettext_lazy("Coordinator")), *((place.pk, listed_name(place)) for place in offered)]


def steps_of(rows: forms.BaseFormSet) -> list[StepValues]:
    return [StepValues(row["title"], row["institution"]) for row in rows.cleaned_data if row.get("title")]
