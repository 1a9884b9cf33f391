"""Search in what was accepted of the registers of other States."""

import pytest

from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Received
from servanda.people.access import Role
from tests import make
from tests.exchange_make import Sender, gone, peer, receive, record
from tests.house.answers import source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db
ADDRESS = "/exchange/search/"


@built_once
def person():
    return make.user(Role.COORDINATOR)


@built_once
def sent(person) -> Sender:
    made = Sender()
    peer(made, person)
    texts = ["Educate all girls.", "Protéger l’eau.", "Educate the police."]
    for number, text in enumerate(texts):
        language = "fr" if "eau" in text else "en"
        fields = {"stand": "noted", "status": {"government": ["full"]}} if number == 2 else {}
        value = record(f"A-{number}", texts=[{"language": language, "text": text}], **fields)
        made.tell("Create", value | {"body": "CRC" if number == 0 else "UPR"})
    receive(made.parcel(), person)
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.first().peer, rows=rows, state="accepted", by=person)
    return made


@pytest.fixture
def by(client, person):
    client.force_login(person)
    return person


@pytest.fixture
def sender(by, sent) -> Sender:
    return sent


def found(client, **query) -> list[str]:
    page = source_of(client.get(ADDRESS, query))
    return [code for code in ("A-0", "A-1", "A-2") if f"%2F{code}" in page]


@pytest.mark.database
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"words": "education"}, ["A-0", "A-2"]),
        ({"words": "educate -police"}, ["A-0"]),
        ({"words": '"l’eau"'}, ["A-1"]),
        ({"words": "A-1"}, ["A-1"]),
        ({"words": "education", "body": "CRC"}, ["A-0"]),
        ({"stand": "noted"}, ["A-2"]),
        ({"status": "full"}, ["A-2"]),
        ({"site": "https://neighbour.example"}, ["A-0", "A-1", "A-2"]),
        ({"site": "https://elsewhere.example"}, []),
        ({"words": "prison"}, []),
        ({"words": "\0 OR ) * NEAR(", "body": "x" * 500}, []),
        ({}, []),
    ],
)
def test_accepted_recommendations_are_found_by_words_and_filters(client, sender, query, codes):
    assert found(client, **query) == codes


@pytest.mark.database
def test_what_is_withdrawn_or_changed_is_found_no_longer(client, sender, by):
    receive(sender.tell("Delete", gone("A-0")).parcel(), by)
    assert found(client, words="education") == ["A-2"]
    changed = record("A-2", texts=[{"language": "en", "text": "Train the police."}])
    receive(sender.tell("Update", changed).parcel(), by)
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.first().peer, rows=rows, state="accepted", by=by)
    assert (found(client, words="education"), found(client, words="train")) == ([], ["A-2"])


@pytest.mark.parametrize("limit", ["MOST_FOUND", "MOST_MATCHED"])
def test_a_search_is_bounded_and_the_page_says_so(client, sender, monkeypatch, limit):
    assert "Not all results" not in source_of(client.get(ADDRESS, {"words": "educate"}))
    monkeypatch.setattr(f"servanda.network.peer_answers.searching.{limit}", 1)
    assert "Not all results" in source_of(client.get(ADDRESS, {"words": "educate"}))
    assert found(client, words="educate") == ["A-0"]


def test_the_public_does_not_see_it(client, db):
    assert client.get(ADDRESS).status_code == 302
