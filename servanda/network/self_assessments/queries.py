"""Self-assessments as pages show them: results by capacity, compared with the one before, and gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from servanda.network.models import MechanismProfile, SelfAssessment, SelfAssessmentAnswer, SelfAssessmentQuerySet
from servanda.network.self_assessments.questions import Capacity, Question, capacities, questions_by_code
from servanda.people.models import User

Level = SelfAssessmentAnswer.Level
MOST_COMPARED = 4
COLUMNS = ("date", "capacity", "question", "level", "evidence", "participants")


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    question: Question
    level: int | None
    evidence: str = ""
    before: int | None = None  # in the self-assessment before

    @property
    def level_label(self) -> object:
        return "" if self.level is None else Level(self.level).label

    @property
    def before_label(self) -> object:
        return "" if self.before is None else Level(self.before).label

    @property
    def is_gap(self) -> bool:
        return self.level is not None and self.level <= Level.PREPARED

    @property
    def has_changed(self) -> bool:
        return None not in (self.level, self.before) and self.level != self.before


@dataclass(frozen=True, slots=True)
class CapacityResult:
    capacity: Capacity
    rows: Sequence[RatedQuestion]

    @property
    def rated(self) -> int:
        return sum(row.level is not None for row in self.rows)

    @property
    def percent(self) -> int | None:
        """The share of the highest level that the rated questions reach; none without a rated question."""
        levels = [row.level for row in self.rows if row.level is not None]
        return round(100 * sum(levels) / (len(levels) * Level.FULL)) if levels else None


def self_assessments_of(user: User, profile: MechanismProfile) -> SelfAssessmentQuerySet:
    """The newest first, with the number of questions that have a level as `rated`."""
    known = Q(answers__level__isnull=False, answers__question__in=list(questions_by_code()))
    found = profile.self_assessments.all().visible_to(user).annotate(rated=Count("answers", filter=known))
    return found.order_by("-date", "-pk")


def one_before(user: User, assessment: SelfAssessment) -> SelfAssessment | None:
    """The completed self-assessment of the same mechanism before this one."""
    found = SelfAssessment.objects.visible_to(user).completed().filter(profile=assessment.profile_id)
    earlier = Q(date__lt=assessment.date) | Q(date=assessment.date, pk__lt=assessment.pk)
    return found.filter(earlier).order_by("-date", "-pk").first()


def answers_by_question(assessment: SelfAssessment | None) -> dict[str, SelfAssessmentAnswer]:
    return {answer.question: answer for answer in assessment.answers.all()} if assessment else {}


def results_of(assessment: SelfAssessment, before: SelfAssessment | None = None) -> list[CapacityResult]:
    """By capacity, with the levels of the one before."""
    answers, earlier = answers_by_question(assessment), answers_by_question(before)
    return [
        CapacityResult(capacity, [rated(question, answers, earlier) for question in capacity.questions])
        for capacity in capacities().values()
    ]


def rated(
    question: Question, answers: Mapping[str, SelfAssessmentAnswer], earlier: Mapping[str, SelfAssessmentAnswer]
) -> RatedQuestion:
    answer, former = answers.get(question.code), earlier.get(question.code)
    before = former.level if former else None
    return RatedQuestion(question, answer.level, answer.evidence, before) if answer else RatedQuestion(question, None)


def compared(user: User, profile: MechanismProfile) -> list[tuple[SelfAssessment, list[CapacityResult]]]:
    """The last completed ones, the oldest first, each with its results."""
    found = self_assessments_of(user, profile).completed().prefetch_related("answers")[:MOST_COMPARED]
    return [(assessment, results_of(assessment)) for assessment in reversed(found)]


def export_rows(assessments: Sequence[SelfAssessment]) -> list[list[str]]:
    """A row for each question of each self-assessment."""
    return [
        [
            assessment.date.isoformat(),
            str(result.capacity.label),
            str(row.question.label),
            str(row.level_label),
            row.evidence,
            assessment.participants,
        ]
        for assessment in assessments
        for result in results_of(assessment)
        for row in result.rows
    ]
