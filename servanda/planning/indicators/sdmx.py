"""Values of indicators as SDMX-CSV 2.0: one row for each value.

The structure is our own, `SERVANDA:INDICATORS(1.0)`: frequency, area, indicator, population and period, and a column
for each dimension. Codes for missing values are those of CL_OBS_STATUS.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.downloads import send_table
from servanda.people.instance.file_names import file_name
from servanda.people.models import Instance
from servanda.planning.indicators.listing import as_number
from servanda.planning.indicators.periods import as_period
from servanda.planning.indicators.rules import parts_of
from servanda.planning.models import Dimension, Indicator, Measurement

STRUCTURE = ("dataflow", "SERVANDA:INDICATORS(1.0)")
TOTAL, NOT_APPLICABLE = "_T", "_Z"
BEFORE = ("STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "POPULATION")
AFTER = (
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "UNIT_MEASURE",
    "METHOD_VERSION",
    "SOURCE_DETAIL",
    "OBS_COMMENT",
)
NORMAL, BREAK = "A", "B"
Missing, Unit, Schedule = Measurement.Missing, Indicator.Unit, Indicator.Schedule
STATUS_OF = {
    Missing.NOT_COLLECTED: "L",  # data exist but were not collected
    Missing.NOT_YET: "O",  # missing value
    Missing.NOT_BROKEN_DOWN: "K",  # included in another category
    Missing.CONFIDENTIAL: "Q",  # suppressed
    Missing.NOT_APPLICABLE: "M",  # data cannot exist
}
MISSING_OF = {code: reason for reason, code in STATUS_OF.items()}
UNITS = {
    Unit.NUMBER: "NUMBER",
    Unit.PERCENT: "PERCENT",
    Unit.RATE: "RATE",
    Unit.INDEX: "INDEX",
    Unit.MONEY: "MONEY",
    Unit.YES_NO: "YES_NO",
}
FREQUENCIES = {
    Schedule.MONTHLY: "M",
    Schedule.QUARTERLY: "Q",
    Schedule.HALF_YEARLY: "S",
    Schedule.YEARLY: "A",
    Schedule.TWO_YEARLY: "A2",
    Schedule.IRREGULAR: "_O",
}


def table_of(indicators: QuerySet[Indicator]) -> tuple[list[str], Iterator[list]]:
    """The header, with a column for each dimension of these indicators, and a row for each current value."""
    dimensions = Dimension.objects.filter(indicator__in=indicators.order_by().values("pk"))
    by_indicator: dict[int, set[str]] = {}
    for indicator, code in dimensions.values_list("indicator_id", "code"):
        by_indicator.setdefault(indicator, set()).add(code)
    codes = sorted(set().union(*by_indicator.values()))
    header = [*BEFORE, *(code.upper() for code in codes), *AFTER]
    return header, rows_of(indicators, codes, by_indicator)


def rows_of(
    indicators: QuerySet[Indicator], codes: Sequence[str], by_indicator: Mapping[int, set[str]]
) -> Iterator[list]:
    area = area_of_the_country()
    values = Measurement.objects.current().filter(indicator__in=indicators.order_by().values("pk"))
    values = values.select_related("indicator").order_by(
        "indicator__code", "territory", "population", "breakdown", "start", "end", "pk"
    )
    for measurement in values.iterator(chunk_size=500):
        yield cells_of(measurement, codes, by_indicator.get(measurement.indicator_id, set()), area)


def cells_of(measurement: Measurement, codes: Sequence[str], own_codes: set[str], area: str) -> list:
    parts, indicator = parts_of(measurement.breakdown), measurement.indicator
    return [
        *STRUCTURE,
        "I",
        FREQUENCIES[Schedule(indicator.schedule)],
        measurement.territory or area,
        indicator.code,
        measurement.population or TOTAL,
        *(parts.get(code, TOTAL) if code in own_codes else NOT_APPLICABLE for code in codes),
        as_period(measurement.start, measurement.end),
        as_number(measurement.value),
        STATUS_OF[Missing(measurement.missing)] if measurement.missing else BREAK if measurement.is_break else NORMAL,
        UNITS[Unit(indicator.unit)],
        measurement.method_version,
        measurement.source,
        measurement.note,
    ]


def area_of_the_country() -> str:
    return Instance.current().state_code or TOTAL


def is_total(code: str) -> bool:
    return code in ("", TOTAL, NOT_APPLICABLE)


def send_values(indicators: QuerySet[Indicator], format: str, *, about: str = "") -> HttpResponseBase:
    name = file_name(_("Indicator values"), format, on=timezone.localdate(), about=about)
    return send_table(name, _("Indicators"), *table_of(indicators))
