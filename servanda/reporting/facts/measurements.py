"""The values of indicators as facts, and the charts that are drawn of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.people.models import User
from servanda.planning.indicators import chart
from servanda.planning.indicators.formatting import in_unit
from servanda.planning.indicators.series import IndicatorLine, with_series
from servanda.planning.models import Indicator, IndicatorRecommendation, Measurement
from servanda.reporting.facts.citing import cited, days_in, in_words, keys_of, listed
from servanda.reporting.facts.record_numbers import numbers_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactPicture, FactSource


def measurements(context: FactContext) -> QuerySet:
    about = IndicatorRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Measurement.objects.visible_to(context.user).filter(value__isnull=False)
    rows = rows.known_at(context.as_of)
    rows = rows.filter(indicator__in=about.values("indicator"))
    rows = rows.filter(days_in(context.start, context.end, begins=F("start"), ends=F("end")))
    return rows.select_related("indicator").order_by("-end", "indicator__code", "pk")


def measurement_facts(rows: Iterable[Measurement], context: FactContext) -> list[Fact]:
    rows = list(rows)
    indicators = {row.indicator_id for row in rows}
    links = [(IndicatorRecommendation.objects.all(), "indicator")]
    about = numbers_of_facts(links, indicators, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row.indicator),
            text=f"{row.indicator.name}: {value_of(row)} ({period_of(row)})",
            citation=cited(row.indicator.name, row.source, period_of(row), about=about.get(row.indicator_id, ())),
            address=reverse("desk:indicator", args=[row.indicator.code]),
            day=row.end,
            about=about.get(row.indicator_id, ()),
        )
        for row in rows
    ]


def value_of(row: Measurement) -> str:
    return listed(in_unit(row.indicator, row.value), row.population, row.territory, row.breakdown)


def period_of(row: Measurement) -> str:
    if (row.start.month, row.start.day, row.end.month, row.end.day) == (1, 1, 12, 31):
        return "–".join(dict.fromkeys((str(row.start.year), str(row.end.year))))
    return in_words(row.end) if row.start == row.end else f"{in_words(row.start)}–{in_words(row.end)}"


def measurement_pictures(keys: Sequence[str], user: User, as_of: datetime | None) -> dict[str, FactPicture]:
    """The chart of the indicator of each of these values, as its values were known at that moment; as they are known
    today where one of these was entered since."""
    visible = Indicator.objects.visible_to(user).order_by().values("pk")
    rows = Measurement.objects.visible_to(user).filter(pk__in=[key for key in keys if key.isdecimal()])
    rows = rows.filter(indicator__in=visible).select_related("indicator")
    indicator_of = {str(row.pk): row.indicator for row in rows}
    indicators = {indicator.pk: indicator for indicator in indicator_of.values()}
    newer = {row.indicator_id for row in rows if as_of and row.entered_at > as_of}
    lines = with_series((it for pk, it in indicators.items() if pk not in newer), as_of)
    lines += with_series(indicators[pk] for pk in newer)
    pictures = {line.indicator.pk: picture_of(line) for line in lines if line.has_numbers}
    return {key: pictures[it.pk] for key, it in indicator_of.items() if it.pk in pictures}


def picture_of(line: IndicatorLine) -> FactPicture:
    indicator, series = line.indicator, line.series
    return FactPicture(
        key=f"indicator-{indicator.pk}",
        title=str(indicator),
        alternative=chart.in_words(indicator, series),
        draw=partial(chart.draw_png, indicator, series),
    )


def with_measurement(context: FactContext) -> QuerySet:
    measured = measurements(context).order_by().values("indicator")
    return IndicatorRecommendation.objects.filter(indicator__in=measured).order_by().values("recommendation")


SOURCE = FactSource(
    "measurements",
    gettext_lazy("Indicator values"),
    measurements,
    measurement_facts,
    with_measurement,
    measurement_pictures,
    is_drafted=True,
)
