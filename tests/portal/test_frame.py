"""What every page has in common."""

import gzip
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from servanda.people.access import Role
from tests import make

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|javascript:|hx-on", re.IGNORECASE)
ELSEWHERE = re.compile(r'(?:src|href|action)="(?:https?:)?//')
PAGES = ["portal:home", "portal:about", "account_login", "account_reset_password"]
DESK = ["desk:home", "people:people", "people:roles", "people:instance", "people:edit_instance", "people:trail"]


@pytest.fixture
def administrator(client):
    client.force_login(make.user(Role.ADMINISTRATOR))


@pytest.mark.parametrize("name", PAGES)
def test_no_public_page_has_inline_script_or_style_or_loads_from_elsewhere(client, name):
    page = client.get(reverse(name)).content.decode()
    assert INLINE.findall(page) == []
    assert ELSEWHERE.findall(page) == []


@pytest.mark.parametrize("name", DESK)
@pytest.mark.usefixtures("administrator")
def test_no_page_of_the_desk_has_inline_script_or_style(client, name):
    assert INLINE.findall(client.get(reverse(name)).content.decode()) == []


@pytest.mark.parametrize("name", [*PAGES, *DESK])
@pytest.mark.usefixtures("administrator")
def test_every_page_has_one_heading_and_a_title_of_its_own(client, name):
    page = client.get(reverse(name), follow=True).content.decode()
    assert len(re.findall("<h1", page)) == 1
    assert not re.search(r"<title>\s*·", page)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_a_page_says_its_language_and_direction_and_takes_the_matching_style_sheet(client, language, direction):
    page = client.get(reverse("portal:about"), headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert ("bootstrap.rtl.min.css" in page) == (direction == "rtl")


def test_changing_the_language_stays_on_the_page(client):
    answer = client.post(reverse("set_language"), {"language": "ar", "next": "/about/?from=1"})
    assert answer.url == "/about/?from=1"
    assert 'lang="ar"' in client.get("/about/").content.decode()


@pytest.mark.usefixtures("administrator")
def test_a_page_of_a_person_is_kept_by_no_cache(client):
    assert client.get(reverse("desk:home"))["Cache-Control"] == "no-store, private"


def linked_files(page: str) -> list[Path]:
    addresses = re.findall(rf'(?:href|src)="/{settings.STATIC_URL.strip("/")}/([^"#]+)', page)
    files = [Path(finders.find(address)) for address in addresses]
    return list(chain.from_iterable(with_imported(file) for file in files))


def with_imported(file: Path) -> Iterator[Path]:
    yield file
    for name in re.findall(r'@import url\("(.+?)"\)', file.read_text()) if file.suffix == ".css" else []:
        yield from with_imported(file.parent / name)


@pytest.mark.parametrize("language", settings.LANGUAGES, ids=lambda pair: pair[0])
def test_a_first_visit_weighs_at_most_120_kilobytes_and_60_of_script(client, language):
    page = client.get(reverse("portal:home"), headers={"accept-language": language[0]}).content
    weights = {path: len(gzip.compress(path.read_bytes())) for path in linked_files(page.decode())}
    assert len(weights) >= 8 + (language[0] == "ar")  # the letters that Arabic brings
    assert sum(weights.values()) + len(gzip.compress(page)) <= 120_000
    assert sum(weight for path, weight in weights.items() if path.suffix == ".js") <= 60_000
