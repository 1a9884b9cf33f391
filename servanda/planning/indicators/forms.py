"""Forms for indicators and their values."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionByName
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.measurements import DECIMALS, WHOLE_DIGITS, MeasurementValues
from servanda.planning.indicators.rules import (
    CODE,
    DimensionValues,
    Metadata,
    in_canonical_order,
    parts_of,
)
from servanda.planning.models import Action, Dimension, Indicator, IndicatorRecommendation, Measurement
from servanda.planning.picking import ActionsField, offer_actions
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records
from servanda.vocab.models import Term

THEMES = "uhri-theme"
DIGITS = {"max_digits": WHOLE_DIGITS + DECIMALS, "decimal_places": DECIMALS}
SECTIONS = (
    (gettext_lazy("Description"), ("code", "name", "kind", "right", "attribute", "definition", "formula")),
    (gettext_lazy("Unit and source"), ("unit", "unit_words", "source", "method_version", "sdg_indicator")),
    (
        gettext_lazy("Baseline and target"),
        ("direction", "baseline", "baseline_on", "target", "target_on", "target_source"),
    ),
    (gettext_lazy("Reporting and publication"), ("custodian", "schedule", "next_due_on", "actions", "is_published")),
)


class IndicatorForm(PicksRecords, forms.ModelForm):
    actions = ActionsField(label=gettext_lazy("Linked actions"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    is_outdated = False

    class Meta:
        model = Indicator
        fields = [name for _title, names in SECTIONS for name in names if name != "actions"]
        field_classes = {"custodian": InstitutionByName}
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "formula": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "baseline_on": DateInput,
            "target_on": DateInput,
            "next_due_on": DateInput,
        }
        help_texts = {
            "code": gettext_lazy(
                "Letters, digits, dots and hyphens, for example EDU-1. Identifies the indicator in files."
            ),
            "attribute": gettext_lazy("The aspect of the right, for example primary education."),
            "unit_words": gettext_lazy("For example: per 100,000 people; EUR; months."),
            "next_due_on": gettext_lazy("Updated automatically when a value is entered."),
            "is_published": gettext_lazy("The public can see the indicator and its values."),
            "method_version": gettext_lazy("For example 2024. Values of the same version are comparable."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        indicator, today = self.instance, timezone.localdate()
        offered = Q(pk__in=Action.objects.visible_to(user).order_by().values("pk"))
        if indicator.pk:  # one that was withdrawn stays linked until a person deselects it
            offered |= Q(pk__in=indicator.actions.order_by().values("pk"))
        offer_actions(self, Action.objects.filter(offered))
        self.fields["right"].queryset = Term.objects.filter(taxonomy__code=THEMES, is_artefact=False).order_by(
            "order", "code"
        )
        institutions = Institution.objects.active(on=today) | Institution.objects.filter(pk=indicator.custodian_id)
        self.fields["custodian"].queryset = institutions.order_by("code")
        for name in ("name", "attribute", "source", "unit_words", "target_source"):
            self.fields[name].widget.attrs["dir"] = "auto"
        if indicator.pk is None:
            del self.fields["seen"]
        else:
            self.initial["seen"] = indicator.version
            for name in ("baseline", "target"):
                number = getattr(indicator, name)
                self.initial[name] = None if number is None else plain(number)
            self.initial["actions"] = " ".join(indicator.actions.order_by("code").values_list("code", flat=True))

    def sections(self) -> Iterator[tuple[str, list]]:
        for title, names in SECTIONS:
            yield title, [self[name] for name in names]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Enter letters, digits, dots and hyphens only, for example EDU-1."))
        return code

    def validate_constraints(self) -> None:
        """Skipped: the service refuses the same, with sentences that say what to do."""

    def values(self) -> Metadata:
        return Metadata(**{name: self.cleaned_data[name] for name in Metadata.__dataclass_fields__})

    def bring_up_to_date(self, version: int) -> None:
        """Keep what was typed, but compare it with the present state when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = str(version)
        self.is_outdated = True

    def compared(self, saved: Indicator) -> list[dict]:
        """The differences from the version that another person has saved."""
        return [
            {"label": self.fields[name].label, "old": str(getattr(saved, name) or ""), "new": str(value or "")}
            for name, value in self.cleaned_data.items()
            if name in self.Meta.fields and getattr(saved, name) != value
        ]


