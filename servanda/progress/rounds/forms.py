from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.intake.sheets.forms import SheetForm
from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionsByName
from servanda.progress.rounds.plans import QuestionRecipients, RecordRecipients
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records

QUESTION = gettext_lazy(
    "What has been done since then, and what has changed for people? Answer in one short paragraph, with a "
    "figure if available, and name any obstacles."
)


ANSWER = gettext_lazy(
    "Answer each question in one or two short paragraphs, with figures and their source. The answers are used for "
    "the reply of the State."
)


class DueForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("Deadline"), widget=DateInput)


class InstitutionsForm(DueForm):
    institutions = InstitutionsByName(Institution.objects.none(), label=gettext_lazy("Institutions"), widget=TickList)

    field_order = ["institutions", "due_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institutions"].queryset = Institution.objects.active(on=timezone.localdate())


class RoundRecordsForm(PicksRecords, forms.Form):
    """The records of a round, where no list or review has them."""

    codes = RecordsField(label=gettext_lazy("Records"))

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.every_kind.opened_to(user))


class RoundForm(InstitutionsForm):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    question = forms.CharField(
        label=gettext_lazy("Question"), initial=QUESTION, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    period_start = forms.DateField(label=gettext_lazy("Period from"), widget=DateInput, required=False)
    period_end = forms.DateField(label=gettext_lazy("Until"), widget=DateInput, required=False)
    whom = forms.ChoiceField(
        label=gettext_lazy("Recipients"),
        choices=RecordRecipients.choices,
        initial=RecordRecipients.LEAD,
        widget=forms.RadioSelect,
    )

    field_order = ["title", "question", "due_on", "period_start", "period_end", "whom", "institutions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institutions"].required = False

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("Enter an end date that is not before the start date."))
        if (
            cleaned.get("whom") == RecordRecipients.CHOSEN
            and not cleaned.get("institutions")
            and "institutions" not in self.errors
        ):
            self.add_error("institutions", _("Choose at least one institution."))
        return cleaned


class AskQuestionsForm(RoundForm):
    """A round on questions put to the State."""

    question = forms.CharField(
        label=gettext_lazy("Request to the institutions"),
        initial=ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("Recipients"),
        choices=QuestionRecipients.choices,
        initial=QuestionRecipients.SUGGESTED,
        widget=forms.RadioSelect,
    )
    period_start = period_end = None  # type: ignore[assignment]  # -- Django's way to leave out fields

    field_order = ["title", "due_on", "question", "whom", "institutions"]

    def values(self) -> dict:
        names = ("title", "question", "due_on", "whom")
        return {name: self.cleaned_data[name] for name in names} | {
            "institutions": list(self.cleaned_data["institutions"])
        }


class AnswersForm(SheetForm):
    letter = forms.CharField(
        label=gettext_lazy("Letter no."),
        max_length=80,
        help_text=gettext_lazy("The letter that contained the answers."),
    )
    letter_date = forms.DateField(label=pgettext_lazy("from an institution", "Date of the letter"), widget=DateInput)

    def __init__(self, *args, by_letter: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not by_letter:
            del self.fields["letter"], self.fields["letter_date"]
