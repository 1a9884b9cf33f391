"""What several actions come to together, asked of the database in one question each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from servanda.planning.actions.rules import MOST_LEVELS
from servanda.planning.models import Action, ActionQuerySet


@dataclass(slots=True, frozen=True)
class Money:
    """In one currency: what is planned, what of it is funded."""

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
        """Of the actions that were not given up, in per cent."""
        return round(100 * self.completed / self.total) if self.total else 0


def roll_up(actions: ActionQuerySet, *, among: ActionQuerySet, on: date) -> RollUp:
    """What these actions come to. `among` are those that the reader sees, so that nothing hidden adds to a sum."""
    seen = actions.order_by()
    standing = ~Q(status=Action.Status.ABANDONED)
    found = seen.aggregate(
        total=Count("pk", filter=standing),
        completed=Count("pk", filter=Q(status=Action.Status.COMPLETED)),
        late=Count("pk", filter=Q(status__in=Action.OPEN, due_on__lt=on)),
        start=Min("start", filter=standing),
        due_on=Max("due_on", filter=standing),
    )
    return RollUp(**found, money=money_of(seen.filter(standing), among=among))


def money_of(actions: ActionQuerySet, *, among: ActionQuerySet) -> list[Money]:
    """An action that names a budget names it for its parts too: theirs are not counted again."""
    with_budget = among.filter(budget__isnull=False).order_by().values("pk")
    counted = actions.filter(budget__isnull=False)
    for level in range(1, MOST_LEVELS):
        above = "__".join(["parent"] * level)
        counted = counted.exclude(**{f"{above}__in": with_budget})
    sums = counted.order_by().values("currency").annotate(all=Sum("budget"), paid=Sum("funded")).order_by("currency")
    return [Money(one["currency"], one["all"], one["paid"] or Decimal(0)) for one in sums]
