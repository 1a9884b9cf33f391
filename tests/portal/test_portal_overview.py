"""The overview for everyone: pictures, tables and the lists behind them."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from servanda.kit.charts import STYLE, STYLE_HASH
from servanda.recommendations.models import Tagging
from tests import make

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def register():
    for number in range(3):
        record = make.recommendation(stand="noted", year=2010 + number)
        Tagging.objects.create(recommendation=record, term=make.term(f"Theme {number}"))


def test_each_figure_has_its_picture_its_words_its_table_and_its_download(client, register):
    page = client.get(reverse("portal:overview")).content.decode()
    for key in ("body", "review", "year", "stand", "theme"):
        assert f'<img src="/overview/{key}.svg?language=en" alt="Chart with' in page
        assert f'href="/overview/{key}.csv"' in page
    row = '<a href="/recommendations/?stand=noted">Noted</a></th><td class="number">3</td>'
    assert row in re.sub(r"\s*\n\s*", "", page)
    assert '<a href="/recommendations/?theme=Theme+1">Theme 1</a>' in page


def test_nothing_that_is_not_published_is_in_page_picture_or_table(client, register):
    addresses = [reverse("portal:overview"), "/overview/theme.svg?language=en", "/overview/theme.csv"]
    before = [b"".join(client.get(address)) for address in addresses]
    hidden = make.recommendation(is_published=False, stand="pending", year=1999)
    Tagging.objects.create(recommendation=hidden, term=make.term(CANARY))
    assert [b"".join(client.get(address)) for address in addresses] == before
    assert CANARY.encode() not in b"".join(before)


def test_an_empty_register_says_so(client):
    page = client.get(reverse("portal:overview")).content.decode()
    assert "No figures yet" in page
    assert "<img" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_picture_speaks_the_language_that_its_address_names(client, register):
    url = reverse("portal:chart", args=["stand"])
    answer = client.get(f"{url}?language=fr", headers={"accept-language": "ar"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Language"] == "fr"
    assert client.get(f"{url}?language=xx")["Content-Language"] == "en"


def test_a_picture_is_kept_and_asked_for_by_its_mark(client, register):
    url = reverse("portal:chart", args=["stand"])
    answer = client.get(url)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    make.recommendation(stand="noted")
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_a_picture_may_style_itself_and_nothing_else(client, register):
    answer = client.get(reverse("portal:chart", args=["stand"]))
    assert f"<style>{STYLE}</style>" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'sha256-{STYLE_HASH}';" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["chart", "figure_table"])
def test_there_is_no_figure_of_another_name(client, register, name):
    assert client.get(reverse(f"portal:{name}", args=["batch"])).status_code == 404


def test_the_table_comes_as_csv(client, register):
    lines = b"".join(client.get(reverse("portal:figure_table", args=["stand"]))).decode("utf-8-sig").splitlines()
    assert lines == ["key,Position of the State,Records", "noted,Noted,3"]


def test_the_page_costs_the_same_number_of_queries_for_three_and_for_thirty(
    client, register, django_assert_num_queries
):
    url = reverse("portal:overview")
    with django_assert_num_queries(6) as few:
        client.get(url)
    for number in range(27):
        record = make.recommendation(year=1990 + number, body=make.body(f"BODY-{number % 5}"), review=None)
        Tagging.objects.create(recommendation=record, term=make.term(f"Theme {number}"))
    with django_assert_num_queries(len(few)):
        assert b"Theme 26" in client.get(url).content
