"""How answers go out: marked, kept for a while, to any site, and only to be read."""

import pytest
from django.urls import reverse

from servanda.recommendations.models import TextVersion
from tests import make

pytestmark = pytest.mark.django_db
ADDRESSES = ["recommendations", "taxonomies", "bodies", "countries", "openapi"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_answer_that_has_not_changed_is_not_sent_again(client, name):
    make.recommendation()
    answer = client.get(reverse(f"api:{name}"))
    again = client.get(reverse(f"api:{name}"), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert again["Cache-Control"] == "public, max-age=300"


def test_a_changed_text_changes_the_mark(client):
    record = make.recommendation()
    url = reverse("api:recommendation", args=[record.code])
    before = client.get(url)["ETag"]
    TextVersion.objects.filter(recommendation=record).update(text="Ratify at once.")
    answer = client.get(url, headers={"if-none-match": before})
    assert answer.status_code == 200
    assert answer["ETag"] != before


def test_no_date_tells_of_changes_that_are_not_published(client):
    record = make.recommendation()
    assert "Last-Modified" not in client.get(reverse("api:recommendation", args=[record.code]))


def test_the_mark_does_not_depend_on_who_asks(client):
    make.recommendation()
    url = reverse("api:recommendations")
    marks = {client.get(url, headers={"accept-language": language})["ETag"] for language in ("en", "ar", "fr")}
    assert len(marks) == 1


@pytest.mark.parametrize("name", ADDRESSES)
def test_head_is_answered_like_get_without_the_body(client, name):
    shown, head = client.get(reverse(f"api:{name}")), client.head(reverse(f"api:{name}"))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", shown["ETag"])


def test_a_browser_may_ask_from_another_site_with_the_mark(client):
    answer = client.options(reverse("api:recommendations"), headers={"access-control-request-method": "GET"})
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    answer = getattr(client, method)(reverse("api:recommendations"))
    assert answer.status_code == 405
    assert answer.json()["errors"][0]["parameter"] == "method"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
