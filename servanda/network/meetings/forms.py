"""Forms of meetings. Times are those of the time zone of the instance."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator, validate_email
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages import text_language
from servanda.kit.pages.forms import DateInput, field_of
from servanda.kit.templatetags.pages import language_name
from servanda.network.assistance.forms import LanguagesField
from servanda.network.meetings.decisions import DecisionValues
from servanda.network.meetings.registration import ParticipantValues
from servanda.network.meetings.services import LINES, PLAIN, TEXTS, MeetingValues
from servanda.network.models import AgendaPoint, Meeting, MeetingDecision, MeetingMinutes, MeetingParticipant
from servanda.network.models import MechanismProfile as Mechanism
from servanda.network.models.meetings import MOST_PARTICIPANTS
from servanda.network.practices.forms import area
from servanda.network.profiles.forms import LINE, Seen
from servanda.progress.rounds.days import house_zone
from servanda.recommendations.editing.forms import LanguageField

web = URLValidator(schemes=["https", "http"])
PARTICIPANT = ("name", "role", "mechanism", "institution", "language", "email")
DECISION = ("text", "language", "owner", "due_on")


class HouseDateTimeField(forms.DateTimeField):
    """A moment, entered and shown in the time zone of the instance."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(house_zone()):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(house_zone()):
            return super().prepare_value(value)


class MeetingForm(Seen):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Meeting.Kind.choices)
    title = field_of(Meeting, "title", widget=forms.TextInput(attrs=LINE))
    begins_at = HouseDateTimeField(label=gettext_lazy("Begins"))
    ends_at = HouseDateTimeField(label=gettext_lazy("Ends"))
    place = field_of(Meeting, "place", widget=forms.TextInput(attrs=LINE))
    link = forms.CharField(
        label=gettext_lazy("Web address"), max_length=500, required=False, validators=[web], widget=forms.URLInput
    )
    languages = LanguagesField(
        label=gettext_lazy("Languages"), max_length=100, help_text=gettext_lazy("Codes, for example: en, fr, ar.")
    )
    most_participants = field_of(
        Meeting,
        "most_participants",
        min_value=1,
        max_value=MOST_PARTICIPANTS,
        help_text=gettext_lazy("Leave empty for no limit."),
    )
    closes_on = field_of(
        Meeting,
        "closes_on",
        widget=DateInput(),
        help_text=gettext_lazy(
            "The last date for registration. Leave empty to allow registration until the beginning."
        ),
    )
    call = area(gettext_lazy("Call"), rows=5)
    notes = area(gettext_lazy("Notes"), rows=4)
    is_invented = field_of(
        Meeting, "is_invented", help_text=gettext_lazy("For tests and training. The meeting is marked as invented.")
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting:
            plain = {name: getattr(meeting, name) for name in (*LINES, *TEXTS, *PLAIN)}
            codes = ", ".join(meeting.language_codes)
            kwargs["initial"] = plain | {"languages": codes, "seen": meeting.version}
        super().__init__(*args, **kwargs)

    def values(self) -> MeetingValues:
        names = (*LINES, *TEXTS, *PLAIN, "languages")
        return MeetingValues(**{name: self.cleaned_data[name] for name in names})


class AgendaForm(forms.Form):
    agenda = area(
        gettext_lazy("Agenda"),
        rows=10,
        help_text=gettext_lazy(
            "One point a line, in order. Papers stay with an item as long as its words are unchanged."
        ),
    )

    def titles(self) -> list[str]:
        return self.cleaned_data["agenda"].splitlines()


class PaperForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("The same title groups the languages of one paper."),
    )
    language = LanguageField(initial=text_language.wanted)
    point = forms.ModelChoiceField(
        AgendaPoint.objects.none(), label=gettext_lazy("Point of the agenda"), required=False
    )
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, picture or spreadsheet."))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "point", meeting.agenda.all())


class ParticipantForm(Seen):
    name = field_of(MeetingParticipant, "name", widget=forms.TextInput(attrs=LINE))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=MeetingParticipant.Role.choices,
        initial=MeetingParticipant.Role.MEMBER,
    )
    mechanism = forms.ModelChoiceField(Mechanism.objects.none(), label=gettext_lazy("Mechanism"), required=False)
    institution = field_of(
        MeetingParticipant,
        "institution",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("If the person represents no mechanism."),
    )
    language = LanguageField(required=False)
    email = field_of(
        MeetingParticipant,
        "email",
        help_text=gettext_lazy("People with an account or an invitation are reminded a week before."),
    )

    def __init__(
        self,
        *args: Any,
        mechanisms: QuerySet[Mechanism],
        participant: MeetingParticipant | None = None,
        **kwargs: Any,
    ) -> None:
        if participant:
            kwargs["initial"] = {name: getattr(participant, name) for name in PARTICIPANT}
            kwargs["initial"]["seen"] = participant.version
        super().__init__(*args, **kwargs)
        offer(self, "mechanism", mechanisms)

    def values(self) -> ParticipantValues:
        return ParticipantValues(**{name: self.cleaned_data[name] for name in PARTICIPANT})


