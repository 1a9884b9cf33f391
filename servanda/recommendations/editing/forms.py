import re
from collections.abc import Iterable
from datetime import date as Date
from typing import Any, cast

from babel import Locale
from django import forms
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.form_errors import NO_WEB_ADDRESS
from servanda.kit.pages.forms import DateInput, TickList, merge_changes, show_initial_values
from servanda.people.naming import InstitutionsByName
from servanda.recommendations.editing.publicity_forms import explanation_fields, explanation_of, must_explain
from servanda.recommendations.editing.structure import BY_HAND
from servanda.recommendations.models import (
    FILE_SOURCES,
    FollowUp,
    Link,
    Position,
    Recommendation,
    TextVersion,
    source_family,
)
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records
from servanda.sources.printed.texts import clean, clean_label, paragraph_number
from servanda.vocab.forms import BodyField, note_on_regions
from servanda.vocab.models import Body, Country, Term

Confidentiality = Recommendation.Confidentiality
LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")
NO_LANGUAGE = gettext_lazy(
    "Enter the code of a language, for example en for English, fr for French or ar for Arabic."
)
FIRST_YEAR, LAST_YEAR = 1946, 2100
EXPLAINING = ("public_reason", "protects_person")


NUMBER = re.compile(r"\d+(\.\w+)*")  # of a goal or target: 13, 13.a; not 2030-agenda


def numbered(term: Term) -> str:
    """The name of a label, preceded by its code where that is a number, as for goals and targets."""
    return f"{term.code} · {term}" if NUMBER.fullmatch(term.code) else str(term)


class ChosenFirst(TickList):
    """A long list of checkboxes with the selected ones first."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list:
        groups = super().optgroups(name, value, attrs)
        return sorted(groups, key=lambda group: (not group[1][0]["selected"], str(group[1][0]["label"])))


class LanguageField(forms.RegexField):
    """The code of a language; of two letters, only those of ISO 639-1."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Language"))
        options.setdefault("help_text", gettext_lazy("Two or three letters, for example en, fr, ar, sl."))
        options.setdefault("error_messages", {"invalid": NO_LANGUAGE})
        super().__init__(LANGUAGE, **options)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not is_language(code):
            raise forms.ValidationError(NO_LANGUAGE)
        return code


def is_language(code: str) -> bool:
    """Whether this is the code of a language. Any three letters pass: ISO 639-3 has thousands of them."""
    main, _hyphen, _region = code.partition("-")
    return bool(LANGUAGE.fullmatch(code)) and (len(main) == 3 or main in Locale("en").languages)


