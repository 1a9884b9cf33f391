from collections.abc import Iterator

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, SeenForm
from servanda.kit.refusal import Refused
from servanda.sources.models import AcceptedProcedure, Reservation, TreatyStatus
from servanda.sources.treaties.objections import objection_line, read_objections
from servanda.sources.treaties.services import (
    VALUES,
    ObjectionValues,
    ProcedureValues,
    ReservationValues,
    TreatyValues,
)
from servanda.vocab.models import Instrument

AREA = {"rows": 3, "dir": "auto"}
LINE = {"dir": "auto"}
PARTS = ("article", "accepted_on", "withdrawn_on", "source")
LABELS = {name: capfirst(AcceptedProcedure._meta.get_field(name).verbose_name) for name in PARTS}


class TreatyForm(forms.ModelForm, SeenForm):
    class Meta:
        model = TreatyStatus
        fields = VALUES
        widgets = {
            **{name: DateInput for name in VALUES if name.endswith("_on")},
            "territory": forms.Textarea(attrs=AREA),
            "note": forms.Textarea(attrs=AREA),
            "source": forms.TextInput(attrs=LINE),
        }
        help_texts = {
            "source": gettext_lazy("The depositary's page or document with these dates. Leave unknown dates empty."),
            "note": gettext_lazy("Not shown to the public."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version

    def validate_constraints(self) -> None:
        """The service names the field; the constraints of the database say the same without one."""

    def values(self) -> TreatyValues:
        return TreatyValues(**{name: self.cleaned_data[name] for name in VALUES})


class ProceduresForm(SeenForm):
    """One group of fields for each procedure that the treaty has, or that is recorded already."""

    def __init__(self, *args, status: TreatyStatus, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = [*rows_of(status)]
        self.initial["seen"] = status.version
        for number, (label, procedure) in enumerate(self.rows):
            self.add_row(number, label, procedure)

    def add_row(self, number: int, label: str, procedure: ProcedureValues) -> None:
        known = procedure.accepted_on or procedure.source or procedure.article
        fields = {
            "accepted": forms.BooleanField(label=_("%(procedure)s: accepted") % {"procedure": label}, required=False),
            "article": forms.CharField(label=LABELS["article"], max_length=80, required=False),
            "accepted_on": forms.DateField(label=LABELS["accepted_on"], required=False, widget=DateInput()),
            "withdrawn_on": forms.DateField(label=LABELS["withdrawn_on"], required=False, widget=DateInput()),
            "source": forms.CharField(label=LABELS["source"], max_length=300, required=False),
        }
        for name, part in fields.items():
            part.initial = bool(known) if name == "accepted" else getattr(procedure, name)
            self.fields[f"{name}_{number}"] = part

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for number, (label, _procedure) in enumerate(self.rows):
            yield label, [self[f"{name}_{number}"] for name in ("accepted", *PARTS)]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        for number in range(len(self.rows)):
            first, last = cleaned.get(f"accepted_on_{number}"), cleaned.get(f"withdrawn_on_{number}")
            if first and last and last < first:
                self.add_error(f"withdrawn_on_{number}", _("The withdrawal is before the acceptance."))
        return cleaned

    def values(self) -> list[ProcedureValues]:
        return [
            ProcedureValues(kind=procedure.kind, **{name: self.cleaned_data[f"{name}_{number}"] for name in PARTS})
            for number, (_label, procedure) in enumerate(self.rows)
            if self.cleaned_data[f"accepted_{number}"]
        ]


def rows_of(status: TreatyStatus) -> Iterator[tuple[str, ProcedureValues]]:
    """The recorded procedures, then those that the treaty offers besides."""
    recorded = list(status.procedures.all())
    labels = dict(Instrument.PROCEDURES)
    offered = [kind for kind in status.instrument.procedures.split() if kind in labels]
    for row in recorded:
        values = {name: getattr(row, name) for name in ("kind", "article", "accepted_on", "withdrawn_on", "source")}
        yield str(labels[row.kind]), ProcedureValues(**values)
    for kind in offered:
        if kind not in {row.kind for row in recorded}:
            yield str(labels[kind]), ProcedureValues(kind=kind)


class ReservationForm(forms.ModelForm, SeenForm):
    objections = forms.CharField(
        label=gettext_lazy("Objections"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs=AREA),
        help_text=gettext_lazy("One per line: State | date | text, for example France | 1994-03-01 | words."),
    )

    class Meta:
        model = Reservation
        fields = ["kind", "article", "text", "language", "made_on", "modified_on", "withdrawn_on", "source"]
        widgets = {
            **dict.fromkeys(("made_on", "modified_on", "withdrawn_on"), DateInput),
            "text": forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
            "source": forms.TextInput(attrs=LINE),
        }

    def __init__(self, *args, status: TreatyStatus, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = status.version
        self.parsed: list[ObjectionValues] = []
        if self.instance.pk:
            rows = self.instance.objections.select_related("country")
            self.initial["objections"] = "\n".join(
                objection_line(str(row.country), row.made_on, row.text) for row in rows
            )

    def validate_constraints(self) -> None:
        """Left to the service, whose refusal names the field."""

    def clean_objections(self) -> str:
        text = self.cleaned_data["objections"]
        try:
            self.parsed = read_objections(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text

    def values(self) -> ReservationValues:
        return ReservationValues(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class ListForm(forms.Form):
    """Which of the treaties of the vocabulary to put on the list."""

    instruments = forms.ModelMultipleChoiceField(
        Instrument.objects.none(),
        label=gettext_lazy("Treaties"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Select at least one treaty.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["instruments"].queryset = Instrument.objects.filter(status=None)
