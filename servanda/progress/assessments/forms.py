"""Forms for assessments; the values on offer depend on the voice and the body."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.models import Instance
from servanda.planning.models import Indicator, Measurement
from servanda.progress.models import Assessment, Evidence, Grade, Scale, Voice
from servanda.recommendations.models import Recommendation

REASON = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
LONGEST_REASON = 10_000


def grades_for(voice: str, body_code: str = "") -> QuerySet[Grade]:
    """The values in use for this voice; with the code of a body, only those of its scales."""
    scales = Scale.objects.filter(voice=voice, is_in_use=True)
    used = [scale.pk for scale in scales if not body_code or scale.is_for(body_code)]
    return Grade.objects.filter(scale__in=used, is_in_use=True).select_related("scale")


def general_grades() -> QuerySet[Grade]:
    """The government's values in use that apply to all bodies."""
    return grades_for(Voice.GOVERNMENT).filter(scale__bodies="")


class GradeField(forms.ModelChoiceField):
    """Shows the value on the common scale in brackets if it differs."""

    def label_from_instance(self, obj: Grade) -> str:
        own, common = str(obj.label), str(obj.get_common_display())
        return own if own == common else f"{own} ({common})"


class EvidenceField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Evidence) -> str:
        facts = [obj.get_kind_display(), obj.get_stance_display(), obj.get_shows_display()]
        return f"{obj.title} ({', '.join(map(str, facts))})"


class ValuesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Measurement) -> str:
        return f"{obj} ({obj.indicator.get_kind_display()})"


class WithProof(forms.Form):
    """A form that offers evidence and values of the record; a field without choices is left out."""

    def offer(self, name: str, choices: QuerySet) -> None:
        if choices.exists():
            self.fields[name].queryset = choices
        else:
            del self.fields[name]

    def values(self) -> dict:
        """Arguments for the service; publishing is a separate action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_published"}


def evidence_on(recommendation: Recommendation, user) -> QuerySet[Evidence]:
    visible = Evidence.objects.visible_to(user).filter(is_submitted=True)
    return visible.filter(abouts__recommendation=recommendation)


def values_on(recommendation: Recommendation, user) -> QuerySet[Measurement]:
    linked = Indicator.objects.visible_to(user).filter(abouts__recommendation=recommendation)
    values = Measurement.objects.headline().filter(indicator__in=linked.order_by().values("pk"), value__isnull=False)
    return values.select_related("indicator").order_by("indicator__code", "-end")


class WithOutcome(WithProof):
    """Also with indicator values, and with an act that is itself the outcome."""

    measurements = ValuesField(
        Measurement.objects.none(), label=_("Indicator values"), required=False, widget=TickList
    )
    act_is_outcome = forms.BooleanField(
        label=_("The recommended act has been completed"),
        required=False,
        help_text=_(
            "For example, ratification of a treaty or repeal of a law. Select the published or deposited act "
            "as evidence."
        ),
    )


class EnterGradeForm(WithProof):
    """An assessment by the mechanism, taken from its document."""

    voice = Voice.MECHANISM

    grade = GradeField(Grade.objects.none(), label=_("Value"))
    symbol = forms.CharField(
        label=_("Document of the body"),
        max_length=120,
        help_text=_(
            "Symbol of the document that contains the assessment, for example CCPR/C/128/3/Add.1. It serves as "
            "evidence."
        ),
    )
    paragraph = forms.CharField(label=_("Paragraph"), max_length=40, required=False)
    date = forms.DateField(label=_("Date"), widget=DateInput)
    reason = forms.CharField(
        label=_("Reason"),
        widget=REASON,
        max_length=LONGEST_REASON,
        help_text=_(
            "Summarise the assessment in the document in a few sentences. The summary is published with the value."
        ),
    )
    evidence = EvidenceField(
        Evidence.objects.none(), label=_("Evidence on this record"), required=False, widget=TickList
    )
    is_published = forms.BooleanField(
        label=_("Publish at once"),
        required=False,
        help_text=_("If not selected, the assessment is saved on the page of the record but not published."),
    )

    def __init__(self, *args, recommendation: Recommendation, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].queryset = grades_for(self.voice, recommendation.body.code)
        self.fields["date"].initial = timezone.localdate
        self.offer("evidence", evidence_on(recommendation, user))
        if self.voice == Voice.GOVERNMENT and not Instance.current().assessor_may_publish:
            del self.fields["is_published"]  # another person publishes it

    def values(self) -> dict:
        return super().values() | {"voice": self.voice, "confidence": Assessment.Confidence.HIGH}


class AssessForm(WithOutcome, EnterGradeForm):
    """An assessment by the State itself."""

    voice = Voice.GOVERNMENT

    symbol = None
    paragraph = None
    confidence = forms.ChoiceField(
        label=_("Confidence"), choices=Assessment.Confidence.choices, initial=Assessment.Confidence.MEDIUM
    )

    field_order = ["grade", "date", "reason", "confidence", "evidence", "measurements", "act_is_outcome"]

    def __init__(self, *args, recommendation: Recommendation, user, **kwargs):
        super().__init__(*args, recommendation=recommendation, user=user, **kwargs)
        self.fields["reason"].help_text = _(
            "Explain why you chose this value. The explanation is published with the value."
        )
        self.fields["grade"].help_text = _(
            "The two highest levels can be published only with evidence of an outcome or a value of an outcome "
            "indicator."
        )
        self.offer("measurements", values_on(recommendation, user))

    def values(self) -> dict:
        return super().values() | {"confidence": self.cleaned_data["confidence"]}


class CompleteForm(WithOutcome):
    """Evidence for an assessment that was stored without it, for instance from a spreadsheet."""

    evidence = EvidenceField(
        Evidence.objects.none(), label=_("Evidence on this record"), required=False, widget=TickList
    )
    is_published = forms.BooleanField(label=_("Publish at once"), required=False)

    field_order = ["evidence", "measurements", "act_is_outcome", "is_published"]

    def __init__(self, *args, assessment: Assessment, user, **kwargs):
        ticked = {name: [row.pk for row in getattr(assessment, name).all()] for name in ("evidence", "measurements")}
        kwargs["initial"] = ticked | {"act_is_outcome": assessment.act_is_outcome}
        super().__init__(*args, **kwargs)
        self.offer("evidence", evidence_on(assessment.recommendation, user))
        self.offer("measurements", values_on(assessment.recommendation, user))
        if assessment.made_by_id == user.pk and not Instance.current().assessor_may_publish:
            del self.fields["is_published"]  # another person publishes it
        if "evidence" not in self.fields and "measurements" not in self.fields:
            self.fields["act_is_outcome"].help_text = _(
                "This record has no evidence or indicator values yet. Add them to the record first."
            )

    def values(self) -> dict:
        empty: dict = {"evidence": [], "measurements": []}
        return empty | super().values()
