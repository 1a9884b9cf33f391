"""Weight: what a page costs a person who pays for each megabyte, on a first visit and on the next.

Each page is weighed in test_every_page.py.
"""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from django.contrib.staticfiles import finders
from lxml import html

from tests.house.addresses import ADDRESSES
from tests.house.answers import body_of
from tests.house.scene import Scene

KB = 1024
FIRST, FIRST_ARABIC, SCRIPT, AGAIN = 120 * KB, 160 * KB, 60 * KB, 30 * KB
OF_A_STYLE_SHEET = re.compile(r'url\("?([^")]+)"?\)')


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@cache
def sent_as(path: Path) -> int:
    """Pictures and fonts are already compressed."""
    return path.stat().st_size if path.suffix in {".woff2", ".png"} else packed(path.read_bytes())


@cache
def found(address: str) -> Path:
    return Path(finders.find(address.partition("?")[0].removeprefix("/static/")))


def files_of(page: html.HtmlElement) -> Iterator[Path]:
    """What the browser fetches for this page, and what its style sheets fetch in turn."""
    fetched = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src | //use/@href")
    for address in dict.fromkeys(address.partition("#")[0] for address in fetched):
        if not address.startswith("/static/"):
            continue
        path = found(address)
        yield path
        if path.suffix == ".css":
            yield from named_by(path)


@cache
def named_by(style_sheet: Path) -> list[Path]:
    named = [name for name in OF_A_STYLE_SHEET.findall(style_sheet.read_text()) if not name.startswith("data:")]
    paths = [(style_sheet.parent / name).resolve() for name in named]
    return paths + [further for path in paths if path.suffix == ".css" for further in named_by(path)]


def page_of(client, name: str, scene: Scene, language: str) -> bytes:
    """Nothing where the address leads to no whole page."""
    answer = client.get(ADDRESSES[name].url(name, scene), headers={"accept-language": language})
    body = body_of(answer)
    return body if is_whole_page(body) else b""


def is_whole_page(body: bytes) -> bool:
    return body.lstrip().startswith(b"<!DOCTYPE html>")


def heaviest(weighed: dict[str, bytes]) -> set[str]:
    """A page that weighs little in another language weighs not three times as much in Arabic. What it fetches besides
    depends on the language only as far as it does for the first page that fetches the same."""
    fetching = {frozenset(files_of(html.fromstring(body))): name for name, body in weighed.items()}
    return {name for name, body in weighed.items() if packed(body) > AGAIN / 3} | set(fetching.values())


def too_heavy(name: str, body: bytes, *, first: int) -> Iterator[str]:
    files = set(files_of(html.fromstring(body)))
    script = sum(sent_as(path) for path in files if path.suffix == ".js")
    weight = packed(body) + sum(map(sent_as, files))
    if weight > first:
        yield f"{name}: {weight // KB} KB on a first visit"
    if script > SCRIPT:
        yield f"{name}: {script // KB} KB of script"
    if packed(body) > AGAIN:
        yield f"{name}: {packed(body) // KB} KB again"


def test_a_heavy_page_is_seen():
    text = Random(1).randbytes(2 * KB).hex().encode()
    page = b'<html><script src="/static/vendor/htmx.min.js"></script>' + text
    assert list(too_heavy("page", page, first=10 * KB)) == ["page: 18 KB on a first visit"]
