"""Who else got a recommendation: what is public of other States, and what they answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.recommendations.search.encoding import encode_missing
from servanda.vocab.models import Country
from tests import make
from tests.house.answers import tight_source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db

TORTURE = "Ratify the Optional Protocol to the Convention against Torture."
DESK, PUBLIC = "desk:record", "portal:similar_records"


@built_once
def austria():
    return Country.objects.get_or_create(code="AUT", defaults={"name": "Austria"})[0]


@built_once
def asked(austria):
    """Of Slovenia, and nearly the same of Austria, which noted it."""
    own = make.recommendation(TORTURE)
    other = make.recommendation(TORTURE, country=austria, stand="noted", year=2026)
    weaker = make.recommendation(f"Consider to {TORTURE.lower()}", country=austria, stand="supported")
    encode_missing()
    return own, other, weaker


def section(client, name: str, code: str) -> str:
    page = tight_source_of(client.get(reverse(name, args=[code])))
    return page.partition('id="elsewhere"')[2].partition("</section>")[0]


@pytest.mark.parametrize("name", [DESK, PUBLIC])
def test_a_record_shows_what_another_state_was_asked_and_what_it_answered(client, asked, name):
    own, other, weaker = asked
    make.signed_in(client, "coordinator")
    shown = section(client, name, own.code)
    assert shown.index("Same text") < shown.index("Noted") < shown.index(other.code) < shown.index("Related")
    assert "UPR, cycle 4" in shown
    assert "<mark>Consider</mark>" in shown[shown.index("Related") :]
    assert f"?like={own.code}" in shown


@pytest.mark.parametrize("hidden", [{"is_published": False}, {"confidentiality": "internal"}])
def test_what_is_not_public_of_another_state_is_never_shown(client, asked, hidden):
    own, other, weaker = asked
    for each in (other, weaker):
        for field, value in hidden.items():
            setattr(each, field, value)
        each.save()
    make.signed_in(client, "coordinator")
    assert section(client, DESK, own.code) == section(client, PUBLIC, own.code) == ""


def test_records_of_the_state_itself_and_of_none_are_not_elsewhere(client, asked):
    own, other, weaker = asked
    for each, country in ((other, own.country), (weaker, None)):
        each.country = country
        each.save()
    assert section(client, PUBLIC, own.code) == ""


@pytest.mark.parametrize("name", [DESK, PUBLIC])
def test_the_page_asks_at_most_twenty_questions(client, asked, name):
    make.signed_in(client, "coordinator")
    address = reverse(name, args=[asked[0].code])
    client.get(address)
    with CaptureQueriesContext(connection) as questions:
        page = client.get(address)
    assert 'id="elsewhere"' in page.content.decode()
    savepoints = sum("SAVEPOINT" in question["sql"] or question["sql"] == "BEGIN" for question in questions)
    assert len(questions) - savepoints <= 20
