"""Read one row of a file of values: SDMX-CSV 2.0, or a spreadsheet with the same columns."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from servanda.intake.sheets.reading import CellRefused, Row
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.planning.indicators.measurements import MeasurementValues
from servanda.planning.indicators.periods import read_period
from servanda.planning.indicators.rules import in_canonical_order
from servanda.planning.indicators.sdmx import BREAK, MISSING_OF, NORMAL, UNITS, is_total
from servanda.planning.models import Indicator

ADDING = {"", "I", "A", "M", "R"}  # information, append, merge, replace: all are read alike; D, delete, is refused
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][-+]?\d{1,2})?")
NO_NUMBER = {"", "NaN", "NA"}
# Fields that keep their recorded value when the file has no such column.
KEPT = {"METHOD_VERSION": "method_version", "SOURCE_DETAIL": "source", "OBS_COMMENT": "note"}


def refuse_other_actions(row: Row) -> None:
    if row.cells.get("ACTION", "").upper() not in ADDING:
        raise CellRefused(
            "ACTION", _("values cannot be deleted. Correct the value, or enter the reason why it is missing.")
        )
    if row.cells.get("UNIT_MULT", "") not in ("", "0"):
        raise CellRefused("UNIT_MULT", _("enter full numbers, in the unit of the indicator."))


def values_of(row: Row, indicator: Indicator, *, area: str, dimensions: Mapping[str, str]) -> MeasurementValues:
    """What the row says; `dimensions` are columns and the codes that they stand for, `area` is the whole country."""
    unit = row.cells.get("UNIT_MEASURE", "")
    if unit and unit.upper() != UNITS[Indicator.Unit(indicator.unit)]:
        wanted = {"unit": UNITS[Indicator.Unit(indicator.unit)], "given": unit}
        raise CellRefused("UNIT_MEASURE", _("“%(given)s” is not the unit of the indicator. Enter %(unit)s.") % wanted)
    start, end = period_in(row)
    value, missing, is_break = value_in(row)
    territory, population = row.cells.get("REF_AREA", ""), row.cells.get("POPULATION", "")
    parts = {code: row.cells.get(column, "") for column, code in dimensions.items()}
    return MeasurementValues(
        start=start,
        end=end,
        value=value,
        missing=missing,
        territory="" if is_total(territory) or territory == area else territory,
        population="" if is_total(population) else population,
        breakdown=in_canonical_order({code: category for code, category in parts.items() if not is_total(category)}),
        source=row.cells.get("SOURCE_DETAIL", ""),
        method_version=row.cells.get("METHOD_VERSION", ""),
        is_break=is_break,
        note=row.cells.get("OBS_COMMENT", ""),
    )


def period_in(row: Row) -> tuple[date, date]:
    try:
        return read_period(row.cells["TIME_PERIOD"])
    except Refused as refusal:
        raise CellRefused("TIME_PERIOD", refusal) from None


def value_in(row: Row) -> tuple[Decimal | None, str, bool]:
    """The number, the reason if there is none, and whether the series breaks at this value."""
    number, status = row.cells["OBS_VALUE"], row.cells.get("OBS_STATUS", "").upper()
    if number in NO_NUMBER:
        if status not in MISSING_OF:
            known = {"codes": ", ".join(MISSING_OF), "given": status}
            sentence = _("“%(given)s” is not a reason for a missing value. Enter one of: %(codes)s.")
            raise CellRefused("OBS_STATUS", sentence % known)
        return None, MISSING_OF[status], False
    if not NUMBER.fullmatch(number):
        sentence = _(
            "“%(given)s” is not a number. Enter it with a decimal point and without spaces, for example 1234.5."
        )
        raise CellRefused("OBS_VALUE", sentence % {"given": number[:40]})
    if status not in ("", NORMAL, BREAK):
        sentence = _(
            "“%(given)s” cannot be used with a number. Enter A, or B for a break in the series. Enter other "
            "remarks as a comment."
        )
        raise CellRefused("OBS_STATUS", sentence % {"given": status})
    return Decimal(number), "", status == BREAK
