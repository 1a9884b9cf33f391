"""Write what the rows of an import order, table by table, in the transaction that switches the import on."""

from collections.abc import Mapping

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from servanda.intake.models import Batch
from servanda.people.models import Institution, User
from servanda.planning.models import (
    Action,
    ActionInstitution,
    ActionRecommendation,
    Assignment,
    BroughtInstitution,
    Indicator,
    IndicatorRecommendation,
    Measurement,
    Plan,
)
from servanda.planning.sheets.decisions import NewAction, NewIndicator, Orders, record_of
from servanda.planning.sheets.institutions import MeantInstitution, create_named
from servanda.planning.sheets.plans import NewPlan, create_plans

AT_ONCE = 500
ADDED = "import-applied"


def write_orders(orders: Orders, *, batch: Batch, by: User | None) -> None:
    made = create_named(orders.institutions(), by=by)
    BroughtInstitution.objects.bulk_create(
        BroughtInstitution(batch=batch, institution=institution) for institution in made.values()
    )
    write_assignments(orders, made, batch=batch, by=by)
    write_actions(orders, made, batch=batch, by=by)
    write_indicators(orders, batch=batch, by=by)


def in_register(institution: MeantInstitution, made: Mapping[str, Institution]) -> Institution:
    return institution.existing or made[institution.key]


def write_assignments(orders: Orders, made: Mapping[str, Institution], *, batch: Batch, by: User | None) -> None:
    """They end no other assignment: where one is in the way, the cell was left out."""
    Assignment.objects.bulk_create(
        (
            Assignment(
                recommendation_id=record_of(assignment.row),
                institution=in_register(assignment.institution, made),
                part=assignment.part,
                since=assignment.since,
                due_on=assignment.due_on,
                assigned_by=by,
                brought_by=batch,
            )
            for assignment in orders.assignments
        ),
        AT_ONCE,
    )


def write_actions(orders: Orders, made: Mapping[str, Institution], *, batch: Batch, by: User | None) -> None:
    codes = free_codes("A", Action, len(orders.actions))
    plans = create_plans(orders.plans(), batch=batch, by=by)
    actions = [as_action(order, code, plans, batch, by) for order, code in zip(orders.actions, codes, strict=True)]
    add_with_history(actions, Action, by)
    of_order = {id(order): action for order, action in zip(orders.actions, actions, strict=True)}
    parts = [
        ActionInstitution(action=of_order[id(order)], institution=in_register(institution, made), part=part)
        for order in orders.actions
        for part, some in (("lead", [order.lead] if order.lead else []), ("supporting", order.supporting))
        for institution in some
    ]
    ActionInstitution.objects.bulk_create(parts, AT_ONCE)
    ActionRecommendation.objects.bulk_create(
        (
            ActionRecommendation(
                action=action if isinstance(action, Action) else of_order[id(action)],
                recommendation_id=record_of(row),
                added_by=by,
                brought_by=batch,
            )
            for row, action in orders.answers
        ),
        AT_ONCE,
    )


def as_action(order: NewAction, code: str, plans: Mapping[NewPlan, Plan], batch: Batch, by: User | None) -> Action:
    return Action(
        code=code,
        title=order.title,
        description=order.description,
        status=order.status,
        plan_id=plans[order.plan].pk if isinstance(order.plan, NewPlan) else order.plan,
        due_on=order.due_on,
        budget=order.budget.number if order.budget else None,
        currency=order.budget.currency if order.budget else "",
        created_by=by,
        brought_by=batch,
    )


def write_indicators(orders: Orders, *, batch: Batch, by: User | None) -> None:
    codes = free_codes("I", Indicator, len(orders.indicators))
    indicators = [order.as_indicator() for order in orders.indicators]
    for indicator, code in zip(indicators, codes, strict=True):
        indicator.code, indicator.created_by, indicator.brought_by = code, by, batch
    add_with_history(indicators, Indicator, by)
    of_order = {id(order): indicator for order, indicator in zip(orders.indicators, indicators, strict=True)}

    def saved(indicator: NewIndicator | Indicator) -> Indicator:
        return indicator if isinstance(indicator, Indicator) else of_order[id(indicator)]

    IndicatorRecommendation.objects.bulk_create(
        (
            IndicatorRecommendation(indicator=saved(indicator), recommendation_id=record_of(row), brought_by=batch)
            for row, indicator in orders.abouts
        ),
        AT_ONCE,
    )
    Measurement.objects.bulk_create(
        (
            Measurement(
                indicator=saved(value.indicator),
                start=value.start,
                end=value.end,
                value=value.number,
                source=f"{batch.name}, {value.where}"[:300],
                entered_by=by,
                brought_by=batch,
            )
            for value in orders.values
        ),
        AT_ONCE,
    )


def add_with_history(rows: list, model: type[Action] | type[Indicator], by: User | None) -> None:
    if rows:
        bulk_create_with_history(
            rows,
            model,
            batch_size=AT_ONCE,
            default_user=by,
            default_change_reason=ADDED,
            default_date=timezone.now(),
        )


def free_codes(letter: str, model: type[Action] | type[Indicator], number: int) -> list[str]:
    """The next free references; those of deleted rows are not used again."""
    if not number:
        return []
    first = (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    taken = {
        code.upper() for code in model.objects.filter(code__istartswith=f"{letter}-").values_list("code", flat=True)
    }
    codes: list[str] = []
    while len(codes) < number:
        if (code := f"{letter}-{first}") not in taken:
            codes.append(code)
        first += 1
    return codes
