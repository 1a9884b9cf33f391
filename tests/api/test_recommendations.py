"""The list of the API: the filters of the register, page by page."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.models import Link, Position, RecommendingState, SourceRecord, Tagging
from tests import make

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


def ask(client, query: str = "", status: int = 200) -> dict:
    answer = client.get(f"{reverse('api:recommendations')}?{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def codes(page: dict) -> list[str]:
    return [recommendation["code"] for recommendation in page["recommendations"]]


@pytest.fixture
def five():
    return [make.recommendation(paragraph=f"140.{number}", stand="noted") for number in (1, 2, 3, 10, 11)]


def test_pages_follow_each_other_in_the_order_of_the_documents(client, five):
    page = ask(client, "limit=2")
    seen = codes(page)
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += codes(page)
    assert seen == [record.code for record in five]
    assert (page["count"], page["limit"], page["offset"]) == (5, 2, 4)
    assert page["previous"].endswith("?limit=2&offset=2")


def test_a_page_behind_the_last_is_empty_and_still_says_how_many_there_are(client, five):
    page = ask(client, "offset=500")
    assert (codes(page), page["count"], page["next"]) == ([], 5, None)


@pytest.mark.parametrize(
    "query", ["stand=noted", "theme=Health", "theme=-", "recommending=HRV", "q=school", "body=UPR"]
)
def test_a_filter_finds_what_the_list_finds(client, five, query):
    other = make.recommendation("Build one school.", stand="supported", paragraph="141")
    reindex([other.pk])
    Tagging.objects.create(recommendation=other, term=make.term("Health"))
    RecommendingState.objects.create(recommendation=other, country=make.country("HRV", "Croatia"))
    facets = public_facets()
    found = narrow(everybody(), read_filter(QueryDict(query), facets), facets)
    assert set(codes(ask(client, query))) == set(found.values_list("code", flat=True))
    assert found.count() in (1, 5, 6)


@pytest.mark.database
def test_the_newest_come_first_when_asked(client):
    make.recommendation(date="2010-01-01", code="old")
    make.recommendation(date="2025-01-01", code="new")
    assert codes(ask(client, "sort=newest")) == ["new", "old"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("sort=random", "sort"),
        ("body=NOBODY", "body"),
        ("stand=UPR&body=UPR", "stand"),
        ("colour=red", "colour"),
        ("page=2", "page"),
        ("q=%21%21", "q"),
        (f"q={'a' * 501}", "q"),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_parameter_named(client, query, parameter):
    make.body()
    errors = ask(client, query, status=400)["errors"]
    assert [error["parameter"] for error in errors] == [parameter]
    assert errors[0]["message"]


def test_every_fault_is_named_at_once(client):
    errors = ask(client, "colour=red&kind=none&sort=random", status=400)["errors"]
    assert [error["parameter"] for error in errors] == ["colour", "kind", "sort"]


def test_an_error_speaks_the_language_asked_for(client):
    answer = client.get(f"{reverse('api:recommendations')}?colour=red", headers={"accept-language": "fr"})
    assert answer["Content-Language"] == "fr"
    assert "Cache-Control" not in answer


def test_what_is_not_public_changes_no_byte(client, five):
    before = client.get(reverse("api:recommendations"))
    for fields in ({"is_published": False}, {"confidentiality": "internal"}, {"confidentiality": "restricted"}):
        hidden = make.recommendation(CANARY, **fields)
        Link.objects.create(from_recommendation=five[0], to_recommendation=hidden, relation="repeats")
        Link.objects.create(from_recommendation=hidden, to_recommendation=five[1], relation="follows-up")
    Position.objects.create(recommendation=five[0], stand="supported", is_draft=True, comment=CANARY)
    Tagging.objects.create(recommendation=five[0], term=make.term(CANARY), origin="machine", confidence=0.9)
    make.term(CANARY)
    five[2].save()
    after = client.get(reverse("api:recommendations"))
    assert after.content == before.content
    headers = [{**answer.headers, "X-Request-ID": ""} for answer in (before, after)]
    assert headers[0] == headers[1]


def test_a_person_who_is_logged_in_gets_the_same_and_nobody_keeps_it(client, five):
    make.recommendation(CANARY, is_published=False)
    anonymous = client.get(reverse("api:recommendations"))
    client.force_login(make.user("coordinator"))
    answer = client.get(reverse("api:recommendations"))
    assert answer.content == anonymous.content
    assert anonymous["Cache-Control"] == "public, max-age=300"
    assert answer["Cache-Control"] == "no-store, private"


def fill(record):
    Tagging.objects.create(recommendation=record, term=make.term("Health"))
    Position.objects.create(recommendation=record, stand="noted")
    RecommendingState.objects.create(recommendation=record, country=make.country("HRV", "Croatia"))
    SourceRecord.objects.create(recommendation=record, scheme="uhri", external_id=record.code, digest="1", raw=CANARY)
    return record


def test_a_page_costs_the_same_number_of_queries_for_two_and_for_twenty(client, django_assert_num_queries):
    first = fill(make.recommendation())
    Link.objects.create(from_recommendation=first, to_recommendation=fill(make.recommendation()), relation="repeats")
    with django_assert_num_queries(15) as few:
        assert len(ask(client, "limit=100")["recommendations"]) == 2
    for _number in range(18):
        Link.objects.create(
            from_recommendation=first, to_recommendation=fill(make.recommendation()), relation="repeats"
        )
    with django_assert_num_queries(len(few)):
        assert len(ask(client, "limit=100")["recommendations"]) == 20
