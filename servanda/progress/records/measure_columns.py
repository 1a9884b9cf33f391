"""Columns of measures that courts and committees have ordered, in files of a list that asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal

from servanda.progress.models import Assessment, Voice
from servanda.progress.records.countable import CountableRows
from servanda.recommendations.editing.measure_facts import MeasureFacts, in_cents
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.recommendations.register.exports import AddedColumns

# As on the public page of a measure: its payment is shown at the desk only.
PUBLIC = {"type": "measure_type", "due_on": "measure_due_on"}
INSIDE = {"amount": "amount", "currency": "currency", "interest": "interest", "paid_on": "paid_on"}
FOLLOWED_UP = ("body_status", "state_plan")


def asks_for_measures(kinds: Sequence[str]) -> bool:
    return Recommendation.Kind.MEASURE in kinds


def with_measures(beside: AddedColumns, rows: CountableRows) -> AddedColumns:
    """These columns with the facts of measures; for readers of the internal side also the payment, the status in the
    body's own words, and the actions of the State."""
    is_inside = not beside.is_public
    named = PUBLIC | INSIDE if is_inside else PUBLIC
    columns = (*named.values(), *FOLLOWED_UP) if is_inside else tuple(named.values())

    def read(pks: Sequence[int]) -> dict[int, dict[str, object]]:
        values = {pk: dict(row) for pk, row in beside.read(pks).items()}
        for pk, row in facts_by_record(pks, named).items():
            values.setdefault(pk, {}).update(row)
        if is_inside:
            for pk, label in statuses_of_bodies(pks).items():
                values.setdefault(pk, {})["body_status"] = label
            for pk, actions in plans(rows, pks).items():
                values.setdefault(pk, {})["state_plan"] = actions
        return values

    return AddedColumns((*beside.columns, *columns), read, is_public=beside.is_public)


def facts_by_record(pks: Sequence[int], named: Mapping[str, str]) -> dict[int, dict[str, object]]:
    names = [field.name for field in fields(MeasureFacts) if field.name in named]
    rows = OrderedMeasure.objects.filter(recommendation__in=pks).values_list("recommendation", *names)
    return {
        pk: {named[name]: cell_of(value) for name, value in zip(names, values, strict=True)} for pk, *values in rows
    }


def cell_of(value: object) -> str:
    if value is None:
        return ""
    return in_cents(value) if isinstance(value, Decimal) else str(value)


def statuses_of_bodies(pks: Sequence[int]) -> dict[int, str]:
    """What the body itself says now, in its own words."""
    latest = Assessment.objects.latest().filter(recommendation__in=pks, voice=Voice.MECHANISM)
    rows = latest.order_by("date", "pk").values_list("recommendation", "grade__label")
    return {pk: str(label) for pk, label in rows}


def plans(rows: CountableRows, pks: Sequence[int]) -> dict[int, list[str]]:
    """The actions on each record, as far as these readers may count them: reference and status."""
    linked = rows.actions.filter(recommendation__in=pks).order_by("action__code")
    planned: dict[int, list[str]] = {}
    for pk, code, status in linked.values_list("recommendation", "action__code", "action__status"):
        planned.setdefault(pk, []).append(f"{code}: {status}")
    return planned
