"""Weight: what a page costs a person who pays for each megabyte, on a first visit and on the next."""

import gzip
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from lxml import html

from servanda.people.access import Role
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.answers import body_of
from tests.house.scene import Scene, set_scene

pytestmark = pytest.mark.django_db

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
    return [(style_sheet.parent / name).resolve() for name in named]


def page_of(client, name: str, scene: Scene, language: str) -> bytes:
    """Nothing where the address leads to no whole page."""
    answer = client.get(ADDRESSES[name].url(name, scene), headers={"accept-language": language})
    body = body_of(answer)
    return body if body.lstrip().startswith(b"<!DOCTYPE html>") else b""


def pages(client, scene: Scene, language: str, names: Iterable[str]) -> dict[str, bytes]:
    found = {name: page_of(client, name, scene, language) for name in names}
    return {name: body for name, body in found.items() if body}


def heaviest(weighed: dict[str, bytes]) -> set[str]:
    """A page that weighs little in English weighs not three times as much in Arabic. What it fetches besides depends
    on the language only as far as it does for the first page that fetches the same."""
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


@pytest.mark.slow
def test_no_page_is_too_heavy(client):
    person = make.user(Role.ADMINISTRATOR)
    client.force_login(person)
    scene = set_scene(person)
    for number in range(60):
        make.recommendation(f"Protect the rights of group {number}, " * 12)
    shown = [name for name, address in ADDRESSES.items() if "GET" in address.methods and not name.startswith("api:")]
    english = pages(client, scene, "en", shown)
    arabic = pages(client, scene, "ar", heaviest(english))
    found = [fault for name, body in english.items() for fault in too_heavy(name, body, first=FIRST)]
    assert (
        found + [fault for name, body in arabic.items() for fault in too_heavy(name, body, first=FIRST_ARABIC)] == []
    )
    assert (len(english) > 60, len(arabic) > 5) == (True, True)


def test_a_heavy_page_is_seen():
    page = b'<html><script src="/static/vendor/htmx.min.js"></script>' + Path(__file__).read_bytes() * 40
    assert list(too_heavy("page", page, first=10 * KB)) == ["page: 19 KB on a first visit"]
