"""Forms of practices: the facts and the texts in one language, and what another mechanism says about one."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages import text_language
from servanda.kit.pages.forms import DateInput, TickList, field_of
from servanda.network.models import Endorsement, MechanismProfile, Practice, PracticeEvidence
from servanda.network.practices.queries import PARTS, capacities, text_in
from servanda.network.practices.services import (
    FACTS,
    TEXTS,
    EndorsementValues,
    EvidenceValues,
    PracticeText,
    PracticeValues,
)
from servanda.network.profiles.forms import Seen
from servanda.recommendations.editing.forms import ChosenFirst, LanguageField, numbered
from servanda.vocab.forms import BodyChoices
from servanda.vocab.models import Body, Term

LONGEST = 10_000
MOST_EVIDENCE = 5
LINE = {"dir": "auto"}
web = URLValidator(schemes=["https", "http"])


class ThemesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Term) -> str:
        return f"{obj.taxonomy}: {numbered(obj)}"


def area(label: object, *, rows: int = 4, required: bool = False, help_text: object = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, widget=widget, help_text=help_text, strip=True
    )


def currency_field() -> forms.Field:
    return forms.RegexField(
        r"^[A-Z]{3}$",
        label=gettext_lazy("Currency"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("Three letters, for example EUR."),
        error_messages={"invalid": gettext_lazy("Enter three capital letters, for example EUR.")},
    )


def line(model: type, name: str, **options: Any) -> forms.Field:
    return field_of(model, name, widget=forms.TextInput(attrs=LINE), **options)


class PracticeForm(Seen):
    """All of a practice in one language."""

    language = LanguageField(label=gettext_lazy("Language of the original"))
    mechanism = forms.ModelChoiceField(
        MechanismProfile.objects.none(),
        label=gettext_lazy("Mechanism"),
        help_text=gettext_lazy("The mechanism that applied this practice."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, widget=forms.TextInput(attrs=LINE))
    problem = area(PARTS["problem"], required=True)
    context = area(PARTS["context"], rows=3)
    steps = area(
        PARTS["steps"],
        rows=6,
        required=True,
        help_text=gettext_lazy("One step a line, in the order in which they were taken."),
    )
    result = area(PARTS["result"], required=True)
    failures = area(PARTS["failures"], rows=3)
    cost = field_of(Practice, "cost", min_value=0)
    currency = currency_field()
    cost_year = field_of(Practice, "cost_year", min_value=1946, max_value=2100)
    cost_words = area(
        gettext_lazy("Cost in words"), rows=2, help_text=gettext_lazy("For example: two posts for six months.")
    )
    capacities = forms.MultipleChoiceField(label=gettext_lazy("Capacities"), required=False, widget=TickList)
    themes = ThemesField(Term.objects.none(), label=gettext_lazy("Themes"), required=False, widget=ChosenFirst)
    bodies = BodyChoices(Body.objects.none(), label=gettext_lazy("Bodies"), required=False, widget=ChosenFirst)
    contact = line(
        Practice, "contact", help_text=gettext_lazy("Published with the practice. Name an office, not a person.")
    )
    is_invented = field_of(
        Practice, "is_invented", help_text=gettext_lazy("For tests and training. The practice is marked as invented.")
    )

    def __init__(
        self,
        *args: Any,
        mechanisms: QuerySet[MechanismProfile],
        practice: Practice | None = None,
        language: str = "",
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = initial_of(practice, language) if practice else {"language": text_language.wanted()}
        super().__init__(*args, **kwargs)
        self.language = language
        if practice:
            del self.fields["language"]
        terms = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False).select_related("taxonomy")
        offered = {"mechanism": mechanisms, "themes": terms, "bodies": Body.objects.all()}
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.fields["capacities"].choices = [(code, str(label)) for code, label in capacities().items()]  # type: ignore[attr-defined]  # -- a field of choices
        for number in range(MOST_EVIDENCE):
            self.fields |= evidence_fields(number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in range(MOST_EVIDENCE):
            text, source, address = evidence_names(number)
            if not cleaned.get(text) and (cleaned.get(source) or cleaned.get(address)):
                self.add_error(text, _("Enter what this source shows."))
        if cleaned.get("cost") is not None and not cleaned.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Enter the currency."))
        return cleaned

    def groups(self) -> list[tuple[object, list[BoundField]]]:
        """The fields under headings, in their order."""
        first = ["language"] if "language" in self.fields else []
        named = [
            (_("Practice"), [*first, "mechanism", "title", "problem", "context", "steps"]),
            (_("Cost"), ["cost", "currency", "cost_year", "cost_words"]),
            (_("Result"), ["result", "failures"]),
            (_("Evidence"), [name for number in range(MOST_EVIDENCE) for name in evidence_names(number)]),
            (_("Topics and contact"), ["capacities", "themes", "bodies", "contact", "is_invented"]),
        ]
        return [(label, [self[name] for name in names]) for label, names in named]

    def written_in(self) -> str:
        return self.language or self.cleaned_data["language"]

    def text(self) -> PracticeText:
        return PracticeText(**{name: self.cleaned_data[name] for name in TEXTS})

    def values(self) -> PracticeValues:
        cleaned = self.cleaned_data
        rows = [[cleaned[name] for name in evidence_names(number)] for number in range(MOST_EVIDENCE)]
        facts = {name: cleaned[name] for name in (*FACTS, "capacities", "themes", "bodies")}
        return PracticeValues(**facts, evidence=[EvidenceValues(*row) for row in rows if row[0]])


def evidence_names(number: int) -> tuple[str, str, str]:
    return f"evidence-{number}-text", f"evidence-{number}-source", f"evidence-{number}-address"


def evidence_fields(number: int) -> dict[str, forms.Field]:
    text, source, address = evidence_names(number)
    label = _("Evidence %(number)d") % {"number": number + 1}
    return {
        text: line(PracticeEvidence, "text", required=False, label=label),
        source: line(PracticeEvidence, "source", label=_("Source")),
        address: forms.CharField(
            label=_("Address of the source"), max_length=500, required=False, validators=[web], widget=forms.URLInput
        ),
    }


def initial_of(practice: Practice, language: str) -> dict[str, Any]:
    texts = {}
    for name in TEXTS:
        text, written_in = text_in(practice, name, language)
        texts[name] = text if written_in == language else ""
    rows = {}
    for number, row in enumerate(practice.evidence.all()[:MOST_EVIDENCE]):
        rows |= dict(zip(evidence_names(number), (row.text, row.source, row.address), strict=True))
    lists = {"themes": practice.themes.all(), "bodies": practice.bodies.all()}
    facts = {name: getattr(practice, name) for name in FACTS}
    return texts | rows | lists | facts | {"capacities": practice.capacities.split(), "seen": practice.version}


class EndorsementForm(forms.Form):
    mechanism = forms.ModelChoiceField(MechanismProfile.objects.none(), label=gettext_lazy("Mechanism"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Endorsement.Kind.choices)
    day = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    note = area(gettext_lazy("Note"), rows=3, help_text=gettext_lazy("For example what was changed, and the result."))
    is_shared = field_of(Endorsement, "is_shared")

    def __init__(self, *args: Any, mechanisms: QuerySet[MechanismProfile], practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, initial={"day": timezone.localdate()}, **kwargs)
        if not practice.is_received:
            del self.fields["is_shared"]
        field = self.fields["mechanism"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = mechanisms

    def values(self) -> EndorsementValues:
        return EndorsementValues(**self.cleaned_data)
