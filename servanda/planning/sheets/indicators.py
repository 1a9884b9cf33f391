"""Indicators that measure a record, with their values, from the columns of a sheet."""

from servanda.intake.columns.kinds import SheetRow, folded
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.planning.indicators.measurements import MeasurementValues, refuse_impossible
from servanda.planning.models import Indicator, Measurement
from servanda.planning.sheets.decisions import CellOutcome, CellOutcomes, NewIndicator, NewValue
from servanda.planning.sheets.existing import AnyIndicator, Importing, Register
from servanda.planning.sheets.numbers import IndicatorValue, read_indicator_value
from servanda.sources.printed.texts import clean_label

INDICATOR, VALUE = "indicator", "indicator value"
LONGEST_NAME = 300


def decide_indicators(row: SheetRow, outcomes: CellOutcomes, register: Register) -> None:
    importing = register.importing
    printed = importing.context.entries(row.cells.get(INDICATOR, "")) if row.says(INDICATOR) else []
    if not printed or not importing.may_plan:
        reason = _("This row contains no indicator.")
        if not importing.may_plan:
            reason = _("You do not have permission to add indicators. Ask the coordinator to import this column.")
        for column in (INDICATOR, VALUE):
            if row.says(column):
                outcomes[column].reasons.append(reason)
        return
    column = VALUE if row.says(VALUE) else INDICATOR
    for name, value in with_values(row, printed, outcomes, importing):
        decide_indicator(row, name, value, outcomes[INDICATOR], outcomes[column], register)
    if row.says(VALUE) and not (outcomes[VALUE].imported or outcomes[VALUE].unchanged or outcomes[VALUE].reasons):
        outcomes[VALUE].reasons.append(_("No indicator of this row is imported."))


def with_values(
    row: SheetRow, printed: list[str], outcomes: CellOutcomes, importing: Importing
) -> list[tuple[str, IndicatorValue | None]]:
    """Each name with its value, which is at the same place in the column of values or behind a colon."""
    if not row.says(VALUE):
        return [name_and_value(entry) for entry in printed]
    values = importing.context.entries(row.cells[VALUE])
    if len(values) != len(printed):
        sentence = _("The number of values differs from the number of indicators. Enter one for each indicator.")
        outcomes[VALUE].reasons.append(sentence)
        return [(name, None) for name in printed]
    pairs = []
    for name, entry in zip(printed, values, strict=True):
        value = read_indicator_value(entry)
        if value is None:
            sentence = _("“%(value)s” is not a number. Enter, for example, 72.5 or 72.5 (2025).")
            outcomes[VALUE].reasons.append(sentence % {"value": entry})
        pairs.append((name, value))
    return pairs


def name_and_value(entry: str) -> tuple[str, IndicatorValue | None]:
    """Split at the last colon if a number follows; names may contain colons."""
    name, _colon, rest = entry.rpartition(":")
    value = read_indicator_value(rest) if name.strip() else None
    return (name.strip(), value) if value else (entry, None)


def decide_indicator(
    row: SheetRow,
    printed: str,
    value: IndicatorValue | None,
    outcome: CellOutcome,
    of_value: CellOutcome,
    register: Register,
) -> None:
    importing = register.importing
    name = clean_label(printed)
    if not name or len(name) > LONGEST_NAME:
        outcome.reasons.append(_("Enter an indicator name of 1 to 300 characters."))
        return
    key = folded(name) or name
    present: AnyIndicator | None = importing.indicators.get(key) or importing.earlier.indicators.get(key)
    new = NewIndicator(name, bool(value and value.is_percent))
    wanted = present or new
    if value and not decide_value(wanted, value, row, of_value, importing) and present is None:
        outcome.notes.append(_("“%(name)s” is imported without a value.") % {"name": name})
    if present is None:
        importing.earlier.indicators[key] = new
        importing.orders.indicators.append(new)
        outcome.notes.append(_("New indicators are imported as process indicators. Complete them on their pages."))
    link(row, wanted, outcome, register)


def link(row: SheetRow, indicator: AnyIndicator, outcome: CellOutcome, register: Register) -> None:
    """Link the indicator to the record. Returns whether they are linked, now or before."""
    importing = register.importing
    pk = key_of(indicator)
    if (row.record, pk) in register.abouts or (row.about, pk) in importing.earlier.abouts:
        outcome.unchanged += 1
        return
    outcome.imported += 1
    importing.earlier.abouts.add((row.about, pk))
    importing.orders.abouts.append((row, indicator))


def decide_value(
    indicator: AnyIndicator, value: IndicatorValue, row: SheetRow, outcome: CellOutcome, importing: Importing
) -> bool:
    """Order the value unless it exists; without a year, for the day of the import. Returns whether it is recorded."""
    start, end = value.period(importing.context.on)
    new_values = MeasurementValues(start=start, end=end, value=value.number)
    known_values = values_of(indicator, importing)
    same_time = [known for known in known_values if not value.year or (known.start, known.end) == (start, end)]
    if any(known.value == value.number for known in same_time):
        outcome.unchanged += 1
        return True
    full_indicator = indicator if isinstance(indicator, Indicator) else indicator.as_indicator()
    try:
        refuse_impossible(full_indicator, new_values, current=known_values, categories={}, on=importing.context.on)
    except Refused as refusal:
        outcome.reasons.append(str(refusal))
        return False
    if not value.year:
        outcome.notes.append(_("A value without a year is recorded for the date of the import."))
    outcome.imported += 1
    importing.earlier.values[key_of(indicator)].append(new_values)
    importing.orders.values.append(NewValue(indicator, start, end, value.number, row.where))
    return True


def values_of(indicator: AnyIndicator, importing: Importing) -> list[Measurement | MeasurementValues]:
    pk = key_of(indicator)
    return [*importing.values.get(pk, ()), *importing.earlier.values[pk]]


def key_of(indicator: AnyIndicator) -> int:
    return indicator.pk if isinstance(indicator, Indicator) else -id(indicator)
