"""A file with values of indicators: SDMX-CSV 2.0, or the same columns as a spreadsheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from servanda.intake.sheets.reading import CellRefused, tables_in, tidy
from servanda.kit.refusal import Refused, Unreadable
from servanda.planning.indicators.measurements import MeasurementValues
from servanda.planning.indicators.periods import read_period
from servanda.planning.indicators.rules import in_canonical_order
from servanda.planning.indicators.sdmx import AFTER, BEFORE, BREAK, MISSING_OF, NORMAL, UNITS, is_total
from servanda.planning.models import Indicator

MOST_ROWS = 2_000  # they are written in one transaction, for which others wait
HEADER_WITHIN = 10
NEEDED = ("INDICATOR", "TIME_PERIOD", "OBS_VALUE")
ADDING = {"", "I", "A", "M", "R"}  # information, append, merge, replace: all say what holds; D would delete
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][-+]?\d{1,2})?")
NO_NUMBER = {"", "NaN", "NA"}
# What stays as it stands when the file has no such column.
KEPT = {"METHOD_VERSION": "method_version", "SOURCE_DETAIL": "source", "OBS_COMMENT": "note"}


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet program counts
    cells: dict[str, str]


@dataclass
class ValueFile:
    rows: list[Row] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_value_file(path: Path, dimensions: Sequence[str], *, name: str) -> ValueFile:
    """Every table whose header names values of indicators; `dimensions` are the codes that columns may have."""
    found, known = ValueFile(), {*BEFORE, *AFTER, "UNIT_MULT", *(code.upper() for code in dimensions)}
    for rows in tables_in(path):
        header, body = header_and_rows(rows)
        if header:
            take(found, header, body, known)
    if not found.rows:
        sentence = _("%(file)s has no values. The first row names the columns %(columns)s, and others if you like.")
        raise Unreadable(sentence % {"file": name, "columns": ", ".join(NEEDED)})
    return found


def header_and_rows(
    rows: Iterator[tuple[int, list[str]]],
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    for number, cells in rows:
        header = [cell.strip().upper() for cell in cells]
        if all(column in header for column in NEEDED):
            return header, rows
        if number >= HEADER_WITHIN:
            break
    return [], iter(())


def take(found: ValueFile, header: list[str], rows: Iterator[tuple[int, list[str]]], known: set[str]) -> None:
    if doubled := sorted({title for title in header if title and header.count(title) > 1}):
        sentence = _("These columns are there twice: %(columns)s. Please rename one of each.")
        raise Unreadable(sentence % {"columns": ", ".join(doubled)})
    places = {place: title for place, title in enumerate(header) if title in known}
    found.ignored += [title for place, title in enumerate(header) if title and place not in places]
    for number, cells in rows:
        values = {title: tidy(cells[place]) if place < len(cells) else "" for place, title in places.items()}
        if any(values.values()):
            found.rows.append(Row(number, values))
        if len(found.rows) > MOST_ROWS:
            raise Unreadable(_("The file has more than %(most)d rows. Please split it.") % {"most": MOST_ROWS})


def refuse_other_deeds(row: Row) -> None:
    if row.cells.get("ACTION", "").upper() not in ADDING:
        raise CellRefused("ACTION", _("values are not deleted. Correct them, or say why they are missing."))
    if row.cells.get("UNIT_MULT", "") not in ("", "0"):
        raise CellRefused("UNIT_MULT", _("write the numbers out, in the unit of the indicator."))


def said_in(row: Row, indicator: Indicator, *, area: str, dimensions: Mapping[str, str]) -> MeasurementValues:
    """What the row says; `dimensions` are columns and the codes that they stand for, `area` is the whole country."""
    unit = row.cells.get("UNIT_MEASURE", "")
    if unit and unit.upper() != UNITS[Indicator.Unit(indicator.unit)]:
        wanted = {"unit": UNITS[Indicator.Unit(indicator.unit)], "given": unit}
        raise CellRefused("UNIT_MEASURE", _("“%(given)s” is not the unit, which is %(unit)s.") % wanted)
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
        breakdown=in_canonical_order({code: said for code, said in parts.items() if not is_total(said)}),
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
    """The number, or the reason why there is none, and whether the series breaks there."""
    given, status = row.cells["OBS_VALUE"], row.cells.get("OBS_STATUS", "").upper()
    if given in NO_NUMBER:
        if status not in MISSING_OF:
            known = {"codes": ", ".join(MISSING_OF), "given": status}
            sentence = _("“%(given)s” does not say why the value is missing. Write one of: %(codes)s.")
            raise CellRefused("OBS_STATUS", sentence % known)
        return None, MISSING_OF[status], False
    if not NUMBER.fullmatch(given):
        sentence = _("“%(given)s” is no number. Write it like 1234.5, with a point and without blanks.")
        raise CellRefused("OBS_VALUE", sentence % {"given": given[:40]})
    if status not in ("", NORMAL, BREAK):
        sentence = _("“%(given)s” does not go with a number here. Write A, or B for a break; say the rest in words.")
        raise CellRefused("OBS_STATUS", sentence % {"given": status})
    return Decimal(given), "", status == BREAK
