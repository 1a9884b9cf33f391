from servanda.recommendations.models.by_hand import Link, Note, RegisterStamp, SavedView
from servanda.recommendations.models.clusters import (
    Cluster,
    ClusterMember,
    ClusterTree,
    RejectedProposal,
    ThroughCluster,
)
from servanda.recommendations.models.likeness import Likeness
from servanda.recommendations.models.ordered_measures import OrderedMeasure
from servanda.recommendations.models.public_reasons import PublicReason, PublicReasonQuerySet, Signature
from servanda.recommendations.models.question_links import RecordQuestion
from servanda.recommendations.models.recommendation import (
    UNANSWERED,
    EveryKindQuerySet,
    FormerCode,
    Recommendation,
    RecommendationQuerySet,
    Stand,
    is_apart,
    seen_from_outside,
    within,
    within_scopes,
)
from servanda.recommendations.models.record_parts import (
    FILE_SOURCES,
    FieldChange,
    FollowUp,
    FollowUpQuerySet,
    Position,
    PositionQuerySet,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
    by_language,
    source_family,
)
from servanda.recommendations.models.suggesting import LabelScore, LearnedModel, RightFrom, Suggestion
from servanda.recommendations.models.treaty_links import RecordInstrument, RecordReservation
from servanda.recommendations.models.turnings import RecordObligation
from servanda.recommendations.models.vectors import LearnedEncoder, TextVector, VectorStamp

__all__ = [
    "FILE_SOURCES",
    "UNANSWERED",
    "Cluster",
    "ClusterMember",
    "ClusterTree",
    "EveryKindQuerySet",
    "FieldChange",
    "FollowUp",
    "FollowUpQuerySet",
    "FormerCode",
    "Likeness",
    "LabelScore",
    "LearnedEncoder",
    "LearnedModel",
    "Link",
    "Note",
    "OrderedMeasure",
    "Position",
    "PositionQuerySet",
    "PublicReason",
    "PublicReasonQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
    "RecommendingState",
    "RecordInstrument",
    "RecordObligation",
    "RecordQuestion",
    "RecordReservation",
    "RegisterStamp",
    "RejectedProposal",
    "RightFrom",
    "SavedView",
    "Signature",
    "SourceRecord",
    "Stand",
    "Suggestion",
    "Tagging",
    "TextVector",
    "TextVersion",
    "ThroughCluster",
    "VectorStamp",
    "WaitingAnswer",
    "by_language",
    "is_apart",
    "seen_from_outside",
    "source_family",
    "within",
    "within_scopes",
]
