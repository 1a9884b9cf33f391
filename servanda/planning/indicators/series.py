"""Indicators with their values, as lists and pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
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
class Shown:
    """One indicator, its values of the whole country in their order, and how far it has come."""

    indicator: Indicator
    series: list[Measurement]
    progress: Progress
    is_late: bool
    weight: str = ""
    link: int = 0  # the key of what links it to the record of the page

    @property
    def latest(self) -> Measurement | None:
        """The newest number; where there is none, the newest reason."""
        numbers = [one for one in self.series if one.value is not None]
        return numbers[-1] if numbers else self.series[-1] if self.series else None

    @property
    def has_numbers(self) -> bool:
        return any(one.value is not None for one in self.series)


def shown(indicators: Iterable[Indicator]) -> list[Shown]:
    """One question for the values of all of them."""
    there, today = list(indicators), timezone.localdate()
    series = defaultdict(list)
    for one in Measurement.objects.headline().filter(indicator__in=[one.pk for one in there]):
        series[one.indicator_id].append(one)
    return [
        Shown(one, series[one.pk], progress_of(one, series[one.pk]), is_late=one.is_late(on=today)) for one in there
    ]


def indicators_about(recommendation: Recommendation, indicators: QuerySet[Indicator]) -> list[Shown]:
    """Those that tell of one record, of the ones that this reader sees; two questions."""
    links = IndicatorRecommendation.objects.filter(recommendation=recommendation, indicator__in=indicators)
    links = links.select_related("indicator__custodian").order_by("weight", "indicator__code")
    by_indicator = {link.indicator_id: link for link in links}
    found = shown(link.indicator for link in by_indicator.values())
    for one in found:
        link = by_indicator[one.indicator.pk]
        one.weight, one.link = link.get_weight_display(), link.pk
    return found


@dataclass(slots=True)
class Table:
    """The values of one part of the country or of its people, by period."""

    name: str
    rows: list[Measurement]


@dataclass(slots=True)
class Former:
    measurement: Measurement
    who: str


@dataclass(slots=True)
class Values:
    """Everything that was ever said of one indicator."""

    headline: list[Measurement]
    tables: list[Table]
    former: list[Former]


def picture_of(one: Shown, address: str) -> dict[str, str]:
    """The address of the chart, in the language of the page, and what it shows; nothing without a number."""
    if not one.has_numbers:
        return {}
    described = in_words(one.indicator, one.series)
    return {"url": f"{address}?{urlencode({'language': get_language()})}", "description": described}


def current_values(indicator: Indicator) -> Values:
    """What counts now, by series; nothing of who said it or what was corrected."""
    current = list(indicator.measurements.current())
    return Values([one for one in current if not is_part(one)], tables_of(indicator, current), former=[])


def values_of(indicator: Indicator, user: User) -> Values:
    """What counts now, by series, and what was corrected, the newest first, with the names this reader may know."""
    rows = list(indicator.measurements.select_related("entered_by"))
    former = sorted((one for one in rows if one.superseded_at), key=attrgetter("superseded_at"), reverse=True)
    names = shown_names((one.entered_by for one in former), to=user)
    current = [one for one in rows if one.superseded_at is None]
    return Values(
        headline=[one for one in current if not is_part(one)],
        tables=tables_of(indicator, current),
        former=[Former(one, names.get(one.entered_by_id, "") if one.entered_by_id else "") for one in former],
    )


def tables_of(indicator: Indicator, current: Sequence[Measurement]) -> list[Table]:
    names = {one.code: str(one.name) for one in indicator.dimensions.all()}
    by_series: dict[str, list[Measurement]] = defaultdict(list)
    for one in current:
        if is_part(one):
            by_series[name_of_series(one, names)].append(one)
    return [Table(name, rows) for name, rows in sorted(by_series.items())]


def is_part(one: Measurement) -> bool:
    return bool(one.territory or one.population or one.breakdown)


def name_of_series(one: Measurement, names: dict[str, str]) -> str:
    parts = [f"{names.get(code, code)}: {category}" for code, category in parts_of(one.breakdown).items()]
    return " · ".join(filter(None, [one.territory, one.population, *parts]))


def may_measure(user: User, indicator: Indicator) -> bool:
    return can(user, Can.EDIT_OWN_ACTIONS) and Indicator.objects.measured_by(user).filter(pk=indicator.pk).exists()


def next_period(found: Shown, *, on: date) -> tuple[date, date]:
    """What the form starts with: the period after the last one, or the year before this one."""
    months = MONTHS.get(Schedule(found.indicator.schedule), 12)
    if not found.series:
        return date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)
    return months_from(date.fromordinal(found.series[-1].end.toordinal() + 1), months)
