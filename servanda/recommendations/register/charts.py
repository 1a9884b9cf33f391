"""Figures drawn as SVG: no script in the page, the same picture in a document, and right to left where it reads so.

A specification holds only our own numbers and labels, and nothing that would be fetched. Each label stands over its
bar, so that a long one needs no room beside it and the picture is read on a phone too. The colours are those of the
style sheet; the dark ones replace them where the reader's system is dark.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import md5, sha256
from textwrap import shorten, wrap

import vl_convert
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.formats import get_format
from django.utils.translation import get_language, get_language_bidi, override

from servanda.kit.files.downloads import send_table
from servanda.recommendations.register.figures import Figure, Row

# Light and dark, as in servanda.css.
COLOURS = {
    "surface": ("#fffdf9", "#1b2226"),
    "line": ("#ddd5c6", "#36424a"),
    "line-strong": ("#7f7a70", "#8b979d"),
    "ink": ("#23282c", "#ebe6dc"),
    "ink-soft": ("#5a5f63", "#b3b6b3"),
    "primary": ("#14566a", "#84c9da"),
    "good": ("#1c643a", "#93d6a8"),
    "part": ("#6b5300", "#e8cf7b"),
    "noted": ("#574a72", "#cdbdea"),
    "open": ("#8a4308", "#f3b587"),
}
OF_STANDS = {"supported": "good", "partly": "part", "noted": "noted", "pending": "open"}
FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif'
FONTS = {"ar": '"Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", "Geeza Pro", Tahoma, system-ui, sans-serif'}
WIDTH = 420
LETTERS = 50  # of a label on one line, beside the number
LINES = 2
LINE, BAR, GAP = 18, 14, 14  # heights in pixels
COLUMNS = 220  # height of a chart over time
FEW = 16  # columns that have room for their numbers
LONGEST_SPAN = 60  # years shown without a hole
RIGHT_TO_LEFT, END = "\u2067", "\u2069"  # isolate: a label begins on its own side, also with a number in front
DARK = "".join(
    f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in COLOURS.values()
)
STYLE = f"@media (prefers-color-scheme:dark){{{DARK}}}"
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = {**settings.SECURE_CSP, "style-src": [f"'sha256-{STYLE_HASH}'"]}  # of a picture: it styles itself only


def colour(name: str) -> str:
    return COLOURS[name][0]


def draw(figure: Figure) -> str:
    """The figure as SVG in the language of the page; drawn once for the same numbers and words."""
    return drawn_once(specification(figure))


def drawn_once(spec: dict) -> str:
    said = json.dumps([spec, number_signs()], sort_keys=True)
    key = f"chart:{md5(said.encode(), usedforsecurity=False).hexdigest()}"
    if (drawn := cache.get(key)) is None:
        drawn = to_svg(spec).replace(">", f"><style>{STYLE}</style>", 1)
        cache.set(key, drawn)
    return drawn


def to_svg(spec: dict) -> str:
    """A specification is code: it may fetch nothing."""
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=number_signs())


def number_signs() -> dict:
    """How the axes of a chart write numbers: as the page does, in Arabic with Western digits."""
    decimal, thousands = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    return {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}


def specification(figure: Figure) -> dict:
    layers, height = columns(figure) if figure.over_time else bars(figure)
    return layered(layers, width=WIDTH, height=height)


def layered(layers: list[dict], *, width: int, height: int) -> dict:
    """Layers in the letters and colours of the house."""
    return {
        "width": width,
        "height": height,
        "padding": 12,
        "background": colour("surface"),
        "layer": layers,
        "config": {
            "view": {"stroke": None},
            "font": FONTS.get(get_language(), FONT),
            "text": {"fontSize": 14, "color": colour("ink")},
            "axis": {
                "labelFontSize": 13,
                "labelColor": colour("ink-soft"),
                "gridColor": colour("line"),
                "domainColor": colour("line-strong"),
                "tickColor": colour("line-strong"),
            },
        },
    }


def bars(figure: Figure) -> tuple[list[dict], int]:
    """One bar under the other, each with its label and number above it."""
    lines, boxes, top = [], [], 0
    for row in figure.rows:
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
    """One column beside the other, as time goes in the direction of reading; a year without records has its place."""
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
        "domain": [0, max(row.count for row in figure.rows)],
        "nice": False,
        "reverse": get_language_bidi(),
    }


def label_lines(label: str) -> list[str]:
    lines = wrap(label, LETTERS, break_long_words=True) or [""]
    return lines if len(lines) <= LINES else wrap(shorten(label, LETTERS * LINES - 8, placeholder="…"), LETTERS)


def directed(text: str) -> str:
    return f"{RIGHT_TO_LEFT}{text}{END}" if get_language_bidi() else text


def colour_of(figure: Figure, row: Row) -> str:
    if row.is_without:
        return colour("line-strong")
    return colour(OF_STANDS.get(row.key, "primary") if figure.key == "stand" else "primary")


def in_language_of(request: HttpRequest) -> override:
    """Speak the language that the address names, so that whoever keeps the picture keeps it for that address."""
    asked = request.GET.get("language", "")
    return override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def send_chart(request: HttpRequest, figure: Figure) -> HttpResponse:
    return send_svg(request, draw(figure))


def send_svg(request: HttpRequest, drawn: str) -> HttpResponse:
    """The picture; it may be kept, and asked for again by its mark."""
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Content-Language"] = get_language()
    response["Cache-Control"] = "public, max-age=300"
    set_response_etag(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if answer is None else answer


def send_figure_table(figure: Figure) -> HttpResponseBase:
    """The table as CSV that spreadsheets open as it is."""
    rows = (["" if row.is_without else row.key, row.label, row.count] for row in figure.rows)
    return send_table(f"{figure.key}.csv", figure.heading, ["key", figure.heading, figure.columns[1]], rows)
