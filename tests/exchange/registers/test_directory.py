"""The directory of peers, and the numbers that follow what is accepted of them."""

import pytest
from django.urls import reverse

from servanda.exchange.decisions import services as decisions
from servanda.exchange.feeds.tasks import pull_due_feeds
from servanda.exchange.models import Peer, PeerCount, Received
from servanda.people.access import Role
from tests import make
from tests.exchange_make import SITE, Sender, gone, peer, profile, receive, record
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
ADDRESS = "/exchange/directory/"


@pytest.fixture
def by(client):
    make.country("HRV", "HRV")
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, kinds="recommendation profile")
    return made


def decide(by, to: str, /, **which) -> None:
    rows = Received.objects.filter(**which)
    decisions.decide_received(peer=Peer.objects.get(origin=SITE), rows=rows, state=to, by=by)


def counts(dimension: str) -> dict[str, int]:
    return dict(PeerCount.objects.filter(dimension=dimension).values_list("value", "number"))


READING = ["exchange:directory", "exchange:accepted", "exchange:search_registers", "exchange:compare_peers"]


def test_a_reader_finds_the_registers_of_others_from_the_network(client):
    make.signed_in(client, Role.READER)
    assert reverse("exchange:directory") in source_of(client.get(reverse("desk:mechanisms")))
    for name in READING:
        page = source_of(client.get(reverse(name)))
        for address in [*map(reverse, READING), reverse("desk:mechanisms")]:
            assert f'href="{address}"' in page


@pytest.mark.database
def test_numbers_follow_what_is_accepted_and_withdrawn(sender, by):
    status = {"government": ["started", "full"]}
    sender.tell("Create", record("A-1", stand="noted", status=status)).tell("Create", record("A-2", body="CEDAW"))
    receive(sender.parcel(), by)
    assert counts("records") == {}
    decide(by, "accepted", state="waiting")
    assert counts("records") == {"all": 2, "body": 2, "position": 1, "status": 1, "theme": 0, "sdg": 0}
    assert (counts("body"), counts("position")) == ({"UPR": 1, "CEDAW": 1}, {"noted": 1})
    assert counts("status") == {"started": 1, "full": 1}
    receive(sender.tell("Delete", gone("A-1")).parcel(), by)
    assert (counts("records")["all"], counts("position")) == (1, {})
    decide(by, "declined", state="accepted")
    assert counts("records")["all"] == 0


def test_the_directory_names_each_peer_with_its_profile_and_its_records(client, sender, by):
    receive(sender.tell("Create", profile()).tell("Create", record()).parcel(), by)
    decide(by, "accepted", state="waiting")
    peer(Sender(site="https://birch.example"), name="Birch")
    page = source_of(client.get(ADDRESS))
    assert page.index("Birch") < page.index("Neighbour")
    assert '<td class="number" data-label="Recommendations">1</td>' in page
    assert "HRV" in page
    assert f"{reverse('exchange:compare_peers')}?peer={Peer.objects.get(origin=SITE).key}" in page
    assert "Birch" not in source_of(client.get(ADDRESS, {"words": "neighb"}))
    assert "No mechanisms found" in source_of(client.get(ADDRESS, {"words": "nowhere"}))


def test_the_profile_of_another_mechanism_that_a_peer_published_is_not_its_own(client, sender, by):
    """A system may publish profiles of other States beside its own, or without it."""
    make.country("AUT", "Austria")
    other = profile("1d4f0a61-2b7c-4f0e-8f51-0c9a3c1d2e41", country="AUT", is_own=False, name="Vienna")
    receive(sender.tell("Create", other).parcel(), by)
    decide(by, "accepted", state="waiting")
    assert "Austria" not in source_of(client.get(ADDRESS))
    receive(sender.tell("Create", profile(is_own=True)).parcel(), by)
    decide(by, "accepted", state="waiting")
    page = source_of(client.get(ADDRESS))
    assert "HRV" in page
    assert "Austria" not in page


def test_the_state_that_a_person_chose_for_a_peer_comes_first(client, sender, by):
    Peer.objects.update(country=make.country("AGO", "Angola"))
    receive(sender.tell("Create", profile()).parcel(), by)
    decide(by, "accepted", state="waiting")
    page = source_of(client.get(ADDRESS))
    assert "Angola" in page
    assert "HRV" not in page


def test_more_peers_cost_the_same_queries(client, by, django_assert_max_num_queries):
    for number in range(60):
        peer(Sender(site=f"https://p{number}.example"), name=f"Peer {number:02d}")
    with django_assert_max_num_queries(20):
        assert source_of(client.get(ADDRESS, {"page": 2})).count("<tr>") == 11


def test_a_peer_that_was_never_counted_is_counted_by_the_schedule(sender, by):
    pull_due_feeds.func()
    assert Peer.objects.get().counted_at is not None


def test_the_public_does_not_see_it(client, db):
    assert client.get(ADDRESS).status_code == 302


def test_the_state_of_a_peer_without_a_profile_is_shown(client, sender):
    Peer.objects.update(country=make.country("AGO", "Angola"))
    page = source_of(client.get(ADDRESS))
    assert "Angola" in page
    assert "The State agrees with the recommendation" not in page
    assert "The State agrees" not in source_of(client.get(reverse("exchange:search_registers")))
