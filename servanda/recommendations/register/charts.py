"""The figures of the register drawn as SVG: bars one under the other, and columns over time.

Each label stands over its bar, so that a long one needs no room beside it and the picture is read on a phone too.
"""

from collections.abc import Iterator, Mapping
from textwrap import shorten, wrap

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_bidi

from servanda.kit.charts import cached_svg, colour, directed, layered, send_svg
from servanda.kit.files.downloads import send_table
from servanda.people.instance.file_names import file_name
from servanda.recommendations.register.figures import Figure, Row

OF_STANDS = {"supported": "good", "partly": "part", "noted": "noted", "pending": "open"}
WIDTH = 420
LETTERS = 50  # of a label on one line, beside the number
LINES = 2
LINE, BAR, GAP = 18, 14, 14  # heights in pixels
COLUMNS = 220  # height of a chart over time
FEW = 16  # columns that have room for their numbers
LONGEST_SPAN = 60  # years shown without a hole


def draw(figure: Figure) -> str:
    """The figure as SVG in the language of the page; drawn once for the same numbers and words."""
    return cached_svg(specification(figure))


def specification(figure: Figure) -> dict:
    layers, height = columns(figure) if figure.over_time else bars(figure)
    return layered(layers, width=WIDTH, height=height)


def bars(figure: Figure) -> tuple[list[dict], int]:
    """Bars one below the other, each with its label and number above it."""
    lines, boxes, top = [], [], 0
    for row in figure.drawn:
        words = label_lines(row.label)
        lines += [{"y": top + LINE * (at + 0.5), "text": directed(line)} for at, line in enumerate(words)]
        under = top + LINE * len(words) + 2
        boxes.append(
            {
                "number": str(row.count),
                "at": top + LINE / 2,
                "records": row.count,
                "from": under,
                "to": under + BAR,
                "colour": colour_of(figure, row),
            }
        )
        top = under + BAR + GAP
    height = top - GAP
    y = {"type": "quantitative", "scale": {"domain": [0, height], "range": [0, height], "nice": False}, "axis": None}
    start, end = ("right", "left") if get_language_bidi() else ("left", "right")
    sides = {"left": 0, "right": WIDTH}
    x = {"field": "records", "type": "quantitative", "axis": None, "scale": across(figure)}
    texts = {"type": "text", "baseline": "middle"}
    return [
        {
            "data": {"values": boxes},
            "mark": {"type": "bar", "cornerRadius": 2},
            "encoding": {
                "x": x,
                "x2": {"datum": 0},
                "y": {"field": "from", **y},
                "y2": {"field": "to"},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        },
        {
            "data": {"values": lines},
            "mark": {**texts, "align": start},
            "encoding": {"x": {"value": sides[start]}, "y": {"field": "y", **y}, "text": {"field": "text"}},
        },
        {
            "data": {"values": boxes},
            "mark": {**texts, "align": end, "fontWeight": "bold"},
            "encoding": {"x": {"value": sides[end]}, "y": {"field": "at", **y}, "text": {"field": "number"}},
        },
    ], height


def columns(figure: Figure) -> tuple[list[dict], int]:
    """Columns side by side, with time in the direction of reading; years without records keep their place."""
    backwards = get_language_bidi()
    values = list(over_time(figure))
    names = [value["label"] for value in values]
    encoding = {
        "x": {
            "field": "label",
            "type": "ordinal",
            "sort": names[::-1] if backwards else names,
            "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
            "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 6},
        },
        "y": {
            "field": "records",
            "type": "quantitative",
            "axis": {
                "title": None,
                "format": "d",
                "tickMinStep": 1,
                "tickCount": 4,
                "orient": "right" if backwards else "left",
            },
        },
    }
    shown = {"color": {"field": "colour", "type": "nominal", "scale": None}}
    layers = [{"mark": {"type": "bar", "cornerRadius": 2}, "encoding": {**encoding, **shown}}]
    if sum(1 for value in values if value["records"]) <= FEW:
        numbers = {"mark": {"type": "text", "dy": -9}, "encoding": {**encoding, "text": {"field": "number"}}}
        layers.append(numbers)
    return [{"data": {"values": values}, **layer} for layer in layers], COLUMNS


def over_time(figure: Figure) -> Iterator[dict]:
    counted = {row.key: row for row in figure.rows}
    years = [int(key) for key in counted if key.isdecimal()]
    span = range(min(years), max(years) + 1) if years else range(0)
    keys = [str(year) for year in (span if len(span) <= LONGEST_SPAN else years)]
    for key in [*keys, *(row.key for row in figure.rows if row.is_without)]:
        row = counted.get(key) or Row(key, key, 0)
        yield {
            "label": directed(row.label),
            "records": row.count,
            "number": str(row.count) if row.count else "",
            "colour": colour_of(figure, row),
        }


def across(figure: Figure) -> Mapping:
    return {
        "domain": [0, max(row.count for row in figure.drawn)],
        "nice": False,
        "reverse": get_language_bidi(),
    }


def label_lines(label: str) -> list[str]:
    lines = wrap(label, LETTERS, break_long_words=True) or [""]
    return lines if len(lines) <= LINES else wrap(shorten(label, LETTERS * LINES - 8, placeholder="…"), LETTERS)


def colour_of(figure: Figure, row: Row) -> str:
    if row.is_without:
        return colour("line-strong")
    return colour(OF_STANDS.get(row.key, "primary") if figure.key == "stand" else "primary")


def send_chart(request: HttpRequest, figure: Figure) -> HttpResponse:
    return send_svg(request, draw(figure))


def send_figure_table(figure: Figure) -> HttpResponseBase:
    """The table as CSV that spreadsheets open as it is."""
    rows = (["" if row.is_without else row.key, row.label, row.count] for row in figure.rows)
    name = file_name(figure.key, "csv", on=timezone.localdate())
    return send_table(name, figure.heading, ["key", figure.heading, figure.columns[1]], rows)
