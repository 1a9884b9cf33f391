"""What each row of a file with values does, compared with the values that are recorded."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.utils import timezone

from servanda.intake.models import StagedRow
from servanda.intake.sheets.kinds import Change, Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.measurements import (
    LEAVES_DUE,
    MeasurementValues,
    in_words,
    new_measurement,
    refuse_impossible,
    values_in,
)
from servanda.planning.indicators.periods import as_period, next_due
from servanda.planning.indicators.rules import parts_of
from servanda.planning.indicators.sdmx import AFTER, BEFORE, area_of_the_country
from servanda.planning.indicators.value_cells import KEPT, refuse_other_actions, values_of
from servanda.planning.models import Dimension, Indicator, Measurement

Verdict = StagedRow.Verdict
NEEDED = ("INDICATOR", "TIME_PERIOD", "OBS_VALUE")
COLUMNS_OF_FIELDS = {
    "start": "TIME_PERIOD",
    "end": "TIME_PERIOD",
    "value": "OBS_VALUE",
    "missing": "OBS_STATUS",
    "is_break": "OBS_STATUS",
    "territory": "REF_AREA",
    "population": "POPULATION",
    "source": "SOURCE_DETAIL",
    "method_version": "METHOD_VERSION",
    "note": "OBS_COMMENT",
}
type Key = tuple[int, tuple[str, str, str]]  # an indicator, and one series of it


@dataclass(slots=True)
class Judged:
    """What one row does: the value that it says, and the one that this replaces."""

    where: str
    code: str
    verdict: str
    values: MeasurementValues | None = None
    indicator: Indicator | None = None
    old: Measurement | None = None
    new: Measurement | None = None
    due: tuple[date | None, date | None] | None = None  # of the indicator, before and after, on its first row
    reason: str = ""


class ValueSheetContext:
    """What the rows of one file are compared with, read once."""

    def __init__(self, codes: Iterable[str], *, by: User):
        visible = Indicator.objects.visible_to(by).filter(code__in=set(codes))
        self.indicators = {indicator.code: indicator for indicator in visible}
        keys = [indicator.pk for indicator in self.indicators.values()]
        measured = Indicator.objects.measured_by(by).filter(pk__in=keys)
        self.measured = set(measured.order_by().values_list("pk", flat=True))
        self.categories: dict[int, dict[str, list[str]]] = defaultdict(dict)
        for dimension in Dimension.objects.filter(indicator__in=keys):
            self.categories[dimension.indicator_id][dimension.code] = dimension.category_names
        self.current: dict[Key, list[Measurement | MeasurementValues]] = defaultdict(list)
        for value in Measurement.objects.current().filter(indicator__in=keys).select_related("indicator"):
            series = value.territory, value.population, value.breakdown
            self.current[value.indicator_id, series].append(value)
        self.dimensions = {code.upper(): code for code in dimension_codes()}
        self.area, self.today = area_of_the_country(), timezone.localdate()


def dimension_codes() -> list[str]:
    return list(Dimension.objects.order_by().values_list("code", flat=True).distinct())


def columns() -> list[str]:
    return list(dict.fromkeys([*BEFORE, *AFTER, "UNIT_MULT", *(code.upper() for code in dimension_codes())]))


def judge_rows(kind: SheetKind, rows: Sequence[Row], run: Run) -> list[Judged]:
    """Of indicators that are locked until the transaction ends."""
    codes = {row.cells["INDICATOR"] for row in rows}
    list(Indicator.objects.select_for_update().filter(code__in=codes).order_by("pk"))
    context = ValueSheetContext(codes, by=run.by)
    return [judge(kind, row, context) for row in rows]


def judge(kind: SheetKind, row: Row, context: ValueSheetContext) -> Judged:
    code = row.cells["INDICATOR"]
    try:
        refuse_other_actions(row)
        row.required("INDICATOR", _("enter the reference of an indicator."))
        indicator = context.indicators.get(code)
        if indicator is None:
            raise CellRefused("INDICATOR", _("no indicator has the reference “%(code)s”.") % {"code": code[:40]})
        values = values_of(row, indicator, area=context.area, dimensions=context.dimensions).tidied()
        kept = [name for column, name in KEPT.items() if column not in row.cells]
        return judge_values(row.where, indicator, values, context, kept=kept)
    except Refused as refusal:
        return Judged(row.where, code, Verdict.REFUSED, reason=kind.sentence_of(refusal))


def judge_values(
    where: str, indicator: Indicator, values: MeasurementValues, context: ValueSheetContext, *, kept: Iterable[str]
) -> Judged:
    """`kept` names what the file says nothing about, and what therefore stays as it is recorded."""
    if indicator.pk not in context.measured:
        raise CellRefused(
            "INDICATOR",
            _("only the institution responsible for the indicator and the coordinator can enter its values."),
        )
    series = context.current[indicator.pk, values.series]
    same = next((value for value in series if (value.start, value.end) == (values.start, values.end)), None)
    if isinstance(same, MeasurementValues):
        raise CellRefused(
            "TIME_PERIOD", _("another row of the file has a value for the same period. Keep one of the two.")
        )
    if same:
        values = replace(values, **{name: getattr(same, name) for name in kept})
    others = [value for value in series if value is not same]
    categories = context.categories[indicator.pk]
    refuse_impossible(indicator, values, current=others, categories=categories, on=context.today)
    context.current[indicator.pk, values.series] = [*others, values]
    verdict = Verdict.NEW
    if same is not None:
        verdict = Verdict.UNCHANGED if values == values_in(same) else Verdict.CHANGED
    return Judged(where, indicator.code, verdict, values, indicator, same)


def write_values(judged: Sequence[Judged], run: Run) -> None:
    """The new values, in place of the old ones, and the days when the next values are due."""
    wanted = [value for value in judged if value.verdict in (Verdict.NEW, Verdict.CHANGED)]
    olds = [value.old for value in wanted if value.old]
    reason = (run.options.get("reason") or "").strip()
    Measurement.objects.filter(pk__in=[old.pk for old in olds]).update(
        superseded_at=timezone.now(), correction_reason=reason
    )
    made = Measurement.objects.bulk_create(as_measurement(value, run) for value in wanted)
    for value, new in zip(wanted, made, strict=True):
        value.new = new
        if value.old:
            value.old.superseded_by = new
    Measurement.objects.bulk_update(olds, ["superseded_by"], batch_size=200)
    move_due_days(judged, by=run.by)


def as_measurement(judged: Judged, run: Run) -> Measurement:
    assert judged.indicator is not None
    assert judged.values is not None
    return new_measurement(judged.indicator, judged.values, by=run.by, batch=run.batch)


def move_due_days(judged: Sequence[Judged], *, by: User) -> None:
    """Each indicator once; its first row remembers the day before, for the undo."""
    first: dict[int, tuple[Judged, Indicator, date | None]] = {}
    for row in judged:
        indicator, values = row.indicator, row.values
        if indicator is None or values is None or not values.is_headline or values.missing == LEAVES_DUE:
            continue
        _row, indicator, _due = first.setdefault(indicator.pk, (row, indicator, indicator.next_due_on))
        indicator.next_due_on = next_due(indicator, end=values.end)
    for row, indicator, due in first.values():
        if indicator.next_due_on != due:
            row.due = due, indicator.next_due_on
            save_version(indicator, "value-sheet-applied", by=by)


def staged(judged: Judged) -> StagedRow:
    return StagedRow(
        where=judged.where,
        verdict=judged.verdict,
        code=judged.code,
        summary=summary_of(judged),
        reason=judged.reason,
        difference=json.dumps(difference_of(judged), ensure_ascii=False, default=str) if judged.values else "",
    )


def summary_of(judged: Judged) -> str:
    if (values := judged.values) is None:
        return ""
    series = [values.territory, values.population, *parts_of(values.breakdown).values()]
    return " · ".join([as_period(values.start, values.end), *filter(None, series), in_words(values)])


def difference_of(judged: Judged) -> dict:
    """What is needed to undo the row later, and to show what it changes."""
    before = asdict(values_in(judged.old)) if judged.old else None
    after = asdict(judged.values) if judged.values else None
    for values in filter(None, (after, before)):
        values["value"] = None if values["value"] is None else plain(values["value"])
    keys = {"old": judged.old.pk if judged.old else None, "new": judged.new.pk if judged.new else None}
    return {"said": after, "before": before, **keys, "due": judged.due}


def judgment_of(row: StagedRow) -> tuple[str, object]:
    """The verdict, and which value the row replaces."""
    return row.verdict, json.loads(row.difference)["old"] if row.difference else None


def changes_of(row: StagedRow) -> list[Change]:
    """Of a row that corrects a value only."""
    difference: Mapping = json.loads(row.difference or "{}")
    before, after = difference.get("before"), difference.get("said")
    if not before or not after:
        return []
    names = [name for name in COLUMNS_OF_FIELDS if str(before[name]) != str(after[name])]
    return [Change(COLUMNS_OF_FIELDS[name], in_cell(before[name]), in_cell(after[name])) for name in names]


def in_cell(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def explanations() -> list[tuple[str, str]]:
    return [
        ("INDICATOR", _("The reference of the indicator.")),
        (
            "TIME_PERIOD",
            _("2025, 2025-Q1, 2025-S1, 2025-03, or a start date and a length, for example 2025-01-15/P10D."),
        ),
        ("OBS_VALUE", _("The number, with a decimal point. Leave the cell empty if there is no value.")),
        (
            "OBS_STATUS",
            _(
                "A for an ordinary value, B for the first after a break in the series. Without a value: L not "
                "collected, O not yet available, K not disaggregated this way, Q confidential, M not "
                "applicable."
            ),
        ),
        ("REF_AREA", _("The country code, or _T for the whole country. Any other entry is a territory.")),
        ("POPULATION", _("_T for the whole population, or the name of the population group.")),
        (
            _("a column for each dimension"),
            _("_T for the total, _Z if the indicator is not disaggregated this way, or the category."),
        ),
        ("UNIT_MEASURE", "NUMBER, PERCENT, RATE, INDEX, MONEY, YES_NO"),
        (
            "METHOD_VERSION, SOURCE_DETAIL, OBS_COMMENT",
            _(
                "Text that accompanies the value. Without the column, the current text is kept. An empty cell "
                "clears it."
            ),
        ),
    ]
