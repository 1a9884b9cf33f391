from servanda.planning.models.actions import (
    Action,
    ActionCluster,
    ActionInstitution,
    ActionQuerySet,
    ActionRecommendation,
    Milestone,
    Plan,
)
from servanda.planning.models.assignments import SOON, Assignment, AssignmentQuerySet
from servanda.planning.models.brought import BroughtInstitution, BroughtPlan, FilledInstitution
from servanda.planning.models.indicators import (
    Dimension,
    Indicator,
    IndicatorQuerySet,
    IndicatorRecommendation,
    Measurement,
    MeasurementQuerySet,
)
from servanda.planning.models.leads import LearnedLeads, ThemeLead
from servanda.planning.models.proposals import PositionProposal, PositionProposalQuerySet

__all__ = [
    "SOON",
    "Action",
    "ActionCluster",
    "ActionInstitution",
    "ActionQuerySet",
    "ActionRecommendation",
    "Assignment",
    "AssignmentQuerySet",
    "BroughtInstitution",
    "BroughtPlan",
    "FilledInstitution",
    "Dimension",
    "Indicator",
    "IndicatorQuerySet",
    "IndicatorRecommendation",
    "LearnedLeads",
    "Measurement",
    "MeasurementQuerySet",
    "Milestone",
    "Plan",
    "PositionProposal",
    "PositionProposalQuerySet",
    "ThemeLead",
]
