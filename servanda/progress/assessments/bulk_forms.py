"""Forms to assess many records for the State: one level for all, or one for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput
from servanda.progress.assessments.bulk_assessing import AssessRecords, Level
from servanda.progress.assessments.forms import LONGEST_REASON, GradeField, general_grades
from servanda.progress.models import Assessment, Grade
from servanda.recommendations.models import Recommendation, TextVersion, by_language
from servanda.sources.printed.texts import clean


class DatedForm(forms.Form):
    """The fields that all records share: the day and the confidence."""

    date = forms.DateField(label=_("Date"), widget=DateInput)
    confidence = forms.ChoiceField(
        label=_("Confidence"), choices=Assessment.Confidence.choices, initial=Assessment.Confidence.MEDIUM
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate
        self.grades = general_grades()

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The date of the assessment must be today or in the past."))
        return day

    def dated(self) -> tuple[str, str]:
        return self.cleaned_data["date"].isoformat(), self.cleaned_data["confidence"]


class AssessAllForm(DatedForm):
    grade = GradeField(Grade.objects.none(), label=_("Value"))
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=LONGEST_REASON,
        help_text=_("The reason is published with the value on the page of each record."),
    )

    field_order = ["grade", "date", "reason", "confidence"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].queryset = self.grades

    def change(self) -> AssessRecords:
        level = Level(self.cleaned_data["grade"].pk, clean(self.cleaned_data["reason"]))
        return AssessRecords(*self.dated(), level=level)


@dataclass(slots=True)
class Row:
    """One record with its fields."""

    record: Recommendation
    text: TextVersion | None
    grade: forms.BoundField
    reason: forms.BoundField


class AssessEachForm(DatedForm):
    """A value and a reason for each record; records without a value are left out."""

    def __init__(self, *args, records: Sequence[Recommendation], **kwargs):
        super().__init__(*args, **kwargs)
        self.records = records
        choices = [("", _("Not assessed")), *((str(grade.pk), str(grade.label)) for grade in self.grades)]
        for record in records:
            self.fields[f"grade-{record.pk}"] = forms.ChoiceField(
                label=_("Value of %(code)s") % {"code": record.code}, choices=choices, required=False
            )
            self.fields[f"reason-{record.pk}"] = forms.CharField(
                label=_("Reason for %(code)s") % {"code": record.code},
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
                max_length=LONGEST_REASON,
                required=False,
            )

    def rows(self) -> Iterator[Row]:
        texts: dict[int, TextVersion] = {}
        full = TextVersion.objects.current().filter(recommendation__in=self.records, form=TextVersion.Form.FULL)
        for text in by_language(full):
            texts.setdefault(text.recommendation_id, text)
        for record in self.records:
            fields = self[f"grade-{record.pk}"], self[f"reason-{record.pk}"]
            yield Row(record, texts.get(record.pk), *fields)

    def common_fields(self) -> list[forms.BoundField]:
        return [self["date"], self["confidence"]]

    def levels(self) -> dict[str, Level]:
        levels = {}
        for record in self.records:
            if grade := self.cleaned_data.get(f"grade-{record.pk}"):
                levels[record.code] = Level(int(grade), clean(self.cleaned_data.get(f"reason-{record.pk}", "")))
        return levels

    def clean(self):
        cleaned = super().clean()
        levels = self.levels()
        if not levels and not self.errors:
            self.add_error(None, _("Choose a value for at least one record."))
        for record in self.records:
            if record.code in levels and not levels[record.code].reason:
                self.add_error(f"reason-{record.pk}", _("Enter a reason for %(code)s.") % {"code": record.code})
        return cleaned

    def change(self) -> AssessRecords:
        return AssessRecords(*self.dated(), by_code=self.levels())
