"""Indicators with their values, for lists and pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.planning.indicators.chart import in_words
from servanda.planning.indicators.periods import MONTHS, Schedule, months_from
from servanda.planning.indicators.progress import Progress, progress_of
from servanda.planning.indicators.rules import parts_of
from servanda.planning.models import Indicator, IndicatorRecommendation, Measurement
from servanda.recommendations.models import Recommendation


@dataclass(slots=True)
class IndicatorLine:
    """One indicator with its values for the whole country, in order, and its progress."""

    indicator: Indicator
    series: list[Measurement]
    progress: Progress
    is_late: bool
    weight: str = ""
    link: int = 0  # the key of its link to the record of the page

    @property
    def latest(self) -> Measurement | None:
        """The newest number; without numbers, the newest reason."""
        numbers = [measurement for measurement in self.series if measurement.value is not None]
        return numbers[-1] if numbers else self.series[-1] if self.series else None

    @property
    def has_numbers(self) -> bool:
        return any(measurement.value is not None for measurement in self.series)


def with_series(indicators: Iterable[Indicator], as_of: datetime | None = None) -> list[IndicatorLine]:
    """Load the values of all these indicators in one query, as they were known at that moment."""
    loaded, today = list(indicators), timezone.localdate()
    series = defaultdict(list)
    for measurement in Measurement.objects.headline(as_of).filter(indicator__in=[row.pk for row in loaded]):
        series[measurement.indicator_id].append(measurement)
    return [
        IndicatorLine(
            indicator,
            series[indicator.pk],
            progress_of(indicator, series[indicator.pk]),
            is_late=indicator.is_late(on=today),
        )
        for indicator in loaded
    ]


def indicators_about(recommendation: Recommendation, indicators: QuerySet[Indicator]) -> list[IndicatorLine]:
    """Those of these indicators that are linked to the record, in two queries."""
    links = IndicatorRecommendation.objects.filter(recommendation=recommendation, indicator__in=indicators)
    links = links.select_related("indicator__custodian").order_by("weight", "indicator__code")
    by_indicator = {link.indicator_id: link for link in links}
    lines = with_series(link.indicator for link in by_indicator.values())
    for line in lines:
        link = by_indicator[line.indicator.pk]
        line.weight, line.link = link.get_weight_display(), link.pk
    return lines


@dataclass(slots=True)
class Table:
    """The values of one territory, population or breakdown, by period."""

    name: str
    rows: list[Measurement]


@dataclass(slots=True)
class Former:
    measurement: Measurement
    who: str


@dataclass(slots=True)
class Values:
    """All values of one indicator, current and former."""

    headline: list[Measurement]
    tables: list[Table]
    former: list[Former]


def chart_link(line: IndicatorLine, address: str) -> dict[str, str]:
    """The address of the chart in the language of the page, and its description; empty without a number."""
    if not line.has_numbers:
        return {}
    described = in_words(line.indicator, line.series)
    return {"url": f"{address}?{urlencode({'language': get_language()})}", "description": described}


def current_values(indicator: Indicator) -> Values:
    """The current values by series, for the public: without authors and corrections."""
    current = list(indicator.measurements.current())
    return Values(
        [measurement for measurement in current if not is_part(measurement)], tables_of(indicator, current), former=[]
    )


def values_of(indicator: Indicator, user: User) -> Values:
    """The current values by series, and the corrected ones, newest first, with the names that the reader may see."""
    rows = list(indicator.measurements.select_related("entered_by"))
    former = sorted(
        (measurement for measurement in rows if measurement.superseded_at),
        key=attrgetter("superseded_at"),
        reverse=True,
    )
    names = shown_names((measurement.entered_by for measurement in former), to=user)
    current = [measurement for measurement in rows if measurement.superseded_at is None]
    return Values(
        headline=[measurement for measurement in current if not is_part(measurement)],
        tables=tables_of(indicator, current),
        former=[
            Former(measurement, names.get(measurement.entered_by_id, "") if measurement.entered_by_id else "")
            for measurement in former
        ],
    )


def tables_of(indicator: Indicator, current: Sequence[Measurement]) -> list[Table]:
    names = {dimension.code: str(dimension.name) for dimension in indicator.dimensions.all()}
    by_series: dict[str, list[Measurement]] = defaultdict(list)
    for measurement in current:
        if is_part(measurement):
            by_series[name_of_series(measurement, names)].append(measurement)
    return [Table(name, rows) for name, rows in sorted(by_series.items())]


def is_part(measurement: Measurement) -> bool:
    return bool(measurement.territory or measurement.population or measurement.breakdown)


def name_of_series(measurement: Measurement, names: dict[str, str]) -> str:
    parts = [f"{names.get(code, code)}: {category}" for code, category in parts_of(measurement.breakdown).items()]
    return " · ".join(filter(None, [measurement.territory, measurement.population, *parts]))


def may_measure(user: User, indicator: Indicator) -> bool:
    return can(user, Can.EDIT_OWN_ACTIONS) and Indicator.objects.measured_by(user).filter(pk=indicator.pk).exists()


def next_period(line: IndicatorLine, *, on: date) -> tuple[date, date]:
    """The initial period of the form: after the last value, or the previous year."""
    months = MONTHS.get(Schedule(line.indicator.schedule), 12)
    if not line.series:
        return date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)
    return months_from(date.fromordinal(line.series[-1].end.toordinal() + 1), months)
