"""Forms of a profile: what it is, and the facts of one group of fields."""

import re
from collections.abc import Iterator

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages import text_language
from servanda.kit.pages.forms import DateInput, SeenForm, TickList, field_of, refuse_future, show_initial_values
from servanda.network.models import MechanismProfile, ProfileFact
from servanda.network.profiles.fields import FieldGroup, ProfileField
from servanda.network.profiles.services import FactValues, ProfileValues
from servanda.people.models import Institution
from servanda.people.naming import listed_name
from servanda.recommendations.editing.forms import LanguageField
from servanda.sources.printed.texts import clean_label, without_hidden
from servanda.vocab.models import Country

LINE = {"dir": "auto"}
AREA = {"rows": 3, "dir": "auto"}
LONGEST_LINE, LONGEST_TEXT, LARGEST = 300, 4000, 999_999_999
MONEY = re.compile(r"\d{1,15}(\.\d{1,2})? [A-Z]{3}")
LABELS = {name: capfirst(ProfileFact._meta.get_field(name).verbose_name) for name in ("since", "source")}


class Seen(SeenForm):
    """A form that also adds a row, which has no version yet."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class FileForm(forms.Form):
    """A file in one language: a text of a legal act, or a material of a course."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("The same title groups the languages of one file."),
    )
    language = LanguageField(initial=text_language.wanted)
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, picture or spreadsheet."))


class ProfileForm(Seen):
    country = forms.ModelChoiceField(Country.objects.all(), label=gettext_lazy("State"))
    name = field_of(MechanismProfile, "name", widget=forms.TextInput(attrs=LINE))
    is_own = field_of(MechanismProfile, "is_own", help_text=gettext_lazy("The mechanism that uses this system."))
    is_invented = field_of(
        MechanismProfile,
        "is_invented",
        help_text=gettext_lazy("For tests and training. The profile is marked as invented."),
    )

    def __init__(self, *args, profile: MechanismProfile | None = None, **kwargs):
        if profile:
            names = ("country", "name", "is_own", "is_invented")
            kwargs["initial"] = {name: getattr(profile, name) for name in names} | {"seen": profile.version}
        super().__init__(*args, **kwargs)
        choices = [(country.pk, str(country)) for country in self.fields["country"].queryset]
        self.fields["country"].choices = [("", "---------"), *sorted(choices, key=lambda choice: choice[1])]

    def values(self) -> ProfileValues:
        cleaned = self.cleaned_data
        return ProfileValues(**{name: cleaned[name] for name in ("country", "name", "is_own", "is_invented")})


class FactsForm(Seen):
    """The fields of one group, each with since when its value applies and where it is known from."""

    def __init__(self, *args, profile: MechanismProfile, group: FieldGroup, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = profile.version
        self.entered = [field for field in group.fields if field.is_entered(is_own=profile.is_own)]
        facts = {fact.field: fact for fact in profile.facts.current()}
        for field in self.entered:
            fact = facts.get(field.code)
            self.fields[field.code] = value_field(field)
            if field.hint:
                self.fields[field.code].help_text = field.hint  # type: ignore[assignment]  # -- a lazy text
            self.initial[field.code] = initial_of(field, fact.value if fact else "")
            self.fields[f"{field.code}_since"] = forms.DateField(
                label=LABELS["since"], required=False, widget=DateInput()
            )
            self.fields[f"{field.code}_source"] = forms.CharField(
                label=LABELS["source"], max_length=300, required=False, widget=forms.TextInput(attrs=LINE)
            )
            for name in parts_of(field):
                part = self.fields[name]
                vars(part)["summary_label"] = f"{field.label} · {part.label}"  # many fields are labelled “Value”
            if fact:
                self.initial |= {f"{field.code}_since": fact.since, f"{field.code}_source": fact.source}
        show_initial_values(self)
        self.fields["seen"].show_hidden_initial = False

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        refuse_future(self, *(f"{field.code}_since" for field in self.entered), on=timezone.localdate())
        return cleaned

    def groups(self) -> Iterator[tuple[object, list[BoundField]]]:
        for field in self.entered:
            yield field.label, [self[name] for name in parts_of(field)]

    def facts(self) -> dict[str, FactValues]:
        """Only what this person changed: another one may have entered other fields since."""
        changed = set(self.changed_data)
        return {field.code: self.fact(field) for field in self.entered if changed.intersection(parts_of(field))}

    def fact(self, field: ProfileField) -> FactValues:
        if not (value := stored(field, self.cleaned_data[field.code])):
            return FactValues()
        since, source = (self.cleaned_data[f"{field.code}_{part}"] for part in ("since", "source"))
        return FactValues(value=without_hidden(value), since=since, source=clean_label(source))


def parts_of(field: ProfileField) -> tuple[str, str, str]:
    """The names of the three form fields of one profile field."""
    return field.code, f"{field.code}_since", f"{field.code}_source"


def value_field(field: ProfileField) -> forms.Field:
    label = _("Value")
    match field.kind:
        case "choice":
            return forms.ChoiceField(label=label, choices=[("", _("Unknown")), *choices_of(field)], required=False)
        case "checklist" | "institutions":
            return forms.MultipleChoiceField(label=label, choices=choices_of(field), required=False, widget=TickList)
        case "number" | "percent":
            most = LARGEST if field.kind == "number" else 100
            return forms.IntegerField(label=label, min_value=0, max_value=most, required=False)
        case "money":
            hint = _("Amount and currency, for example 120000 EUR.")
            return MoneyField(label=label, max_length=30, required=False, help_text=hint)
        case "date":
            return forms.DateField(label=label, required=False, widget=DateInput())
        case "link":
            return forms.URLField(label=label, max_length=500, required=False, assume_scheme="https")
        case _:
            return text_field(label, is_long=field.kind == "long")


def choices_of(field: ProfileField) -> list[tuple[str, str]]:
    if field.kind == "institutions":
        return [(place.code, listed_name(place)) for place in Institution.objects.all()]
    return [(code, str(option)) for code, option in field.options.items()]


def text_field(label: str, *, is_long: bool) -> forms.Field:
    widget = forms.Textarea(attrs=AREA) if is_long else forms.TextInput(attrs=LINE)
    most = LONGEST_TEXT if is_long else LONGEST_LINE
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


class MoneyField(forms.CharField):
    def clean(self, value: object) -> str:
        text = super().clean(value).upper().strip()
        if text and not MONEY.fullmatch(text):
            raise forms.ValidationError(_("Enter the amount and the currency, for example 120000 EUR."))
        return text


def initial_of(field: ProfileField, value: str) -> object:
    return value.split() if field.kind in ("checklist", "institutions") else value


def stored(field: ProfileField, cleaned: object) -> str:
    if isinstance(cleaned, list):
        return " ".join(cleaned)
    return "" if cleaned is None else str(cleaned).strip()