class FactsForm(forms.ModelForm):
    """The fields that creating and editing have in common."""

    symbol = forms.CharField(
        label=gettext_lazy("Document symbol"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example A/HRC/59/15."),
    )
    language = LanguageField(label=gettext_lazy("Language of the original"))
    recommending = forms.ModelMultipleChoiceField(
        Country.objects.all(), label=gettext_lazy("Recommending States"), required=False, widget=ChosenFirst
    )

    class Meta:
        model = Recommendation
        fields = ["kind", "paragraph", "date", "confidentiality", "restricted_to"]
        widgets = {"date": DateInput, "restricted_to": ChosenFirst}
        field_classes = {"restricted_to": InstitutionsByName}

    def clean_symbol(self) -> str:
        return clean_label(self.cleaned_data["symbol"])

    def clean_paragraph(self) -> str:
        return paragraph_number(self.cleaned_data["paragraph"])

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("confidentiality") == Confidentiality.RESTRICTED and not cleaned.get("restricted_to"):
            self.add_error("restricted_to", _("Select at least one institution with access to the record."))
        return cleaned


class NewRecommendationForm(FactsForm):
    body = BodyField(Body.objects.none(), label=gettext_lazy("Body"))
    cycle = forms.IntegerField(
        label=gettext_lazy("Cycle"),
        min_value=1,
        max_value=20,
        required=False,
        help_text=gettext_lazy("For a review in cycles, such as the UPR."),
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
        help_text=gettext_lazy("Year of the document or session, if the body has no cycles."),
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))
    field_order = [
        "kind",
        "country",
        "body",
        "cycle",
        "year",
        "symbol",
        "paragraph",
        "date",
        "language",
        "text",
        "recommending",
        "confidentiality",
        "restricted_to",
    ]

    class Meta(FactsForm.Meta):
        fields = ["kind", "country", "body", "paragraph", "date", "confidentiality", "restricted_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(BodyField, self.fields["body"]).queryset = Body.objects.offered()
        self.fields["body"].help_text = note_on_regions()
        # Commitments are added on the page of the network, with what only they have.
        kinds = [kind for kind in Recommendation.Kind if kind != Recommendation.Kind.COMMITMENT]
        cast(forms.ChoiceField, self.fields["kind"]).choices = [(kind.value, kind.label) for kind in kinds]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        cleaned["cycle"] = cleaned.get("cycle") or 0
        date = cleaned.get("date")
        cleaned["year"] = cleaned.get("year") or (date.year if date else 0)
        if not (cleaned["cycle"] or cleaned["year"]) and not self.errors:
            self.add_error("year", _("Enter the cycle or the year: it is part of the reference."))
        return cleaned


class RecommendationForm(FactsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = [
        "kind",
        "symbol",
        "paragraph",
        "date",
        "language",
        "recommending",
        "also_concerns",
        "decide_by",
        *Recommendation.NATIONAL,
        "confidentiality",
        "restricted_to",
    ]

    class Meta(FactsForm.Meta):
        fields = [
            "kind",
            "paragraph",
            "date",
            "also_concerns",
            "decide_by",
            *Recommendation.NATIONAL,
            "confidentiality",
            "restricted_to",
        ]
        widgets = {**FactsForm.Meta.widgets, "decide_by": DateInput, "also_concerns": ChosenFirst}
        help_texts = {
            "national_code": gettext_lazy("Number of this recommendation in the State’s list."),
            "articles": gettext_lazy("For example “CRC, articles 28 and 29”."),
            "territory": gettext_lazy(
                "A region or municipality, if the recommendation concerns only part of the country."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_initial_values(self)
        ordinary = [kind for kind in Recommendation.Kind if not kind.is_apart]
        kinds = [Recommendation.Kind(self.instance.kind)] if self.instance.is_apart else ordinary
        cast(forms.ChoiceField, self.fields["kind"]).choices = [(kind.value, kind.label) for kind in kinds]
        if not (self.instance.takes_position or self.instance.decide_by):
            self.fields["decide_by"].widget = forms.HiddenInput()

        if must_explain(self.instance):
            self.fields |= explanation_fields(required=False)

    def clean_decide_by(self) -> Date | None:
        day = self.cleaned_data["decide_by"]
        if day and "decide_by" in self.changed_data and not self.instance.takes_position:
            sentence = _("States take no position on recommendations of %(body)s. Leave this date empty.")
            raise forms.ValidationError(sentence % {"body": self.instance.body.name})
        return day

    def arguments(self) -> dict:
        """The arguments of `services.edit_recommendation`."""
        values = dict(self.cleaned_data)
        explanation = explanation_of(values)
        return {name: values[name] for name in values if name not in EXPLAINING} | {"explanation": explanation}

    def rebased(self, now: "RecommendationForm") -> "RecommendationForm":
        return RecommendationForm(merge_changes(self, now), instance=now.instance, initial=now.initial)

    def described(self) -> dict[str, str]:
        """The values that the person entered, in the format of `services.described`."""
        wanted = self.cleaned_data
        plain = ("kind", "paragraph", "date", "language", "decide_by", *Recommendation.NATIONAL)
        descriptions = {name: str(wanted[name] or "") for name in plain}
        return descriptions | {
            "confidentiality": wanted["confidentiality"],
            "document": wanted["symbol"],
            "restricted_to": codes_of(wanted["restricted_to"]),
            "also_concerns": codes_of(wanted["also_concerns"]),
            "recommending": codes_of(wanted["recommending"]),
        }


def codes_of(objects: Iterable) -> str:
    return ", ".join(item.code for item in objects)


class TextForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    language = LanguageField()
    is_reviewed = forms.BooleanField(
        label=gettext_lazy("I have compared this text with the original"), required=False
    )

    class Meta:
        model = TextVersion
        fields = ["language", "form", "text", "source", "is_original", "is_machine"]
        labels = {"form": gettext_lazy("Version"), "source": gettext_lazy("Source of the text")}
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if source_family(self.instance.source) in FILE_SOURCES:  # what is saved is no longer the text of the file
            self.initial["source"] = ""

    def clean_text(self) -> str:
        if not (text := clean(self.cleaned_data["text"])):
            raise forms.ValidationError(_("Enter the text again: it contains no readable characters."))
        return text

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("is_original") and cleaned.get("form") == TextVersion.Form.PLAIN:
            self.add_error("is_original", _("A plain-language version cannot be the original."))
        if cleaned.get("is_original") and cleaned.get("is_machine"):
            self.add_error(
                "is_machine", _("An original cannot be a machine translation. Select only one of the two.")
            )
        return cleaned


class LabelsForm(forms.Form):
    """One choice of a label for each taxonomy, without labels that the record already has."""

    def __init__(self, *args: Any, terms: Iterable[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms: dict[str, Term] = {}
        offered: dict[str, tuple[str, list]] = {}
        for term in terms:
            self.terms[str(term.pk)] = term
            name = str(term.taxonomy)
            offered.setdefault(term.taxonomy.code, (name, []))[1].append((str(term.pk), numbered(term)))
        for code, (name, choices) in offered.items():
            self.fields[code] = forms.ChoiceField(
                label=name, choices=[("", _("Choose one")), *choices], required=False
            )

    def chosen(self) -> list[Term]:
        return [self.terms[value] for value in self.cleaned_data.values() if value]


def not_in_future(day: Date | None) -> Date | None:
    """The day; raises `ValidationError` where it is in the future."""
    if day and day > timezone.localdate():
        raise forms.ValidationError(_("The date must be today or in the past."))
    return day


class PositionForm(forms.ModelForm):
    class Meta:
        model = Position
        fields = ["stand", "words", "date", "symbol", "paragraph", "comment", "is_draft"]
        widgets = {"date": DateInput, "comment": forms.Textarea(attrs={"rows": 5, "dir": "auto"})}
        help_texts = {
            "words": gettext_lazy("As worded in the document, for example “enjoys the support of Slovenia”."),
            "symbol": gettext_lazy("Document that states the position, for example A/HRC/59/15/Add.1."),
            "is_draft": gettext_lazy("Drafts are internal and do not change the position of the State."),
        }

    def clean_date(self) -> Date | None:
        return not_in_future(self.cleaned_data["date"])

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not (cleaned.get("date") or cleaned.get("is_draft") or "date" in self.errors):
            self.add_error("date", _("Enter the date on which the State took this position."))
        return cleaned


class DecideForm(forms.Form):
    date = forms.DateField(label=gettext_lazy("Decided on"), widget=DateInput)

    def clean_date(self) -> Date | None:
        return not_in_future(self.cleaned_data["date"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


class LinkForm(PicksRecords, forms.Form):
    relation = forms.ChoiceField(
        label=gettext_lazy("This record"),
        choices=[(value, label) for value, label in Link.Relation.choices if value in BY_HAND],
    )
    codes = RecordsField(label=gettext_lazy("Other records"))

    def __init__(self, *args: Any, records: QuerySet[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, records)


class MergeForm(PicksRecords, forms.Form):
    codes = RecordsField(label=gettext_lazy("Records to merge into this one"))

    def __init__(self, *args: Any, records: QuerySet[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, records)


class FollowUpForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Request of the body"), choices=FollowUp.Kind.choices, widget=forms.RadioSelect
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("Leave empty if the body sets no deadline."),
    )


class ReplyForm(forms.Form):
    replied_on = forms.DateField(label=gettext_lazy("Reply sent on"), widget=DateInput)
    reply = forms.CharField(
        label=gettext_lazy("Symbol or address of the reply"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "For example CCPR/C/SVN/FCO/3, or an address that begins with https://. Anyone who can see the "
            "record can see the reply."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_replied_on(self) -> Date | None:
        return not_in_future(self.cleaned_data["replied_on"])

    def clean_reply(self) -> str:
        reply = clean_label(self.cleaned_data["reply"])
        if reply.lower().startswith(("https://", "http://")):
            URLValidator(schemes=["https", "http"], message=NO_WEB_ADDRESS)(reply)
            return reply
        if ":" in reply:
            raise forms.ValidationError(_("Enter a symbol, or an address that begins with https://."))
        return reply