class OwnRegistrationForm(forms.Form):
    """What a person with an account enters about themselves."""

    mechanism = forms.ModelChoiceField(Mechanism.objects.none(), label=gettext_lazy("Mechanism"), required=False)
    institution = field_of(
        MeetingParticipant,
        "institution",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("If you represent no mechanism."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), help_text=gettext_lazy("The language in which you want to follow.")
    )

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        mechanisms: QuerySet[Mechanism],
        participant: MeetingParticipant | None,
        **kwargs: Any,
    ) -> None:
        names = ("name", "mechanism", "institution", "language")
        if participant:
            kwargs["initial"] = {name: getattr(participant, name) for name in names}
        super().__init__(*args, **kwargs)
        offer(self, "mechanism", mechanisms)
        codes = [(code, language_name(code)) for code in meeting.language_codes]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]  # -- a field of choices
        self.role = participant.role if participant else MeetingParticipant.Role.MEMBER

    def values(self, *, name: str, email: str) -> ParticipantValues:
        chosen = {name: self.cleaned_data[name] for name in ("mechanism", "institution", "language")}
        return ParticipantValues(name=name, email=email, role=self.role, **chosen)


class InvitedRegistrationForm(OwnRegistrationForm):
    """What a person with an invitation enters; their address is that of the invitation."""

    name = field_of(MeetingParticipant, "name", widget=forms.TextInput(attrs=LINE | {"autocomplete": "name"}))
    field_order = ("name",)


class InvitationForm(forms.Form):
    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr"}),
        help_text=gettext_lazy("One a line. Each receives a link of its own, and needs no account."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [(code, label) for code, label in settings.LANGUAGES if code in meeting.language_codes]
        choices = spoken or settings.LANGUAGES
        self.fields["language"].choices = choices  # type: ignore[attr-defined]  # -- a field of choices

    def clean_emails(self) -> list[str]:
        found = [line.strip() for line in re.split(r"[\n,;]", self.cleaned_data["emails"]) if line.strip()]
        for email in found:
            try:
                validate_email(email)
            except forms.ValidationError as wrong:
                sentence = _("“%(email)s” is not an e-mail address.") % {"email": email[:80]}
                raise forms.ValidationError(sentence) from wrong
        return found


class MinutesForm(Seen):
    """`seen` is the number of the version that is shown, 0 for none."""

    text = forms.CharField(label=gettext_lazy("Minutes"), widget=forms.Textarea(attrs={"rows": 20, "dir": "auto"}))
    language = LanguageField()

    def __init__(self, *args: Any, current: MeetingMinutes | None, **kwargs: Any) -> None:
        first = {"text": "", "language": text_language.wanted(), "seen": 0}
        found = {"text": current.text, "language": current.language, "seen": current.number} if current else first
        super().__init__(*args, initial=found, **kwargs)


class AdoptionForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Adopted on"), widget=DateInput(), initial=timezone.localdate)


class DecisionForm(Seen):
    text = area(gettext_lazy("Decision"), required=True)
    language = LanguageField(initial=text_language.wanted)
    owner = forms.ModelChoiceField(
        Mechanism.objects.none(),
        label=gettext_lazy("Mechanism"),
        required=False,
        help_text=gettext_lazy("Leave empty if all mechanisms agreed on it."),
    )
    due_on = field_of(MeetingDecision, "due_on", widget=DateInput())

    def __init__(
        self, *args: Any, mechanisms: QuerySet[Mechanism], decision: MeetingDecision | None = None, **kwargs: Any
    ) -> None:
        if decision:
            kwargs["initial"] = {name: getattr(decision, name) for name in DECISION} | {"seen": decision.version}
        super().__init__(*args, **kwargs)
        offer(self, "owner", mechanisms)

    def values(self) -> DecisionValues:
        return DecisionValues(**{name: self.cleaned_data[name] for name in DECISION})


def offer(form: forms.Form, name: str, rows: QuerySet) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
