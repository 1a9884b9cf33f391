"""Invented indicators with invented values."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from servanda.demo.assignments import supported_under
from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution, User
from servanda.planning.indicators.measurements import MeasurementValues, correct_measurement, measure
from servanda.planning.indicators.rules import DimensionValues, Metadata
from servanda.planning.indicators.services import add_indicator, edit_indicator, override_progress, set_dimensions
from servanda.planning.models import Indicator
from servanda.vocab.models import Term

Row = dict[str, Any]
MOST_RECORDS, CYCLES = 3, (4, 3)
NEXT_DUE = 60  # days from today, unless the row says otherwise


def load() -> None:
    """Idempotent."""
    if Indicator.objects.exists():
        return
    data, by = read("indicators"), coordinator()
    indicators = [(add(row, data, by=by), row) for row in data["indicators"]]
    for indicator, row in indicators:
        if dimension := row.get("dimension"):
            divide(indicator, dimension, source=data["source"], by=by)
        if correction := row.get("correction"):
            correct(indicator, correction, source=data["source"], by=by)
        if override := row.get("override"):
            percent, reason = Decimal(override["percent"]), override["reason"]
            override_progress(indicator=indicator, percent=percent, reason=reason, by=by)


def add(row: Row, data: Row, *, by: User) -> Indicator:
    metadata = metadata_of(row, data)
    records = [
        record
        for cycle in CYCLES
        for record in supported_under(row["theme"], cycle).order_by("order_key")[:MOST_RECORDS]
    ]
    indicator = add_indicator(values=metadata, recommendations=records, by=by)
    for place, number in enumerate(row["values"]):
        measure(indicator=indicator, values=measurement_of(row, place, number, data["source"]), by=by)
    indicator.refresh_from_db()
    # Entering values has moved the day on which the next one is due: reset it.
    return edit_indicator(indicator=indicator, values=metadata, seen=indicator.version, by=by)


def metadata_of(row: Row, data: Row) -> Metadata:
    first, values = first_year(row), row["values"]
    return Metadata(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        right=Term.objects.filter(taxonomy__code="uhri-theme", code=row["theme"]).first(),
        attribute=row["attribute"],
        definition=data["definition"],
        unit=row.get("unit", Indicator.Unit.PERCENT),
        unit_words=row.get("unit_words", ""),
        source=data["source"],
        custodian=Institution.objects.get(code=row["custodian"]),
        direction=row.get("direction", Indicator.Direction.UP),
        baseline=exact(values[0]) if values else None,
        baseline_on=date(first, 12, 31) if values else None,
        target=exact(row["target"]),
        target_on=date(timezone.localdate().year + 4, 12, 31),
        target_source=data["target_source"],
        next_due_on=day(row.get("due", NEXT_DUE)),
        sdg_indicator=row.get("sdg", ""),
        method_version=str(first),
        is_published=row.get("is_published", True),
    )


def first_year(row: Row) -> int:
    return timezone.localdate().year - len(row["values"])


def exact(number: float | None) -> Decimal | None:
    """The number as written in the file, without binary rounding errors."""
    return None if number is None else Decimal(str(number))


def measurement_of(row: Row, place: int, number: float | None, source: str) -> MeasurementValues:
    year = first_year(row) + place
    new_method = row.get("new_method", {"from": len(row["values"])})
    is_break = place == new_method["from"]
    return MeasurementValues(
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        value=exact(number),
        missing="not-collected" if number is None else "",
        source=source,
        method_version=new_method["version"] if place >= new_method["from"] else "",
        is_break=is_break,
        note=new_method["note"] if is_break else "",
    )


def divide(indicator: Indicator, dimension: Row, *, source: str, by: User) -> None:
    """Add values for each category: those of the total, shifted by the number in the file."""
    indicator.refresh_from_db()
    parts = DimensionValues(dimension["code"], dimension["name"], tuple(dimension["categories"]))
    set_dimensions(indicator=indicator, dimensions=[parts], seen=indicator.version, by=by)
    for total in list(indicator.measurements.headline()):
        for category, change in dimension["categories"].items():
            value = (total.value or Decimal(0)) + Decimal(str(change))
            breakdown = f"{dimension['code']}={category}"
            part = MeasurementValues(total.start, total.end, value, breakdown=breakdown, source=source)
            measure(indicator=indicator, values=part, by=by)


def correct(indicator: Indicator, correction: Row, *, source: str, by: User) -> None:
    last = indicator.measurements.headline().last()
    assert last is not None
    value = (last.value or Decimal(0)) + Decimal(str(correction["add"]))
    corrected = MeasurementValues(last.start, last.end, value, source=source, note=correction["note"])
    correct_measurement(measurement=last, values=corrected, reason=correction["reason"], by=by)
