"""The chart of an indicator: its values over time, the target, the baseline, and breaks in the series.

The line connects comparable numbers only: it is interrupted at a break, and where a value is missing.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language_bidi

from servanda.kit.charts import cached_png, cached_svg, colour, directed, layered
from servanda.kit.database.sentences import gettext as _
from servanda.kit.pages.text_language import isolated
from servanda.planning.indicators.formatting import in_unit
from servanda.planning.models import Indicator, Measurement

WIDTH, HEIGHT = 440, 240
YEARLY = 3  # from so many years on, the axis shows years only
Direction = Indicator.Direction
TEXT = {"type": "text", "fontSize": 13}


def draw_series(indicator: Indicator, series: Sequence[Measurement]) -> str:
    return cached_svg(spec_of(indicator, series))


def draw_png(indicator: Indicator, series: Sequence[Measurement]) -> bytes:
    """For documents: Word shows no SVG in its older versions."""
    return cached_png(spec_of(indicator, series))


def spec_of(indicator: Indicator, series: Sequence[Measurement]) -> dict:
    return layered(list(layers(indicator, series)), width=WIDTH, height=HEIGHT)


def layers(indicator: Indicator, series: Sequence[Measurement]) -> Iterator[dict]:
    points = list(points_of(series))
    days = days_shown(indicator, points)
    x, y = axis_of_time(days), axis_of_values(indicator)
    if indicator.target is not None:
        words = _("Target: %(value)s") % {"value": isolated(in_unit(indicator, indicator.target))}
        yield from level(float(indicator.target), words, "good", x, y, at=days[0])
    if indicator.baseline is not None and indicator.baseline != indicator.target:
        words = _("Baseline: %(value)s") % {"value": isolated(in_unit(indicator, indicator.baseline))}
        yield from level(float(indicator.baseline), words, "noted", x, y, at=days[1])
    breaks = [{"day": point["day"], "words": directed(_("Break"))} for point in points if point["is_break"]]
    if breaks:
        yield from across_breaks(breaks, x)
    line = {"x": x, "y": y, "detail": {"field": "part", "type": "nominal"}, "color": {"value": colour("primary")}}
    yield {
        "data": {"values": points},
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"filled": True, "size": 60}},
        "encoding": line,
    }
    if points:
        last = points[-1] | {"words": isolated(in_unit(indicator, series_value(series)))}
        yield {
            "data": {"values": [last]},
            "mark": {**TEXT, "dy": 18 if indicator.direction == Direction.DOWN else -14, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "words"}},
        }


def points_of(series: Sequence[Measurement]) -> Iterator[dict]:
    """Each number at the start of its period, so that a year stands above its label; `part` numbers the pieces of the
    line."""
    part = 0
    for measurement in series:
        if measurement.value is None or measurement.is_break:
            part += 1
        if measurement.value is not None:
            yield {
                "day": measurement.start.isoformat(),
                "value": float(measurement.value),
                "part": part,
                "is_break": measurement.is_break,
            }


def series_value(series: Sequence[Measurement]) -> Decimal:
    return next(measurement.value for measurement in reversed(series) if measurement.value is not None)


def days_shown(indicator: Indicator, points: Sequence[dict]) -> tuple[str, str]:
    """The first and last day of the axis, including the years of the baseline and the target."""
    ends = [indicator.baseline_on, indicator.target_on]
    days = [point["day"] for point in points] + [f"{day.year}-01-01" for day in ends if day]
    return (min(days), max(days)) if days else ("", "")


def axis_of_time(days: tuple[str, str]) -> dict:
    first, last = (date.fromisoformat(day) for day in days)
    is_long = (last - first).days > YEARLY * 365
    return {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc", "domain": list(days), "reverse": get_language_bidi(), "padding": 24},
        "axis": {
            "title": None,
            "format": "%Y" if is_long else "%Y-%m",
            "grid": False,
            "labelOverlap": "greedy",
            "tickCount": {"interval": "year", "step": 1} if is_long else 6,
        },
    }


def axis_of_values(indicator: Indicator) -> dict:
    side = "right" if get_language_bidi() else "left"
    axis: dict = {"title": None, "orient": side, "tickCount": 5}
    scale: dict = {"zero": indicator.unit != Indicator.Unit.INDEX}
    if indicator.unit == Indicator.Unit.YES_NO:
        yes, no = _("Yes"), _("No")
        axis |= {"values": [0, 1], "labelExpr": f"datum.value ? {quoted(yes)} : {quoted(no)}"}
        scale |= {"domain": [-0.1, 1.2]}
    return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}


def quoted(words: str) -> str:
    """A translated word as a literal of a Vega expression."""
    return "'" + words.replace("\\", "").replace("'", "’") + "'"


def level(value: float, words: str, name: str, x: dict, y: dict, *, at: str) -> Iterator[dict]:
    """A dashed line across the chart; its label is above it at the first day or below it at the last, away from
    values."""
    data = {"values": [{"value": value, "day": at, "words": directed(words)}]}
    is_first = at == x["scale"]["domain"][0]
    yield {
        "data": data,
        "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5},
        "encoding": {"y": y, "color": {"value": colour(name)}},
    }
    align = "left" if is_first != get_language_bidi() else "right"
    yield {
        "data": data,
        "mark": {**TEXT, "align": align, "dy": -8 if is_first else 14, "color": colour(name)},
        "encoding": {"x": x, "y": y, "text": {"field": "words"}},
    }


def across_breaks(breaks: list[dict], x: dict) -> Iterator[dict]:
    yield {
        "data": {"values": breaks},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5},
        "encoding": {"x": x, "color": {"value": colour("open")}},
    }
    yield {
        "data": {"values": breaks},
        "mark": {**TEXT, "baseline": "top", "dx": -4 if not get_language_bidi() else 4, "color": colour("open"),
                 "align": "right" if not get_language_bidi() else "left"},
        "encoding": {"x": x, "y": {"value": 2}, "text": {"field": "words"}},
    }  # fmt: skip


def in_words(indicator: Indicator, series: Sequence[Measurement]) -> str:
    """The text alternative of the chart."""
    numbers = [measurement for measurement in series if measurement.value is not None]
    if not numbers:
        return ""
    first, last = numbers[0], numbers[-1]
    description = _("%(name)s: from %(first)s (%(since)s) to %(last)s (%(until)s).") % {
        "name": indicator.name,
        "first": in_unit(indicator, first.value),
        "since": first.end.year,
        "last": in_unit(indicator, last.value),
        "until": last.end.year,
    }
    if indicator.target is not None and indicator.target_on:
        target = {"target": in_unit(indicator, indicator.target), "year": indicator.target_on.year}
        description += " " + _("Target: %(target)s by %(year)s.") % target
    if any(measurement.is_break for measurement in numbers):
        description += " " + _("There is a break in the series.")
    return description
