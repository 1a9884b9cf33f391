"""The measures of a case as its reader sees them: the body's own status, the plan of the State, the payments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from servanda.people.models import User
from servanda.planning.models import Action, ActionRecommendation
from servanda.proceedings.cases.measure_list import with_columns, with_status
from servanda.proceedings.models import CaseMeasure, Proceeding, measures_open_to
from servanda.progress.models import Common
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.recommendations.pages.detail import heading_of, with_heading

MOST_SHOWN = 200


@dataclass(slots=True)
class MeasureRow:
    record: Recommendation
    facts: OrderedMeasure | None
    text: object
    status: str
    is_late: bool
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class Total:
    """What the payments of one currency come to. Currencies are never added to each other."""

    currency: str
    due: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def unpaid(self) -> Decimal:
        return self.due + self.interest - self.paid


def measures_of(proceeding: Proceeding, user: User, *, on: date) -> list[MeasureRow]:
    """The measures that this reader may see from inside, in the order of the decision."""
    linked = CaseMeasure.objects.visible_to(user).filter(proceeding=proceeding)
    found = measures_open_to(user).filter(pk__in=linked.order_by().values("recommendation"))
    records = list(with_heading(with_columns(with_status(found), user)).order_by("order_key", "pk")[:MOST_SHOWN])
    rows = [row_of(record, on=on) for record in records]
    planned = actions_on(records, user)
    for row in rows:
        row.actions = planned.get(row.record.pk, [])
    return rows


def row_of(record: Recommendation, *, on: date) -> MeasureRow:
    facts, status = getattr(record, "ordered", None), vars(record)["body_status"] or ""
    is_late = facts is not None and status != Common.FULL and facts.is_overdue(on)
    return MeasureRow(record, facts, heading_of(record), status, is_late)


def actions_on(records: Iterable[Recommendation], user: User) -> dict[int, list[Action]]:
    """The visible actions of the State on each of these measures."""
    visible = Action.objects.visible_to(user).order_by().values("pk")
    links = ActionRecommendation.objects.filter(recommendation__in=list(records), action__in=visible)
    planned: dict[int, list[Action]] = {}
    for link in links.select_related("action").order_by("action__code"):
        planned.setdefault(link.recommendation_id, []).append(link.action)
    return planned


def totals_of(measures: Iterable[OrderedMeasure]) -> list[Total]:
    """One total for each currency; a payment counts as paid with its interest once it has a day."""
    totals: dict[str, Total] = {}
    for measure in measures:
        if not measure.is_payment or not measure.currency:
            continue
        total = totals.setdefault(measure.currency, Total(measure.currency))
        amount, interest = measure.amount or Decimal(0), measure.interest or Decimal(0)
        total.due += amount
        total.interest += interest
        if measure.paid_on:
            total.paid += amount + interest
    return [totals[currency] for currency in sorted(totals)]
