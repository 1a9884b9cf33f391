from servanda.progress.models.assessments import (
    UPPER,
    Assessment,
    AssessmentQuerySet,
    AssessmentReply,
    Common,
    Grade,
    Scale,
    Voice,
    voices_of,
)
from servanda.progress.models.contributions import Contribution, ContributionQuerySet, ContributionRecommendation
from servanda.progress.models.evidence import Evidence, EvidenceQuerySet, EvidenceRecommendation
from servanda.progress.models.rounds import (
    AnswerSheet,
    InputItem,
    InputRequest,
    InputRequestQuerySet,
    InputRound,
    Reminder,
)
from servanda.progress.models.updates import (
    LastUpdate,
    Update,
    UpdateCluster,
    UpdateQuerySet,
    UpdateRecommendation,
    UpdateStep,
)

__all__ = [
    "UPPER",
    "AnswerSheet",
    "Assessment",
    "AssessmentQuerySet",
    "AssessmentReply",
    "Common",
    "Contribution",
    "ContributionQuerySet",
    "ContributionRecommendation",
    "Evidence",
    "EvidenceQuerySet",
    "EvidenceRecommendation",
    "Grade",
    "InputItem",
    "InputRequest",
    "InputRequestQuerySet",
    "InputRound",
    "LastUpdate",
    "Reminder",
    "Scale",
    "Update",
    "UpdateCluster",
    "UpdateQuerySet",
    "UpdateRecommendation",
    "UpdateStep",
    "Voice",
    "voices_of",
]
