"""The actions that answer one record, for its page at the desk and its public page."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.actions.listing import BY_CODE
from servanda.planning.models import Action, ActionCluster, ActionInstitution, ActionQuerySet
from servanda.recommendations.models import Recommendation

MOST_SHOWN = 100


def planned_for(recommendation: Recommendation, user: User, *, on: date) -> list[tuple[Action, bool]]:
    """The visible actions, the next due first, each with whether it is late.

    `is_through` marks those on the cluster of the record; for readers who see clusters, `cluster_name` is set.
    """
    rows = answering(Action.objects.visible_to(user), recommendation)
    if can(user, Can.READ_EVERYTHING):
        rows = rows.annotate(cluster_name=Subquery(through(recommendation).values("cluster__name")[:1]))
    return [(action, action.is_late(on=on)) for action in rows[:MOST_SHOWN]]


def publicly_planned_for(recommendation: Recommendation) -> list[Action]:
    """The published actions of a public record."""
    return list(answering(Action.objects.public(), recommendation)[:MOST_SHOWN]) if recommendation.is_public else []


def answering(actions: ActionQuerySet, recommendation: Recommendation) -> ActionQuerySet:
    lead = ActionInstitution.objects.filter(action=OuterRef("pk"), part="lead")
    direct, clustered = recommendation.action_answers, ActionCluster.objects.on(recommendation)
    answers = actions.filter(Q(pk__in=direct.values("action")) | Q(pk__in=clustered.values("action")))
    link = recommendation.action_answers.filter(action=OuterRef("pk"))
    answers = answers.annotate(
        lead_name=Subquery(lead.values("institution__name")[:1]),
        linked_at=Coalesce(
            Subquery(link.values("added_at")[:1]), Subquery(through(recommendation).values("added_at")[:1])
        ),
        is_through=~Exists(link),
    )
    return answers.order_by(F("due_on").asc(nulls_last=True), *BY_CODE)


def through(recommendation: Recommendation) -> QuerySet[ActionCluster]:
    return ActionCluster.objects.on(recommendation).filter(action=OuterRef("pk"))
