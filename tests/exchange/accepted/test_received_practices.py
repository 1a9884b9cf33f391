"""Practices of a peer: rows of the network that follow what is accepted, and go when the peer withdraws."""

import pytest
from django.urls import reverse

from servanda.exchange.accepted.network import sender_of
from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Peer, Received
from servanda.network.models import Practice
from servanda.people.access import Role
from servanda.recommendations.filters.parameters import taxonomy_key
from tests import make, network_make
from tests.exchange_make import Sender, peer, practice, receive
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State
FIRST, SECOND = "5b1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e", "6c1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e"


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, kinds="practice recommendation")
    return made


def decide(to: str, by, **which) -> None:
    rows = Received.objects.filter(**which)
    decisions.decide_received(peer=rows.first().peer, rows=rows, state=to, by=by)


def titles() -> list[str]:
    return [str(row) for row in Practice.objects.order_by("pk")]


@pytest.mark.database
def test_an_accepted_practice_is_shown_with_origin_and_day_and_is_not_edited(client, sender, by):
    term, body = make.term("Health"), make.body("UPR")
    theme = {"taxonomy": taxonomy_key(term.taxonomy.code), "code": term.code}
    value = practice(
        themes=[theme, {"taxonomy": "nowhere", "code": "x"}],
        bodies=[body.code, "NONE"],
        capacities=["consult", "fly"],
        cost={"amount": "12.50", "currency": "EUR", "year": 2025},
        evidence=[{"text": "Report", "address": "https://neighbour.example/1"}],
        ministry_file={"number": 7},
    )
    receive(sender.tell("Create", value).parcel(), by)
    assert titles() == []
    decide(State.ACCEPTED, by, code=FIRST)
    row = Practice.objects.get()
    assert (row.state, row.owner, row.origin) == ("received", "Neighbours (Neighbour)", value["id"])
    assert ([str(item) for item in row.themes.all()], row.capacities, str(row.cost)) == (
        ["Health"],
        "consult",
        "12.50",
    )
    assert [item.code for item in row.bodies.all()] == [body.code]
    page = source_of(client.get(row.get_absolute_url()))
    for shown in (value["id"], "Received on", "Ask for a deputy.", "https://neighbour.example/1"):
        assert shown in page
    assert reverse("desk:edit_practice", args=[row.key, "en"]) not in page
    assert client.get(reverse("portal:practice", args=[row.key])).status_code == 404
    address = reverse("desk:edit_practice", args=[row.key, "en"])
    sent = {"mechanism": network_make.profile().pk, "title": "Ours", "problem": "P", "steps": "S", "result": "R"}
    assert "Another system sent this practice" in source_of(client.post(address, sent))
    assert titles() == ["A deputy for each focal point"]


@pytest.mark.database
def test_who_endorsed_or_tried_it_is_shown_and_follows_what_is_received(client, sender, by):
    tried = {"mechanism": "Office of Alder", "kind": "tried", "date": "2026-02-01", "note": "It took a year."}
    endorsed = {"mechanism": "Unit of Cedar", "kind": "endorsed", "date": "2026-03-01"}
    receive(sender.tell("Create", practice(endorsements=[tried, endorsed])).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    row = Practice.objects.get()
    page = source_of(client.get(row.get_absolute_url()))
    for shown in ("Endorsed or tried by", "Office of Alder", "Tried", "It took a year.", "Unit of Cedar"):
        assert shown in page
    assert "Published with the practice by Neighbours (Neighbour)" in page
    assert "withdraw" not in page.split("Endorsed or tried by")[1].split("</section>")[0]
    listed = source_of(client.get(reverse("desk:practices")))
    assert ">2</td>" in listed
    receive(sender.tell("Update", practice(endorsements=[endorsed])).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    assert [endorsement.mechanism for endorsement in row.received_endorsements.all()] == ["Unit of Cedar"]


def test_a_newer_version_replaces_it_once_accepted_and_the_former_one_returns_when_it_is_declined(sender, by):
    receive(sender.tell("Create", practice()).parcel(), by)
    decide(State.ACCEPTED, by, code=FIRST)
    text = practice()["texts"][0] | {"title": "Two deputies"}
    receive(sender.tell("Update", practice(texts=[text])).parcel(), by)
    assert titles() == ["A deputy for each focal point"]
    decide(State.ACCEPTED, by, state=State.WAITING)
    assert titles() == ["Two deputies"]
    decide(State.DECLINED, by, state=State.ACCEPTED)
    assert titles() == ["A deputy for each focal point"]


def test_a_peer_that_withdraws_is_obeyed_and_nothing_else_goes(sender, by):
    own = network_make.practice("Our own")
    receive(sender.tell("Create", practice()).tell("Create", practice(SECOND)).parcel(), by)
    decide(State.ACCEPTED, by, kind="practice")
    assert Practice.objects.count() == 3
    gone = {"id": practice()["id"], "type": "Tombstone"}
    receive(sender.tell("Delete", gone).parcel(), by)
    assert {row.origin for row in Practice.objects.all()} == {"", practice(SECOND)["id"]}
    assert Practice.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"texts": []},
        {"texts": [practice()["texts"][0] | {"title": "<b>One</b>"}]},
        {"texts": [practice()["texts"][0] | {"problem": "a\u202eb"}]},
        {"texts": [practice()["texts"][0] | {"steps": []}]},
        {"texts": [practice()["texts"][0] | {"result": "a" * 1_000_000}]},
        {"texts": [practice()["texts"][0] | {"language": f"l{number}"} for number in range(30)]},
        {"evidence": [{"text": "x", "address": "javascript:alert(1)"}]},
        {"cost": {"amount": "9" * 40, "currency": "EUR"}},
        {"cost": {"amount": "NaN", "currency": "EUR"}},
        {"mechanism": "<script>alert(1)</script>"},
    ],
)
def test_a_practice_with_faults_is_refused_by_the_check(sender, by, changed):
    parcel = receive(sender.tell("Create", practice(**changed)).parcel(), by)
    assert (parcel.refused, Received.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("name", "mechanism", "shown"),
    [
        ("Neighbour", "Office", "Office (Neighbour)"),
        ("Neighbour", "", "Neighbour"),
        ("Neighbour", "Neighbour", "Neighbour"),
        ("N" * 200, "Office", "N" * 200),
        ("N" * 100, "O" * 200, f"{'O' * 97} ({'N' * 100})"),
    ],
)
def test_the_name_of_the_peer_stands_whole_beside_what_it_claims(name, mechanism, shown):
    assert sender_of(Peer(name=name), mechanism) == shown
