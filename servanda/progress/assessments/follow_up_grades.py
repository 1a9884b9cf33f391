"""The grades that a body gave in one document to the records of a follow-up reply, entered at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.progress.assessments.forms import LONGEST_REASON, grades_for
from servanda.progress.assessments.services import assess
from servanda.progress.models import Assessment, Grade, Voice
from servanda.recommendations.labels.queries import texts_of
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.sources.printed.texts import clean

MOST_RECORDS = 50
PARTS = ("grade", "paragraph", "reason")


@dataclass(frozen=True, slots=True)
class Graded:
    """What the body says of one record."""

    record: Recommendation
    grade: Grade
    paragraph: str
    reason: str


@transaction.atomic
def enter_grades(*, graded: Sequence[Graded], symbol: str, date: Date, by: User) -> list[Assessment]:
    """Add the unpublished assessments of the mechanism. Nothing is saved if one is refused.

    Raises as `assess`, with the reference of the record.
    """
    made = []
    for row in graded:
        try:
            made.append(
                assess(
                    recommendation=row.record,
                    voice=Voice.MECHANISM,
                    grade=row.grade,
                    reason=row.reason,
                    confidence=Assessment.Confidence.HIGH,
                    date=date,
                    symbol=symbol,
                    paragraph=row.paragraph,
                    by=by,
                )
            )
        except Refused as refusal:
            raise Refused(f"{row.record.code}: {refusal}") from refusal
    return made


class GradesForm(forms.Form):
    """A document with its date, and for each record a value; records without one are left out."""

    symbol = forms.CharField(label=gettext_lazy("Document of the body"), max_length=120)
    date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput)

    def __init__(self, *args: Any, records: Sequence[Recommendation], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.records = records
        self.fields["date"].initial = timezone.localdate
        body = records[0].body.code if records else ""
        self.grades = {str(grade.pk): grade for grade in grades_for(Voice.MECHANISM, body)}
        choices = [("", _("Not assessed")), *((key, str(grade.label)) for key, grade in self.grades.items())]
        for record in records:
            self.fields[f"grade-{record.pk}"] = forms.ChoiceField(
                label=_("Value of %(code)s") % {"code": record.code}, choices=choices, required=False
            )
            self.fields[f"paragraph-{record.pk}"] = forms.CharField(
                label=_("Paragraph on %(code)s") % {"code": record.code}, max_length=40, required=False
            )
            self.fields[f"reason-{record.pk}"] = forms.CharField(
                label=_("Reason for %(code)s") % {"code": record.code},
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
                max_length=LONGEST_REASON,
                required=False,
            )

    def rows(self) -> Iterator[tuple[Recommendation, TextVersion | None, list[forms.BoundField]]]:
        texts = texts_of(record.pk for record in self.records)
        for record in self.records:
            yield record, texts.get(record.pk), [self[f"{part}-{record.pk}"] for part in PARTS]

    def common_fields(self) -> list[forms.BoundField]:
        return [self["symbol"], self["date"]]

    def graded(self) -> list[Graded]:
        given = self.cleaned_data
        return [
            Graded(
                record,
                self.grades[given[f"grade-{record.pk}"]],
                given.get(f"paragraph-{record.pk}", ""),
                clean(given.get(f"reason-{record.pk}", "")),
            )
            for record in self.records
            if given.get(f"grade-{record.pk}")
        ]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        graded = self.graded()
        if not graded and not self.errors:
            self.add_error(None, _("Choose a value for at least one record."))
        for row in graded:
            if not row.reason:
                sentence = _("Enter a reason for %(code)s.")
                self.add_error(f"reason-{row.record.pk}", sentence % {"code": row.record.code})
        return cleaned
