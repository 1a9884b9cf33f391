"""An invented plan with invented actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution, User
from servanda.planning.actions.rules import ActionValues
from servanda.planning.actions.services import Step, add_action, publish_action, set_milestones
from servanda.planning.models import Action, Assignment, Plan
from servanda.planning.plans.services import PlanValues as SaidOfPlan
from servanda.planning.plans.services import add_plan
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.models import Recommendation

MOST_RECORDS, MOST_OF_A_PART = 12, 3  # answered by an action, and by a part of one


def load() -> None:
    """Idempotent."""
    data = read("actions")
    if Plan.objects.filter(code=data["plan"]["code"]).exists():
        return
    by, year = coordinator(), timezone.localdate().year
    start, end = date(year - 1, 1, 1), date(year + 3, 12, 31)
    plan = add_plan(values=SaidOfPlan(**data["plan"], start=start, end=end, is_published=True), by=by)
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    for row in data["actions"]:
        shared = {
            "plan": plan,
            "lead": institutions[row["lead"]],
            "supporting": [institutions[code] for code in row.get("supporting", [])],
        }
        add_with_parts(row, shared, by=by)


def add_with_parts(row: dict[str, Any], shared: dict[str, Any], *, by: User) -> None:
    records = records_of(row["lead"], row["theme"])
    whole = ActionValues(
        title=row["title"],
        description=row["description"],
        status=Action.Status.IN_PROGRESS,
        start=day(min(part["start"] for part in row["parts"])),
        due_on=day(max(part["due"] for part in row["parts"])),
        **shared,
    )
    parent = add_action(values=whole, by=by, answering=records)
    for part in row["parts"]:
        action = add_action(values=values_of(part, parent, shared), by=by, answering=records[:MOST_OF_A_PART])
        milestones = [
            Step(milestone["title"], due := day(milestone["due"]), due if milestone.get("reached") else None)
            for milestone in part.get("milestones", [])
        ]
        set_milestones(action=action, milestones=milestones, seen=action.version, by=by)
        if part["status"] == Action.Status.COMPLETED:
            publish_action(action=action, by=by)
    publish_action(action=parent, by=by)


def values_of(part: dict[str, Any], parent: Action, shared: dict[str, Any]) -> ActionValues:
    return ActionValues(
        title=part["title"],
        parent=parent,
        status=part["status"],
        start=day(part["start"]),
        due_on=day(part["due"]),
        budget=thousands(part.get("budget")),
        funded=thousands(part.get("funded")),
        currency="EUR",
        **shared,
    )


def thousands(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount * 1000)


def records_of(institution: str, theme: str) -> list[Recommendation]:
    """Records with this theme that are assigned to this institution."""
    labelled = assigned_labels().filter(term__taxonomy__code="uhri-theme", term__code=theme)
    assigned = Assignment.objects.current().filter(institution__code=institution)
    records = Recommendation.objects.kept().filter(pk__in=assigned.values("recommendation"))
    return list(records.filter(pk__in=labelled.values("recommendation")).order_by("order_key", "pk")[:MOST_RECORDS])
