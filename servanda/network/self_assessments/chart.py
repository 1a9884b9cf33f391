"""The picture of a self-assessment: an axis for each capacity, from the centre (0%) to the rim (100%)."""

from collections.abc import Iterator, Sequence
from math import cos, pi, sin
from textwrap import wrap

from django.utils.translation import gettext as _

from servanda.kit.charts import cached_svg, colour, directed, layered
from servanda.network.models import SelfAssessment
from servanda.network.self_assessments.queries import CapacityResult

WIDTH, HEIGHT, RIM = 520, 260, 100
LABELS = 1.12  # how far from the centre, as a share of the rim
RINGS = (25, 50, 75, 100)
SERIES = (("primary", [1, 0]), ("noted", [6, 4]))  # colour and dash: the newer one, the one before
HIDDEN = {"axis": None}
FONT, LINE, LONGEST_LINE = 17, 20, 14  # still readable on a telephone, which shows the picture at half its size

type Point = tuple[float, float]
type Series = tuple[SelfAssessment, Sequence[CapacityResult]]


def draw_capacities(series: Sequence[Series]) -> str:
    """SVG of one or two self-assessments, the newer one first; a capacity that is not rated has no point."""
    return cached_svg(layered(list(layers(series)), width=WIDTH, height=HEIGHT))


def layers(series: Sequence[Series]) -> Iterator[dict]:
    results = series[0][1]
    number = len(results)
    for ring in RINGS:
        yield line_of([place(corner, number, ring) for corner in range(number)], colour("line"), 1)
    for corner in range(number):
        yield line_of([(0.0, 0.0), place(corner, number, RIM)], colour("line"), 1)
    for (_assessment, shown), (name, dash) in zip(series, SERIES, strict=False):
        yield from shape_of(shown, colour(name), dash)
    for corner, result in enumerate(results):
        x, y = place(corner, number, RIM * LABELS)
        share = _("Not rated") if result.percent is None else f"{result.percent}%"
        yield text_at(x, y, f"{result.capacity.label}: {share}")


def shape_of(results: Sequence[CapacityResult], stroke: str, dash: Sequence[int]) -> Iterator[dict]:
    """The outline; where a capacity is not rated, a dot for each of the others, joined to rated neighbours."""
    number = len(results)
    points = [
        None if result.percent is None else place(corner, number, result.percent)
        for corner, result in enumerate(results)
    ]
    rated = [point for point in points if point is not None]
    if len(rated) == number:
        yield line_of(rated, stroke, 2.5, dash=dash)
        return
    for point, neighbour in zip(points, [*points[1:], points[0]], strict=True):
        if point is not None and neighbour is not None:
            yield line_of([point, neighbour], stroke, 2.5, dash=dash)
    yield dots_at(rated, stroke)


def place(corner: int, number: int, percent: float) -> Point:
    """Coordinates of a value on an axis; the first axis points up, the others follow clockwise."""
    angle = pi / 2 - 2 * pi * corner / number
    return round(percent * cos(angle), 2), round(percent * sin(angle), 2)


def line_of(points: Sequence[Point], stroke: str, width: float, *, dash: Sequence[int] = (1, 0)) -> dict:
    closed = [*points, points[0]] if len(points) > 2 else points
    return {
        "data": {"values": [{"x": x, "y": y, "order": order} for order, (x, y) in enumerate(closed)]},
        "mark": {"type": "line", "stroke": stroke, "strokeWidth": width, "strokeDash": list(dash)},
        "encoding": {**axes(), "order": {"field": "order", "type": "quantitative"}},
    }


def dots_at(points: Sequence[Point], fill: str) -> dict:
    return {
        "data": {"values": [{"x": x, "y": y} for x, y in points]},
        "mark": {"type": "point", "filled": True, "fill": fill, "size": 80, "opacity": 1},
        "encoding": axes(),
    }


def text_at(x: float, y: float, text: str) -> dict:
    """A label outside of the rim; one beside it begins or ends there, and has several short lines."""
    is_beside = abs(x) >= 1
    alignment = "center" if not is_beside else "left" if x > 0 else "right"
    lines = [directed(line) for line in (wrap(text, LONGEST_LINE) if is_beside else [text])]
    mark = {"type": "text", "fontSize": FONT, "lineHeight": LINE, "fill": colour("ink"), "align": alignment}
    return {
        "data": {"values": [{"x": x, "y": y, "text": lines}]},
        "mark": {**mark, "dy": -LINE * (len(lines) - 1) / 2},
        "encoding": {**axes(), "text": {"field": "text"}},
    }


def axes() -> dict:
    """Both axes in the same unit, so that the rings are regular."""
    high = RIM * 1.2
    domains = {"x": high * WIDTH / HEIGHT, "y": high}
    return {
        name: {"field": name, "type": "quantitative", "scale": {"domain": [-end, end]}, **HIDDEN}
        for name, end in domains.items()
    }
