"""What each row of a file with values would do, held against what is there."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.reading import CellRefused
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.measurements import MeasurementValues, in_words, refuse_impossible, said_by
from servanda.planning.indicators.periods import as_period
from servanda.planning.indicators.rules import parts_of
from servanda.planning.indicators.sdmx import area_of_the_country
from servanda.planning.indicators.value_file import KEPT, Row, refuse_other_deeds, said_in
from servanda.planning.models import Dimension, Indicator, Measurement

Verdict = StagedRow.Verdict
COLUMN_OF = {
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
    """What one row would do: the value that it says, and the one that it would take the place of."""

    number: int
    code: str
    verdict: str
    said: MeasurementValues | None = None
    indicator: Indicator | None = None
    old: Measurement | None = None
    reason: str = ""


class ValueSheetContext:
    """What the rows of one file are held against; asked for once."""

    def __init__(self, codes: Iterable[str], *, by: User):
        seen = Indicator.objects.visible_to(by).filter(code__in=set(codes))
        self.indicators = {one.code: one for one in seen}
        keys = [one.pk for one in self.indicators.values()]
        measured = Indicator.objects.measured_by(by).filter(pk__in=keys)
        self.measured = set(measured.order_by().values_list("pk", flat=True))
        self.categories: dict[int, dict[str, list[str]]] = defaultdict(dict)
        for one in Dimension.objects.filter(indicator__in=keys):
            self.categories[one.indicator_id][one.code] = one.category_names
        self.there: dict[Key, list[Measurement | MeasurementValues]] = defaultdict(list)
        for value in Measurement.objects.current().filter(indicator__in=keys).select_related("indicator"):
            series = value.territory, value.population, value.breakdown
            self.there[value.indicator_id, series].append(value)
        self.columns = {code.upper(): code for code in dimension_codes()}
        self.area, self.today = area_of_the_country(), timezone.localdate()


def dimension_codes() -> list[str]:
    return list(Dimension.objects.order_by().values_list("code", flat=True).distinct())


def judge(row: Row, ground: ValueSheetContext) -> Judged:
    code = row.cells["INDICATOR"]
    try:
        refuse_other_deeds(row)
        indicator = ground.indicators.get(code)
        if indicator is None:
            raise CellRefused("INDICATOR", _("there is no indicator “%(code)s”.") % {"code": code[:40]})
        said = said_in(row, indicator, area=ground.area, dimensions=ground.columns).tidied()
        kept = [name for column, name in KEPT.items() if column not in row.cells]
        return judge_said(row.number, indicator, said, ground, kept=kept)
    except Refused as refusal:
        return Judged(row.number, code, Verdict.REFUSED, reason=with_column(refusal))


def judge_said(
    number: int, indicator: Indicator, said: MeasurementValues, ground: ValueSheetContext, *, kept: Iterable[str] = ()
) -> Judged:
    """`kept` names what the file does not tell of, and what therefore stays as it stands."""
    if indicator.pk not in ground.measured:
        raise CellRefused("INDICATOR", _("only the institution that keeps it and the coordinator say its values."))
    there = ground.there[indicator.pk, said.series]
    same = next((one for one in there if (one.start, one.end) == (said.start, said.end)), None)
    if isinstance(same, MeasurementValues):
        raise CellRefused("TIME_PERIOD", _("another row of the file says a value for the same period."))
    if same:
        said = replace(said, **{name: getattr(same, name) for name in kept})
    others = [one for one in there if one is not same]
    refuse_impossible(indicator, said, there=others, categories=ground.categories[indicator.pk], on=ground.today)
    ground.there[indicator.pk, said.series] = [*others, said]
    verdict = Verdict.NEW
    if same is not None:
        verdict = Verdict.UNCHANGED if said == said_by(same) else Verdict.CHANGED
    return Judged(number, indicator.code, verdict, said, indicator, same)


def with_column(refusal: Refused) -> str:
    field = getattr(refusal, "field", "")
    if not isinstance(refusal, FieldRefused):
        return str(refusal)
    column = COLUMN_OF.get(field) or field.removeprefix("by_").upper()
    return str(CellRefused(column, refusal))


def stage(batch: Batch, judged: Iterable[Judged]) -> None:
    StagedRow.objects.bulk_create(
        StagedRow(
            batch=batch,
            number=place,
            where=_("row %(number)d") % {"number": one.number},
            verdict=one.verdict,
            code=one.code[:80],
            summary=summary_of(one)[:240],
            reason=one.reason,
            difference=json.dumps(kept_of(one), ensure_ascii=False, default=str) if one.said else "",
        )
        for place, one in enumerate(judged, 1)
    )


def summary_of(one: Judged) -> str:
    if one.said is None:
        return ""
    series = [one.said.territory, one.said.population, *parts_of(one.said.breakdown).values()]
    return " · ".join([as_period(one.said.start, one.said.end), *filter(None, series), in_words(one.said)])


def kept_of(one: Judged) -> dict:
    """What is needed to apply the row later, and to show what it would change."""
    before = asdict(said_by(one.old)) if one.old else None
    said = asdict(one.said) if one.said else None
    for kept in filter(None, (said, before)):
        kept["value"] = None if kept["value"] is None else plain(kept["value"])
    return {"said": said, "before": before, "old": one.old.pk if one.old else None}


def said_of(row: StagedRow) -> MeasurementValues:
    kept = json.loads(row.difference)["said"]
    return MeasurementValues(
        start=date.fromisoformat(kept["start"]),
        end=date.fromisoformat(kept["end"]),
        value=None if kept["value"] is None else Decimal(kept["value"]),
        missing=kept["missing"],
        territory=kept["territory"],
        population=kept["population"],
        breakdown=kept["breakdown"],
        source=kept["source"],
        method_version=kept["method_version"],
        is_break=kept["is_break"],
        note=kept["note"],
    )


def changes_of(row: StagedRow) -> list[tuple[str, str, str]]:
    """Column, what stands there, what the row says; of a row that corrects only."""
    kept: Mapping = json.loads(row.difference or "{}")
    before, after = kept.get("before"), kept.get("said")
    if not before or not after:
        return []
    names = [name for name in COLUMN_OF if str(before[name]) != str(after[name])]
    return [(COLUMN_OF[name], told(before[name]), told(after[name])) for name in names]


def told(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
