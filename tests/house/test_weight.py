"""Weight: what a page costs somebody who pays for each megabyte, on a first visit and on the next."""

import gzip
import re
from collections.abc import Iterator
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


def sent_as(path: Path) -> int:
    """Pictures and letters are packed already."""
    return path.stat().st_size if path.suffix in {".woff2", ".png"} else packed(path.read_bytes())


def found(address: str) -> Path:
    return Path(finders.find(address.partition("?")[0].removeprefix("/static/")))


def files_of(page: html.HtmlElement) -> Iterator[Path]:
    """What the browser fetches for this page, and what its style sheets fetch in turn."""
    for address in page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"):
        if not address.startswith("/static/"):
            continue
        path = found(address)
        yield path
        if path.suffix == ".css":
            named = [name for name in OF_A_STYLE_SHEET.findall(path.read_text()) if not name.startswith("data:")]
            yield from ((path.parent / name).resolve() for name in named)


def pages(client, there: Scene, language: str) -> Iterator[tuple[str, bytes]]:
    for name, address in ADDRESSES.items():
        if "GET" in address.methods and not name.startswith("api:"):
            answer = client.get(address.url(name, there), headers={"accept-language": language})
            body = body_of(answer)
            if body.lstrip().startswith(b"<!DOCTYPE html>"):
                yield name, body


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


@pytest.mark.parametrize(("language", "first"), [("en", FIRST), ("ar", FIRST_ARABIC)])
def test_no_page_is_too_heavy(client, language, first):
    person = make.user(Role.ADMINISTRATOR)
    client.force_login(person)
    there = set_scene(person)
    for number in range(60):
        make.recommendation(f"Protect the rights of group {number}, " * 12)
    weighed = list(pages(client, there, language))
    assert [fault for name, body in weighed for fault in too_heavy(name, body, first=first)] == []
    assert len(weighed) > 60


def test_a_heavy_page_is_seen():
    page = b'<html><script src="/static/vendor/htmx.min.js"></script>' + Path(__file__).read_bytes() * 40
    assert list(too_heavy("page", page, first=10 * KB)) == ["page: 18 KB on a first visit"]
