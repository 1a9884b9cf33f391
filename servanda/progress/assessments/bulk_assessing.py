"""Assess many records for the State at once: one level for all, or one for each; undone as a whole.

These assessments are published like any other, with evidence where that is required.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused
from servanda.people.models import User
from servanda.progress.assessments.forms import general_grades
from servanda.progress.assessments.services import refuse_unless_assessor
from servanda.progress.models import Assessment, Grade, Voice
from servanda.recommendations.bulk.registry import BULK, BulkChange
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason

MOST_ROWS = 50  # records that can each have a level and a reason of their own on one page


@dataclass(slots=True, frozen=True)
class Level:
    grade: int
    reason: str


@dataclass(slots=True, frozen=True, kw_only=True)
class Levels:
    """The level of each record: one for all, or each its own, by its code."""

    level: Level | None = None
    by_code: dict[str, Level] = field(default_factory=dict)

    def level_of(self, record: Recommendation) -> Level:
        return self.level or self.by_code[record.code]

    def levels(self) -> list[Level]:
        return [self.level] if self.level else list(self.by_code.values())

    def grades(self) -> dict[int, Grade]:
        return Grade.objects.in_bulk([level.grade for level in self.levels()])


@dataclass(slots=True, frozen=True)
class AssessRecords(Levels, BulkChange):
    """Assess many records as of one day."""

    shape: ClassVar[str] = f"{BULK}-assessment"
    is_undone_in_one_step: ClassVar[bool] = True

    on: str  # the day of the assessments
    confidence: str

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        by_code = {code: Level(**level) for code, level in values.get("by_code", {}).items()}
        level = Level(**values["level"]) if values.get("level") else None
        return cls(values["on"], values["confidence"], level=level, by_code=by_code)

    def day(self) -> date:
        return date.fromisoformat(self.on)

    def title(self) -> str:
        grades = set(self.grades().values())
        if len(grades) == 1:
            return _("Government assessment: %(value)s") % {"value": grades.pop()}
        return _("Assess for the State")

    def affected(self, rows: QuerySet) -> QuerySet:
        return affected(self, rows)

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        latest = Assessment.objects.latest().filter(recommendation__in=first, voice=Voice.GOVERNMENT)
        now = {assessment.recommendation_id: str(assessment.grade) for assessment in latest.select_related("grade")}
        grades = self.grades()
        return [(now.get(record.pk, ""), str(grades[self.level_of(record).grade])) for record in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        """Raises `Refused` for a day that has not come, a missing reason, or a value out of use."""
        refuse_unless_assessor(by)
        if self.day() > timezone.localdate():
            raise FieldRefused("date", _("The date of the assessment must be today or in the past."))
        for level in self.levels():
            required_reason(level.reason)
        if not {level.grade for level in self.levels()} <= {grade.pk for grade in general_grades()}:
            raise FieldRefused("grade", _("This value is no longer in use. Choose another."))

    def write(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        grades = self.grades()
        Assessment.objects.bulk_create([assessment_of(batch, self, record, grades) for record in rows])

    def in_codes(self) -> dict[str, Any]:
        return {"deed": self.shape, "date": self.on}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """Assessments that were published, completed or retracted since stay."""
        made = Assessment.objects.filter(brought_by=batch)
        kept = list(made.touched().values_list("pk", flat=True).distinct())
        made.exclude(pk__in=kept).delete()
        return len(kept)


def affected(change: AssessRecords, records: QuerySet) -> QuerySet:
    """The records that are not newer than this day and not already assessed in the same way."""
    candidates = records.exclude(date__gt=change.day())
    same = Assessment.objects.standing().filter(voice=Voice.GOVERNMENT, date=change.day())
    if change.level:
        recorded = same.filter(grade=change.level.grade, reason=change.level.reason)
        return candidates.exclude(pk__in=recorded.order_by().values("recommendation"))
    by_code = Q(pk__in=[])
    for code, level in change.by_code.items():
        by_code |= Q(recommendation__code=code, grade=level.grade, reason=level.reason)
    recorded = same.filter(by_code).order_by().values("recommendation")
    return candidates.filter(code__in=change.by_code).exclude(pk__in=recorded)


def assessment_of(
    batch: Batch, change: AssessRecords, record: Recommendation, grades: dict[int, Grade]
) -> Assessment:
    level = change.level_of(record)
    grade = grades[level.grade]
    return Assessment(
        recommendation=record,
        voice=Voice.GOVERNMENT,
        grade=grade,
        common=grade.common,
        reason=required_reason(level.reason),
        confidence=change.confidence,
        date=change.day(),
        is_latest=False,
        made_by=batch.created_by,
        brought_by=batch,
    )
