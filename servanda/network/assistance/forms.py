"""Forms of assistance: a request or an offer, an introduction, how a cooperation goes, and its evaluation."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList, field_of
from servanda.network.assistance import missions
from servanda.network.assistance.missions import MissionValues
from servanda.network.assistance.services import COOPERATION_FACTS, AssistanceValues, CooperationValues
from servanda.network.models import Assistance, Cooperation, CooperationEvaluation, MechanismProfile, Mission
from servanda.network.practices.forms import ThemesField, area, currency_field
from servanda.network.practices.queries import capacities
from servanda.network.profiles.forms import LINE, Seen
from servanda.recommendations.editing.forms import ChosenFirst
from servanda.vocab.models import Term

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
CODES = ("forms", "regions")
Side = CooperationEvaluation.Side
MISSION = (*missions.LINES, *missions.TEXTS, *missions.PLAIN)
PLAIN = ("title", "text", "background", "capacity", "due_on", "amount", "currency")


class LanguagesField(forms.CharField):
    """Codes divided by blanks or commas."""

    def to_python(self, value: object) -> Any:
        codes = list(dict.fromkeys(re.split(r"[\s,;]+", super().to_python(value).strip())))
        wrong = [code for code in codes if code and not LANGUAGE.fullmatch(code)]
        if wrong:
            raise forms.ValidationError(_("“%(code)s” is not the code of a language.") % {"code": wrong[0][:20]})
        return [code for code in codes if code]


class AssistanceForm(Seen):
    mechanism = forms.ModelChoiceField(MechanismProfile.objects.none(), label=gettext_lazy("Mechanism"))
    title = field_of(Assistance, "title", widget=forms.TextInput(attrs=LINE))
    text = area(gettext_lazy("What"), required=True)
    background = area("", rows=3)
    languages = LanguagesField(
        label=gettext_lazy("Languages"), max_length=100, help_text=gettext_lazy("Codes, for example: en, fr, ar.")
    )
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Regional groups"), choices=Assistance.Region.choices, required=False, widget=TickList
    )
    capacity = forms.ChoiceField(label=gettext_lazy("Capacity"), required=False)
    themes = ThemesField(Term.objects.none(), label=gettext_lazy("Themes"), required=False, widget=ChosenFirst)
    due_on = field_of(Assistance, "due_on", widget=DateInput())
    amount = field_of(Assistance, "amount", min_value=0)
    currency = currency_field()
    forms = forms.MultipleChoiceField(
        label=gettext_lazy("Forms of assistance"), choices=Assistance.Form.choices, widget=TickList
    )

    field_order = ("mechanism", "title", "text", "background", "forms", "languages", "regions", "capacity", "themes")

    def __init__(
        self,
        *args: Any,
        kind: str,
        mechanisms: QuerySet[MechanismProfile],
        entry: Assistance | None = None,
        **kwargs: Any,
    ) -> None:
        if entry:
            kwargs["initial"] = initial_of(entry)
        super().__init__(*args, **kwargs)
        is_request = kind == Assistance.Kind.REQUEST
        self.fields["background"].label = _("Why") if is_request else _("Conditions")
        self.fields["due_on"].label = _("Needed by") if is_request else _("Available until")
        self.fields["amount"].label = _("Funding sought") if is_request else _("Funding offered")
        choices = [("", _("Any")), *((code, str(label)) for code, label in capacities().items())]
        self.fields["capacity"].choices = choices  # type: ignore[attr-defined]  # -- a field of choices
        terms = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False).select_related("taxonomy")
        for name, rows in (("mechanism", mechanisms), ("themes", terms)):
            field = self.fields[name]
            assert isinstance(field, ModelChoiceField)
            field.queryset = rows

    def values(self) -> AssistanceValues:
        cleaned = self.cleaned_data
        names = ("mechanism", "languages", "themes", *CODES, *PLAIN)
        return AssistanceValues(**{name: cleaned[name] for name in names})


def initial_of(entry: Assistance) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in (*PLAIN, "mechanism")}
    lists = {name: getattr(entry, name).split() for name in CODES}
    rest = {"languages": ", ".join(entry.language_codes), "themes": entry.themes.all(), "seen": entry.version}
    return plain | lists | rest


class IntroductionForm(forms.Form):
    provider = forms.ModelChoiceField(MechanismProfile.objects.none(), label=gettext_lazy("Mechanism that helps"))

    def __init__(self, *args: Any, mechanisms: QuerySet[MechanismProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = mechanisms


class CooperationForm(Seen):
    state = forms.ChoiceField(label=gettext_lazy("Status"), choices=Cooperation.State.choices)
    agreement = area(
        gettext_lazy("Agreement"), rows=4, help_text=gettext_lazy("Parties, text and duties, or where it is kept.")
    )
    agreed_on = field_of(Cooperation, "agreed_on", widget=DateInput())
    start = field_of(Cooperation, "start", widget=DateInput())
    end = field_of(Cooperation, "end", widget=DateInput())
    pledged = field_of(Cooperation, "pledged", min_value=0)
    received = field_of(Cooperation, "received", min_value=0)
    currency = currency_field()
    costs = field_of(
        Cooperation,
        "costs",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("In words, for example who paid for travel."),
    )
    result = area(gettext_lazy("Result"), rows=3)

    def __init__(self, *args: Any, cooperation: Cooperation, **kwargs: Any) -> None:
        names = ("state", *COOPERATION_FACTS)
        initial = {name: getattr(cooperation, name) for name in names} | {"seen": cooperation.version}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> CooperationValues:
        return CooperationValues(**{name: self.cleaned_data[name] for name in ("state", *COOPERATION_FACTS)})


class EvaluationForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Side"))
    rating = forms.TypedChoiceField(
        label=gettext_lazy("Usefulness"),
        choices=[("", gettext_lazy("Choose one")), *CooperationEvaluation.Rating.choices],
        coerce=int,
    )
    text = area(gettext_lazy("Evaluation"), rows=3)

    def __init__(self, *args: Any, cooperation: Cooperation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["side"]
        assert isinstance(field, forms.ChoiceField)
        own_first = sorted(Side.values, key=lambda side: not cooperation.mechanism_on(side).is_own)
        field.choices = [(side, side_label(cooperation, side)) for side in own_first]


def side_label(cooperation: Cooperation, side: str) -> str:
    """Our own mechanism evaluates for itself; for another one its evaluation is entered on its behalf."""
    mechanism, label = cooperation.mechanism_on(side), Side(side).label
    if mechanism.is_own:
        return f"{label}: {mechanism.name}"
    return _("%(side)s: on behalf of %(mechanism)s") % {"side": label, "mechanism": mechanism.name}


class MissionForm(Seen):
    sent_by = forms.ModelChoiceField(MechanismProfile.objects.none(), label=gettext_lazy("Sent by"))
    people = field_of(
        Mission,
        "people",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("Names or functions. They are not shown to the public."),
    )
    destination = field_of(Mission, "destination", widget=forms.TextInput(attrs=LINE))
    start = field_of(Mission, "start", widget=DateInput())
    end = field_of(Mission, "end", widget=DateInput())
    purpose = area(gettext_lazy("Purpose"), rows=3, required=True)
    cost = field_of(Mission, "cost", min_value=0)
    currency = currency_field()
    result = area(gettext_lazy("Report or result"), rows=4)
    is_published = forms.BooleanField(
        label=gettext_lazy("Show to the public"),
        required=False,
        help_text=gettext_lazy("On the public pages of both mechanisms, if both are published."),
    )

    def __init__(self, *args: Any, cooperation: Cooperation, mission: Mission | None = None, **kwargs: Any) -> None:
        if mission:
            kwargs["initial"] = {name: getattr(mission, name) for name in MISSION} | {"seen": mission.version}
        else:
            kwargs["initial"] = {"sent_by": cooperation.provider_id}
        super().__init__(*args, **kwargs)
        field = self.fields["sent_by"]
        assert isinstance(field, ModelChoiceField)
        sides = (cooperation.provider_id, cooperation.request.mechanism_id)
        field.queryset = MechanismProfile.objects.filter(pk__in=sides)

    def values(self) -> MissionValues:
        return MissionValues(**{name: self.cleaned_data[name] for name in MISSION})
