"""Practices for a record: why each is shown, what a person decided, and what the report may quote."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from bench.practices import run
from servanda.kit.refusal import Refused
from servanda.network.models import Practice
from servanda.network.practices import for_record
from servanda.network.practices.encoding import encode_practices
from servanda.network.practices.for_record import practices_for, ranked
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.search.encoding import encode_missing
from servanda.reporting.facts.registry import FactContext
from tests import make, network_make, reports_make
from tests.house.answers import source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


@pytest.fixture
def theme():
    return make.term("Health")


@pytest.fixture
def record(theme):
    record = make.recommendation("Reduce maternal mortality, especially in remote regions.")
    Tagging.objects.create(recommendation=record, term=theme, origin="person")
    return record


def midwives(**values) -> Practice:
    parts = {"problem": "Mothers on the islands gave birth without trained help."}
    return network_make.practice("Midwives by boat", parts=parts, **values)


def shown(record: Recommendation) -> list[tuple[str, list[str], bool, bool]]:
    fitting = practices_for(record, among=Practice.objects.all())
    return [(row.title, [str(term) for term in row.themes], row.is_similar, row.is_linked) for row in fitting]


def test_a_near_text_counts_more_with_a_shared_theme_and_a_far_one_is_left_out():
    likeness = {1: 0.45, 2: 0.3, 3: 0.1, 4: 0.39, 5: 0.16}
    assert ranked(likeness, {2, 3, 5}) == [2, 1, 5]
    assert ranked({}, {7, 8}, unread=[7, 8, 9]) == [8, 7]


def test_a_practice_of_a_shared_theme_and_a_similar_text_is_shown_with_both_reasons(record, theme):
    midwives(themes=[theme])
    network_make.practice("Taxes on sugar", themes=[make.term("Economy")], parts={"problem": "Sugar was cheap."})
    assert shown(record) == [("Midwives by boat", ["Health"], False, False)]  # without vectors yet
    encode_missing()
    assert encode_practices() == 2
    assert encode_practices() == 0
    assert shown(record) == [("Midwives by boat", ["Health"], True, False)]


def test_a_suggested_label_is_no_shared_theme(theme):
    record = make.recommendation("Protect every person.")
    Tagging.objects.create(recommendation=record, term=theme, origin="machine")
    midwives(themes=[theme])
    assert shown(record) == []


@pytest.mark.database
def test_the_list_is_searched_by_meaning_in_another_language_nearest_first(client, coordinator):
    midwives()
    network_make.practice("Taxes on sugar", parts={"problem": "Sugar was cheap."})
    encode_practices()
    query = {"words": "Mujeres que dan a luz sin ayuda de parteras en las islas", "by": "meaning"}
    page = source_of(client.get(reverse("desk:practices"), query))
    assert "Midwives by boat" in page
    assert "Taxes on sugar" not in page
    query["by"] = ""
    assert "No matching practices" in source_of(client.get(reverse("desk:practices"), query))


@pytest.mark.database
def test_a_person_links_or_dismisses_a_practice_and_takes_it_back(client, coordinator, record, theme):
    fits, other = midwives(themes=[theme]), network_make.practice("Registers of children")
    address = reverse("desk:record_practices", args=[record.code])
    assert "Shared theme: Health" in source_of(client.get(address))
    page = source_of(client.post(reverse("desk:dismiss_practice", args=[record.code, fits.key]), follow=True))
    assert reverse("desk:reopen_practice", args=[record.code, fits.key]) in page
    assert "Midwives" not in source_of(client.get(address))
    client.post(reverse("desk:reopen_practice", args=[record.code, fits.key]))
    client.post(reverse("desk:link_practice", args=[record.code, other.key]))
    assert [row[0] for row in shown(record)] == ["Registers of children", "Midwives by boat"]
    with pytest.raises(Refused, match="already been done"):
        for_record.link_practice(record=record, practice=other, by=coordinator)
    assert client.post(reverse("desk:link_practice", args=["SVN-NONE", other.key])).status_code == 404


def test_the_links_of_a_merged_record_are_shown_on_the_one_that_stays(record):
    merged, practice = make.recommendation(), network_make.practice("Registers of children")
    for_record.link_practice(record=merged, practice=practice, by=make.user("coordinator"))
    Recommendation.every_kind.filter(pk=merged.pk).update(merged_into=record)
    assert [row[0] for row in shown(record)] == ["Registers of children"]


def test_the_public_page_shows_published_practices_only(client, record, theme):
    draft = midwives(themes=[theme])
    address = reverse("portal:similar_records", args=[record.code])
    page = reverse("portal:recommendation", args=[record.code])
    assert "Midwives" not in source_of(client.get(address))
    assert "#practices" not in source_of(client.get(page))
    network_make.practice("Nurses by boat", themes=[theme], state="published")
    for_record.link_practice(record=record, practice=draft, by=make.user("coordinator"))
    shown_there = source_of(client.get(address))
    assert "Nurses by boat" in shown_there
    assert "Midwives" not in shown_there
    assert "#practices" in source_of(client.get(page))


def test_the_page_of_the_record_leads_to_practices_once_there_are_any(client, coordinator, record):
    page = reverse("desk:record", args=[record.code])
    url = reverse("desk:record_practices", args=[record.code])
    assert url not in source_of(client.get(page))
    network_make.practice()
    assert url in source_of(client.get(page))
    assert "No practice fits this record yet" in source_of(client.get(url))


@pytest.mark.database
def test_the_number_of_queries_does_not_grow_with_the_practices(client, coordinator, record, theme):
    address = reverse("desk:record_practices", args=[record.code])
    midwives(themes=[theme])
    encode_missing()
    encode_practices()
    few = len(asked(client, address))
    for number in range(20):
        network_make.practice(f"Midwives {number}", themes=[theme])
    encode_practices()
    assert len(asked(client, address)) <= few <= MOST


def test_only_a_linked_and_reviewed_practice_is_a_fact_of_a_report(coordinator, record, theme):
    linked, draft = midwives(themes=[theme], state="published"), network_make.practice("Draft")
    network_make.practice("Not linked", themes=[theme], state="published")
    for practice in (linked, draft):
        for_record.link_practice(record=record, practice=practice, by=coordinator)
    section = reports_make.report(coordinator).sections.first()
    context = FactContext(coordinator, Recommendation.objects.all(), section)
    source = reports_make.source("practices")
    [fact] = source.facts(source.rows(context), context)
    assert (fact.title, fact.text) == ("Midwives by boat", "Midwives by boat: Answers came.")
    assert fact.citation.startswith("Practice, Human Rights Commission")
    assert source.covered is not None
    assert [row["recommendation"] for row in source.covered(context)] == [record.pk]


def test_what_is_shown_first_is_better_than_the_dumbest_ways():
    rows = []
    run(lambda name, figure, bar, ok: rows.append((name, ok)), among=200)
    assert {name: ok for name, ok in rows if not ok} == {}
    assert {"theme and meaning", "answers by meaning"} <= {name for name, _ok in rows}


def test_the_invented_set_has_a_part_that_set_the_limits_and_a_larger_one_that_did_not():
    practices = json.loads(
        (Path(__file__).parents[3] / "bench" / "data" / "practices.json").read_text(encoding="utf-8")
    )
    parts = [row["part"] for row in practices["recommendations"]]
    assert parts.count("held out") > parts.count("tuning") > 0
