"""Forms for the facts and the programme of a visit, its report, and the standing invitation."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName, listed_name
from servanda.proceedings.contents.forms import field_of, words
from servanda.proceedings.models import Meeting, Proceeding, StandingInvitation
from servanda.proceedings.visits.services import MeetingValues

FREE_ROWS, MOST_ROWS = 4, 80


class VisitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = field_of(Proceeding, "answer")
    answered_on = field_of(Proceeding, "answered_on", widget=DateInput)
    starts_on = field_of(Proceeding, "starts_on", widget=DateInput)
    ends_on = field_of(Proceeding, "ends_on", widget=DateInput)
    authorised_on = field_of(
        Proceeding,
        "authorised_on",
        widget=DateInput,
        help_text=gettext_lazy("Until then, the body does not publish the report."),
    )

    def __init__(self, *args: Any, proceeding: Proceeding, **kwargs: Any) -> None:
        initial = {name: getattr(proceeding, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        if not proceeding.is_invited:
            field = cast(forms.ChoiceField, self.fields["answer"])
            field.choices = [choice for choice in field.choices if choice[0] in ("", *proceeding.answers)]
        if not proceeding.is_restricted:
            del self.fields["authorised_on"]
        if not proceeding.kind_facts.is_visit:
            del self.fields["answer"], self.fields["answered_on"]

    def clean(self) -> dict:
        return {"answer": "", "answered_on": None, "authorised_on": None} | (super().clean() or {})


class MeetingForm(forms.Form):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = field_of(Meeting, "on", required=False, widget=DateInput)
    at = field_of(
        Meeting,
        "at",
        label=gettext_lazy("Time of day"),  # the field is named like a length of time in other languages
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    title = field_of(Meeting, "title", required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    venue = field_of(Meeting, "venue", required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    institution = InstitutionByName(
        Institution.objects.none(),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    note = field_of(
        Meeting,
        "note",
        required=False,
        widget=words(2),
        help_text=gettext_lazy("Only the mechanism can see this note."),
    )

    def __init__(self, *args: Any, named: list[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        field.queryset = Institution.objects.filter(pk__in=[place.pk for place in named])
        field.choices = [("", gettext_lazy("None")), *((place.pk, listed_name(place)) for place in named)]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("title") and not cleaned.get("on"):
            self.add_error("on", _("Enter the date, or clear the meeting."))
        if cleaned.get("on") and not cleaned.get("title"):
            self.add_error("title", _("Enter the meeting, or clear its date."))
        return cleaned


MeetingRows = forms.formset_factory(MeetingForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def meetings_of(rows: forms.BaseFormSet) -> list[MeetingValues]:
    return [MeetingValues(**row) for row in rows.cleaned_data if row.get("title")]


class ReportForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    symbol = forms.CharField(
        label=gettext_lazy("Symbol of the document"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("As on its page among the documents, for example A/HRC/58/55/Add.1."),
    )


class InvitationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    extended_on = field_of(StandingInvitation, "extended_on", widget=DateInput)
    source = field_of(
        StandingInvitation,
        "source",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Where it is documented, for example the list of OHCHR or a note verbale."),
    )
    withdrawn_on = field_of(StandingInvitation, "withdrawn_on", widget=DateInput)