class DimensionsForm(forms.Form):
    """Dimensions, one on each line: code, name, categories."""

    lines = forms.CharField(
        label=gettext_lazy("Dimensions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy("One per line: code | name | category; category. For example: sex | Sex | Women; Men"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_lines(self) -> list[DimensionValues]:
        return [self.read(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]

    def read(self, line: str) -> DimensionValues:
        parts = [" ".join(part.split()) for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            raise forms.ValidationError(_("“%s” is not a dimension. Enter code | name | category; category") % line)
        code, name, categories = parts
        if slugify(code) != code or len(code) > 40 or len(name) > 120:
            raise forms.ValidationError(_("“%s”: enter the code in lower-case letters, digits and hyphens.") % line)
        return DimensionValues(
            code, name, tuple(filter(None, (category.strip() for category in categories.split(";"))))
        )


def lines_of(dimensions: Sequence[Dimension]) -> str:
    return "\n".join(
        f"{dimension.code} | {dimension.name} | {'; '.join(dimension.category_names)}" for dimension in dimensions
    )


class ValueForm(forms.Form):
    start = forms.DateField(label=gettext_lazy("From"), widget=DateInput)
    end = forms.DateField(label=gettext_lazy("Until"), widget=DateInput)
    value = forms.DecimalField(label=gettext_lazy("Value"), required=False, **DIGITS)
    missing = forms.ChoiceField(
        label=gettext_lazy("Reason for missing value"),
        choices=[("", gettext_lazy("Value available")), *Measurement.Missing.choices],
        required=False,
    )
    territory = forms.CharField(
        label=gettext_lazy("Territory"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Leave empty for the whole country."),
    )
    population = forms.CharField(
        label=gettext_lazy("Population"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave empty for the whole population."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    method_version = forms.CharField(label=gettext_lazy("Version of the method"), max_length=40, required=False)
    is_break = forms.BooleanField(
        label=gettext_lazy("Break in the series"),
        required=False,
        help_text=gettext_lazy("From this value on, numbers are not comparable with earlier ones."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown with the value to anyone who can see it."),
    )

    def __init__(self, *args, indicator: Indicator, dimensions: Sequence[Dimension], **kwargs):
        super().__init__(*args, **kwargs)
        if indicator.unit == Indicator.Unit.YES_NO:
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Value"),
                choices=[("", "–"), ("1", _("Yes")), ("0", _("No"))],
                coerce=Decimal,
                empty_value=None,
                required=False,
            )
        self.names = {f"by_{dimension.code}": dimension.code for dimension in dimensions}
        for dimension in dimensions:
            self.fields[f"by_{dimension.code}"] = forms.ChoiceField(
                label=str(dimension.name),
                choices=[("", _("Total")), *((name, name) for name in dimension.category_names)],
                required=False,
            )
        for name in ("territory", "population", "source", "note"):
            self.fields[name].widget.attrs["dir"] = "auto"
        self.order_fields(["start", "end", "value", "missing", "territory", "population", *self.names])

    def values(self) -> MeasurementValues:
        cleaned = self.cleaned_data
        parts = {code: cleaned[name] for name, code in self.names.items() if cleaned[name]}
        return MeasurementValues(
            start=cleaned["start"],
            end=cleaned["end"],
            value=cleaned["value"],
            missing=cleaned["missing"],
            territory=cleaned["territory"],
            population=cleaned["population"],
            breakdown=in_canonical_order(parts),
            source=cleaned["source"],
            method_version=cleaned["method_version"],
            is_break=cleaned["is_break"],
            note=cleaned["note"],
        )


class CorrectionForm(ValueForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason for the correction"), widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )


def start_of_correction(measurement: Measurement) -> dict:
    names = "start end missing territory population source method_version is_break note"
    start = {name: getattr(measurement, name) for name in names.split()}
    start["value"] = None if measurement.value is None else plain(measurement.value)
    return start | {f"by_{code}": category for code, category in parts_of(measurement.breakdown).items()}


class OverrideForm(forms.Form):
    percent = forms.DecimalField(
        label=gettext_lazy("Progress, in per cent"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Shown next to the progress, to the public too if the indicator is published."),
    )


class LinkRecordsForm(PicksRecords, forms.Form):
    records = RecordsField(label=gettext_lazy("Records"))
    weight = forms.ChoiceField(label=gettext_lazy("Weight"), choices=IndicatorRecommendation.Weight.choices)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.every_kind.opened_to(user))


class NewIndicatorForm(IndicatorForm):
    records = RecordsField(label=gettext_lazy("Linked records"), required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offer_records(self, Recommendation.every_kind.opened_to(user))

    def sections(self) -> Iterator[tuple[str, list]]:
        yield from super().sections()
        yield _("Linked records"), [self["records"]]


class LinkIndicatorForm(forms.Form):
    indicator = forms.CharField(
        label=gettext_lazy("Reference of the indicator"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    recommendation = forms.CharField(
        label=gettext_lazy("Reference of the record"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    weight = forms.ChoiceField(label=gettext_lazy("Weight"), choices=IndicatorRecommendation.Weight.choices)
