from servanda.recommendations.models.by_hand import Link, Note, RegisterStamp, SavedView
from servanda.recommendations.models.clusters import (
    Cluster,
    ClusterMember,
    ClusterTree,
    RejectedProposal,
    ThroughCluster,
)
from servanda.recommendations.models.from_batches import (
    FieldChange,
    FollowUp,
    Position,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
    by_language,
)
from servanda.recommendations.models.likeness import Likeness
from servanda.recommendations.models.public_reasons import PublicReason, PublicReasonQuerySet, Signature
from servanda.recommendations.models.recommendation import (
    Recommendation,
    RecommendationQuerySet,
    Stand,
    seen_from_outside,
    within,
    within_scopes,
)
from servanda.recommendations.models.suggesting import LabelScore, LearnedModel, RightFrom, Suggestion
from servanda.recommendations.models.vectors import LearnedEncoder, TextVector, VectorStamp

__all__ = [
    "Cluster",
    "ClusterMember",
    "ClusterTree",
    "FieldChange",
    "FollowUp",
    "Likeness",
    "LabelScore",
    "LearnedEncoder",
    "LearnedModel",
    "Link",
    "Note",
    "Position",
    "PublicReason",
    "PublicReasonQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
    "RecommendingState",
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
    "seen_from_outside",
    "within",
    "within_scopes",
]
