"""Totals over several actions, computed in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from servanda.planning.actions.rules import MOST_LEVELS
from servanda.planning.models import Action, ActionQuerySet


@dataclass(slots=True, frozen=True)
class Money:
    """Budget and funding in one currency."""

    currency: str
    budget: Decimal
    funded: Decimal

    @property
    def gap(self) -> Decimal:
        return self.budget - self.funded


@dataclass(slots=True, frozen=True)
class RollUp:
    total: int
    completed: int
    late: int
    start: date | None
    due_on: date | None
    money: Sequence[Money]

    @property
    def share(self) -> int:
        """Completed actions, in per cent of those not abandoned."""
        return round(100 * self.completed / self.total) if self.total else 0


def roll_up(actions: ActionQuerySet, *, among: ActionQuerySet, on: date) -> RollUp:
    """The totals of these actions. `among` are the actions that the reader sees, so that sums reveal nothing
    hidden."""
    rows = actions.order_by()
    not_abandoned = ~Q(status=Action.Status.ABANDONED)
    totals = rows.aggregate(
        total=Count("pk", filter=not_abandoned),
        completed=Count("pk", filter=Q(status=Action.Status.COMPLETED)),
        late=Count("pk", filter=Q(status__in=Action.OPEN, due_on__lt=on)),
        start=Min("start", filter=not_abandoned),
        due_on=Max("due_on", filter=not_abandoned),
    )
    return RollUp(**totals, money=money_of(rows.filter(not_abandoned), among=among))


def money_of(actions: ActionQuerySet, *, among: ActionQuerySet) -> list[Money]:
    """By currency. A budget includes those of the parts of the action, which are not added again."""
    with_budget = among.filter(budget__isnull=False).order_by().values("pk")
    budgeted = actions.filter(budget__isnull=False)
    for level in range(1, MOST_LEVELS):
        above = "__".join(["parent"] * level)
        budgeted = budgeted.exclude(**{f"{above}__in": with_budget})
    sums = budgeted.order_by().values("currency").annotate(all=Sum("budget"), paid=Sum("funded")).order_by("currency")
    return [Money(total["currency"], total["all"], total["paid"] or Decimal(0)) for total in sums]
