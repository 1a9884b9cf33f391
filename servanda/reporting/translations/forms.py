"""The forms of translations."""

import re
from collections.abc import Mapping

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, SeenForm, refuse_past
from servanda.people.access import ROLES, Can
from servanda.people.models import Appointment, Institution, User
from servanda.people.naming import InstitutionByName
from servanda.progress.updates.permissions import WRITERS
from servanda.reporting.models import Report, ReportTranslation, SectionTranslation
from servanda.reporting.reports.forms import languages
from servanda.reporting.translations.services import TranslationValues

LABELS = {field.name: capfirst(field.verbose_name) for field in ReportTranslation._meta.fields}
TARGET = re.compile(r"target-(\d{1,4})-([0-9a-f]{16})")
FITTING = re.compile(r"fits-(\d{1,4})")


class ReportTranslationForm(SeenForm):
    language = forms.ChoiceField(label=LABELS["language"])
    title = forms.CharField(
        label=gettext_lazy("Translated title"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Needed before the translation is cleared."),
    )
    translator = forms.ModelChoiceField(
        User.objects.none(),
        label=LABELS["translator"],
        required=False,
        help_text=gettext_lazy("This person can then read all sections of the report."),
    )
    institution = InstitutionByName(
        Institution.objects.none(),
        label=LABELS["institution"],
        required=False,
        help_text=gettext_lazy("Those who write for this institution can then read all sections of the report."),
    )
    due_on = forms.DateField(label=gettext_lazy("Deadline"), required=False, widget=DateInput)

    def __init__(self, *args, report: Report, into: ReportTranslation | None = None, **kwargs):
        self.into = into
        super().__init__(*args, initial=initial_of(report, into), **kwargs)
        chosen = (into.translator_id, into.institution_id) if into else (None, None)
        self.fields["translator"].queryset = translators() | User.objects.filter(pk=chosen[0])
        active = Institution.objects.active(on=timezone.localdate()).order_by().values("pk")
        self.fields["institution"].queryset = Institution.objects.filter(Q(pk__in=active) | Q(pk=chosen[1]))
        self.fields["language"].choices = other_languages(report)
        del self.fields["language" if into else "seen"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        refuse_past(self, "due_on", on=timezone.localdate())
        return cleaned

    def values(self) -> TranslationValues:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        if self.into:
            cleaned["language"] = self.into.language
        return TranslationValues(**cleaned)


def initial_of(report: Report, into: ReportTranslation | None) -> dict[str, object]:
    """A new translation is into the language that the body expects."""
    if into is None:
        return {"language": report.obligation.language if report.obligation else ""}
    same = ("title", "translator", "institution", "due_on")
    return {name: getattr(into, name) for name in same} | {"seen": into.version}


def other_languages(report: Report) -> list[tuple[str, str]]:
    """Those in which the report is not yet."""
    used = {report.language, *report.translations.kept().values_list("language", flat=True)}
    return [(code, label) for code, label in languages() if code not in used]


def translators() -> QuerySet[User]:
    """Those who read internal texts, and those who write for an institution."""
    roles = [role for role, permissions in ROLES.items() if Can.READ_INTERNAL in permissions]
    writers = Appointment.objects.current(on=timezone.localdate()).filter(function__in=WRITERS)
    people = User.objects.filter(Q(role__in=roles) | Q(pk__in=writers.order_by().values("person")), is_active=True)
    return people.order_by("name", "pk")


class SectionTranslationForm(forms.Form):
    """The heading and the versions that the person was shown; the paragraphs are read by `typed_targets`."""

    is_outdated = False  # another user saved the translation or the section since the form was opened

    heading = forms.CharField(
        label=gettext_lazy("Translated heading"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    source_seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, translation: SectionTranslation, direction: str, **kwargs):
        initial = {"heading": translation.heading, "seen": translation.version}
        super().__init__(*args, initial=initial | {"source_seen": translation.section.version}, **kwargs)
        self.fields["heading"].widget.attrs |= {"lang": translation.into.language, "dir": direction}

    def look_again(self, translation: SectionTranslation) -> None:
        """What was typed stays in the form, and is compared with these versions when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"], self.data["source_seen"] = translation.version, translation.section.version


def typed_targets(data: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """The place and key of each paragraph that was shown, and what was typed for it."""
    matches = [(match, value) for name, value in data.items() if (match := TARGET.fullmatch(name))]
    return sorted((int(match[1]), match[2], value) for match, value in matches)


def fitting(data: Mapping[str, str]) -> frozenset[int]:
    """The places of outdated paragraphs whose translation fits the new text."""
    return frozenset(int(match[1]) for name in data if (match := FITTING.fullmatch(name)))
