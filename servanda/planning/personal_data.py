"""What a person said about who answers is the mechanism's, and stays without a name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data
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
    said = Assignment.objects.filter(Q(assigned_by=person) | Q(refused_by=person) | Q(ended_by=person))
    return list(
        said.order_by("pk").values(
            "recommendation__code", "institution__code", "part", "assigned_at", "refused_at", "ended_at"
        )
    )


def keep_assignments(_person: User, _names: list[str]) -> None:
    """Who said it is shown as an erased person from then on."""


keeps_personal_data("assignments", tell=assignments, forget=keep_assignments)


def measurements(person: User) -> list[dict]:
    """Indicators that they added, withdrew or judged by hand, and the values that they entered."""
    touched = Q(created_by=person) | Q(withdrawn_by=person) | Q(override_by=person)
    sheets = Indicator.objects.filter(touched).order_by("pk").values("code", "name", "created_at", "override_at")
    values = Measurement.objects.filter(entered_by=person).order_by("pk")
    facts = ("indicator__code", "start", "end", "value", "missing", "note", "entered_at", "correction_reason")
    return [*sheets, *values.values(*facts)]


def keep_measurements(_person: User, _names: list[str]) -> None:
    """Numbers are the institution's; who typed them is shown as an erased person from then on."""


keeps_personal_data("indicators_and_values", tell=measurements, forget=keep_measurements)


def proposals(person: User) -> list[dict]:
    said = PositionProposal.objects.filter(proposed_by=person).order_by("pk")
    facts = ("recommendation__code", "institution__code", "stand", "comment", "proposed_at", "ended_at")
    return list(said.values(*facts))


def keep_proposals(_person: User, _names: list[str]) -> None:
    """What an institution proposed stays; who typed it is shown as an erased person from then on."""


keeps_personal_data("proposals_of_positions", tell=proposals, forget=keep_proposals)


def actions(person: User) -> list[dict]:
    """What they planned or withdrew, and where they said that an action answers a record or a cluster."""
    touched = Action.objects.filter(Q(created_by=person) | Q(withdrawn_by=person)).order_by("pk")
    answers = ActionRecommendation.objects.filter(added_by=person).order_by("pk")
    clusters = ActionCluster.objects.filter(added_by=person).order_by("pk")
    planned = touched.values("code", "title", "created_at", "withdrawn_at", "withdrawal_reason")
    told = [*planned, *answers.values("action__code", "recommendation__code", "added_at")]
    return [*told, *clusters.values("action__code", "cluster__name", "added_at")]


def keep_actions(_person: User, _names: list[str]) -> None:
    """What the State plans stays; who typed it is shown as an erased person from then on."""


keeps_personal_data("actions", tell=actions, forget=keep_actions)
