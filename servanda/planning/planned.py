"""Which actions answer one record, as its page at the desk and its public page say it."""

from datetime import date

from django.db.models import F, OuterRef, Subquery

from servanda.planning.models import Action, ActionInstitution, ActionQuerySet
from servanda.recommendations.models import Recommendation

MOST_SHOWN = 100


def planned_for(recommendation: Recommendation, user, *, on: date) -> list[tuple[Action, bool]]:
    """Those that this reader sees, the next due first, each with whether it is late."""
    rows = answering(Action.objects.visible_to(user), recommendation)
    return [(one, one.is_late(on=on)) for one in rows]


def publicly_planned_for(recommendation: Recommendation) -> list[Action]:
    """What the State lets everybody know, of a record that is public itself."""
    return list(answering(Action.objects.public(), recommendation)) if recommendation.is_public else []


def answering(actions: ActionQuerySet, recommendation: Recommendation) -> ActionQuerySet:
    lead = ActionInstitution.objects.filter(action=OuterRef("pk"), part="lead")
    found = actions.filter(pk__in=recommendation.action_answers.values("action"))
    link = recommendation.action_answers.filter(action=OuterRef("pk"))
    found = found.annotate(
        lead_name=Subquery(lead.values("institution__name")[:1]), linked_at=Subquery(link.values("added_at")[:1])
    )
    return found.order_by(F("due_on").asc(nulls_last=True), "code")[:MOST_SHOWN]
