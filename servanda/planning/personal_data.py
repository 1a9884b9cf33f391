"""Personal data in planning: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data, shown_where_seen
from servanda.people.models import User
from servanda.planning.models import (
    Action,
    ActionCluster,
    ActionRecommendation,
    Assignment,
    Indicator,
    Measurement,
    PositionProposal,
)


def assignments(person: User) -> list[dict]:
    rows = Assignment.objects.filter(Q(assigned_by=person) | Q(refused_by=person) | Q(ended_by=person))
    return list(
        rows.order_by("pk").values(
            "recommendation__code", "institution__code", "part", "assigned_at", "refused_at", "ended_at"
        )
    )


def keep_assignments(_person: User, _names: list[str]) -> None:
    """Kept. It is shown as assigned by an erased person from then on."""


keeps_personal_data("assignments", export=assignments, erase=keep_assignments)


def measurements(person: User) -> list[dict]:
    """Indicators that the person added, withdrew or overrode, and values that they entered."""
    authored = Q(created_by=person) | Q(withdrawn_by=person) | Q(override_by=person)
    indicators = Indicator.objects.filter(authored).order_by("pk").values("code", "name", "created_at", "override_at")
    values = Measurement.objects.filter(entered_by=person).order_by("pk")
    facts = ("indicator__code", "start", "end", "value", "missing", "note", "entered_at", "correction_reason")
    return [*indicators, *values.values(*facts)]


def keep_measurements(_person: User, _names: list[str]) -> None:
    """Kept. The numbers belong to the institution; whoever entered them is shown as an erased person from then on."""


keeps_personal_data("indicators_and_values", export=measurements, erase=keep_measurements)


def proposals(person: User) -> list[dict]:
    rows = PositionProposal.objects.filter(proposed_by=person).order_by("pk")
    facts = ("recommendation__code", "institution__code", "stand", "comment", "proposed_at", "ended_at")
    return list(rows.values(*facts))


def keep_proposals(_person: User, _names: list[str]) -> None:
    """Kept. Proposals belong to the institution; whoever entered them is shown as an erased person from then on."""


keeps_personal_data("proposals_of_positions", export=proposals, erase=keep_proposals)


def actions(person: User) -> list[dict]:
    """Actions that the person added or withdrew, and their links of actions to records and clusters."""
    authored = Action.objects.filter(Q(created_by=person) | Q(withdrawn_by=person)).order_by("pk")
    answers = ActionRecommendation.objects.filter(added_by=person).order_by("pk")
    clusters = ActionCluster.objects.filter(added_by=person).order_by("pk")
    seen = Q(pk__in=Action.objects.visible_to(person).order_by().values("pk"))
    facts, texts = ["code", "created_at", "withdrawn_at"], ["title", "withdrawal_reason"]
    planned = shown_where_seen(authored, facts, texts, seen=seen)
    exported = [*planned, *answers.values("action__code", "recommendation__code", "added_at")]
    return [*exported, *clusters.values("action__code", "cluster__name", "added_at")]


def keep_actions(_person: User, _names: list[str]) -> None:
    """Kept. The plan belongs to the State; whoever entered it is shown as an erased person from then on."""


keeps_personal_data("actions", export=actions, erase=keep_actions)
