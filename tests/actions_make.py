"""Builders of plans and actions: one call makes one valid thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import Institution, User
from servanda.planning.actions.sheet_kind import SHAPE
from servanda.planning.models import Action, ActionInstitution, ActionRecommendation, Plan
from servanda.recommendations.models import Recommendation
from tests.make import numbers


def plan(code: str = "nhrap", **fields) -> Plan:
    return Plan.objects.get_or_create(code=code, defaults={"name": code.upper(), **fields})[0]


def action(
    title: str = "Draft a bill",
    lead: Institution | None = None,
    records: Sequence[Recommendation] = (),
    **fields,
) -> Action:
    """An internal action that no one has begun, unless the fields say otherwise."""
    fields.setdefault("code", f"A-{next(numbers)}")
    made = Action.objects.create(title=title, **fields)
    if lead:
        ActionInstitution.objects.create(action=made, institution=lead)
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=made, recommendation=record) for record in records
    )
    return made


@dataclass(slots=True)
class Planned:
    """What the addresses of plans and actions can name."""

    plan: Plan
    action: Action
    withdrawn: Action
    sheet: Batch


def planned(record: Recommendation, lead: Institution, by: User) -> Planned:
    """An action that answers the record, one that was withdrawn, and the plan of both."""
    common = {"plan": plan("plan-of-the-scene"), "created_by": by}
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawal_reason": "It was planned twice."}
    return Planned(
        plan=common["plan"],
        action=action("Draft a bill", lead, [record], **common),
        withdrawn=action("Draft it again", lead, [record], **common, **gone),
        sheet=Batch.objects.create(shape=SHAPE, name="actions.csv", created_by=by, sha256="2" * 64),
    )
