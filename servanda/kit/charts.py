"""Charts drawn as SVG: no script in the page, the same picture in a document, and right to left where it reads so.

A specification holds only our own numbers and labels, and nothing that would be fetched. The colours are those of the
style sheet; the dark ones replace them where the reader's system is dark.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import md5, sha256

import vl_convert
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.formats import get_format
from django.utils.translation import get_language, get_language_bidi, override

# Light and dark, as in tokens.css.
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
FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif'
FONTS = {"ar": '"Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", "Geeza Pro", Tahoma, system-ui, sans-serif'}
RIGHT_TO_LEFT, END = "\u2067", "\u2069"  # isolate: a label begins on its own side, also with a number in front
DARK = "".join(
    f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in COLOURS.values()
)
STYLE = f"@media (prefers-color-scheme:dark){{{DARK}}}"
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = {**settings.SECURE_CSP, "style-src": [f"'sha256-{STYLE_HASH}'"]}  # allows only the picture's own style sheet


def colour(name: str) -> str:
    return COLOURS[name][0]


def cached_svg(spec: dict) -> str:
    key = key_of(spec, "svg")
    if (drawn := cache.get(key)) is None:
        drawn = to_svg(spec).replace(">", f"><style>{STYLE}</style>", 1)
        cache.set(key, drawn)
    return drawn


def cached_png(spec: dict) -> bytes:
    key = key_of(spec, "png")
    if (drawn := cache.get(key)) is None:
        drawn = to_png(spec)
        cache.set(key, drawn)
    return drawn


def key_of(spec: dict, format: str) -> str:
    specification = json.dumps([spec, number_signs(), format], sort_keys=True)
    return f"chart:{md5(specification.encode(), usedforsecurity=False).hexdigest()}"


def to_svg(spec: dict) -> str:
    """A specification is code: it may fetch nothing."""
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=number_signs())


def to_png(spec: dict) -> bytes:
    """At twice the size at which it is shown, on white, for paper."""
    on_white = {**spec, "background": "white"}
    return vl_convert.vegalite_to_png(on_white, scale=2, allowed_base_urls=[], format_locale=number_signs())


def number_signs() -> dict:
    """How the axes of a chart write numbers: as the page does, in Arabic with Western digits."""
    decimal, thousands = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    return {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}


def layered(layers: list[dict], *, width: int, height: int) -> dict:
    """Layers with our fonts and colours."""
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


def percent(number: float) -> str:
    """For SVG, independent of the number format of the page's language."""
    return f"{number:.2f}%"


def directed(text: str) -> str:
    return f"{RIGHT_TO_LEFT}{text}{END}" if get_language_bidi() else text


def in_language_of(request: HttpRequest) -> override:
    """The language in the address, not that of the session: caches store the picture under its address."""
    language = request.GET.get("language", "")
    return override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def send_svg(request: HttpRequest, drawn: str) -> HttpResponse:
    """The picture, with an ETag so that browsers can revalidate it after five minutes."""
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Content-Language"] = get_language()
    response["Cache-Control"] = "public, max-age=300"
    set_response_etag(response)
    not_modified = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if not_modified is None else not_modified


def percents_of(counts: Sequence[int]) -> list[int]:
    """Whole percentages of parts of one whole, which sum to 100 (largest remainder); all 0 where nothing is counted.

    Of equal remainders, that of the larger part is rounded up first, then the earlier one.
    """
    if not (whole := sum(counts)):
        return [0] * len(counts)
    percents = [100 * count // whole for count in counts]
    by_remainder = sorted(
        range(len(counts)), key=lambda place: (-(100 * counts[place] % whole), -counts[place], place)
    )
    for place in by_remainder[: 100 - sum(percents)]:
        percents[place] += 1
    return percents
