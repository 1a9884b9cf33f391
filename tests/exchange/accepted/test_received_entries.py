"""Meetings, courses and commitments of a peer: listed apart from our own, and gone when they are withdrawn."""

import pytest
from django.urls import reverse

from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Peer, Received
from servanda.network.models import Course, MechanismProfile, Meeting, PeerEntry
from servanda.people.access import Role
from tests import make, network_make
from tests.exchange_make import SITE, Sender, peer, profile, receive
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
KEY = "3c0f6a52-8f3e-4b5e-9d0a-5b1f0e3c7a14"


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, kinds="meeting training commitment report indicator profile")
    return made


def entry(kind: str, code: str = KEY, /, **values) -> dict:
    usual = {
        "Meeting": {"title": "Seminar", "start": "2027-05-10", "end": "2027-05-11", "agenda": ["Opening"]},
        "Training": {"title": "Clusters", "text": "How to cluster."},
        "Report": {
            "title": "Fourth report",
            "language": "en",
            "submitted_on": "2026-05-04",
            "body": "CCPR",
            "issuer": "Ministry of Justice",
            "files": [{"address": "https://n.example/r", "name": "report.pdf"}],
        },
        "Indicator": {
            "name": "Maternal deaths",
            "kind": "outcome",
            "unit": "rate",
            "values": [
                {"start": "2025-01-01", "end": "2025-12-31", "value": 12, "missing": ""},
                {"start": "2024-01-01", "end": "2024-12-31", "value": None, "missing": "not-collected"},
                {"start": "2025-01-01", "end": "2025-12-31", "value": 99, "missing": "", "breakdown": "sex=F"},
            ],
        },
        "Commitment": {
            "wording": "commitment",
            "source": "Seminar 2027",
            "texts": [{"language": "en", "text": "Meet once a year."}],
            "status": {"government": ["started"]},
        },
    }
    head = {"id": f"{SITE}/exchange/{kind.lower()}/{code}", "type": kind, "code": code}
    return head | usual[kind] | values


def accept(sender: Sender, by, *values: dict) -> None:
    for value in values:
        sender.tell("Create", value)
    receive(sender.parcel(), by)
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.first().peer, rows=rows, state="accepted", by=by)


def listed(client, kind: str = "") -> str:
    return source_of(client.get(reverse("desk:peer_entries"), {"kind": kind}))


def test_accepted_entries_are_listed_with_their_origin_and_not_among_our_own(client, sender, by):
    session = {"start": "2027-03-01", "end": "2027-03-02", "place": "Online"}
    values = [entry("Meeting"), entry("Training", sessions=[session]), entry("Commitment")]
    accept(sender, by, *values)
    shown = {
        "meeting": "Opening",
        "training": "1 March 2027 – 2 March 2027, Online",
        "commitment": "Meet once a year.",
    }
    for value, (kind, text) in zip(values, shown.items(), strict=True):
        page = listed(client, kind)
        assert text in page
        assert value["id"] in page
        assert page.count('<article class="panel">') == 1
    assert "Started" in listed(client, "commitment")
    assert (Meeting.objects.count(), Course.objects.count()) == (0, 0)
    for name, kind in (
        ("desk:meetings", "meeting"),
        ("desk:training", "training"),
        ("desk:commitments", "commitment"),
    ):
        assert f"{reverse('desk:peer_entries')}?kind={kind}" in source_of(client.get(reverse(name)))


def test_a_newer_version_replaces_an_entry_and_a_tombstone_deletes_it(sender, by):
    accept(sender, by, entry("Meeting"))
    accept(sender, by, entry("Meeting", title="Seminar in June", is_cancelled=True))
    assert list(PeerEntry.objects.values_list("title", "is_cancelled")) == [("Seminar in June", True)]
    receive(sender.tell("Delete", {"id": entry("Meeting")["id"], "type": "Tombstone"}).parcel(), by)
    assert not PeerEntry.objects.exists()


def test_an_entry_returned_to_review_is_listed_no_longer(sender, by):
    accept(sender, by, entry("Training"))
    rows = Received.objects.accepted()
    decisions.decide_received(peer=rows.first().peer, rows=rows, state="waiting", by=by)
    assert not PeerEntry.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        entry("Meeting", start="10 May"),
        entry("Meeting", agenda=["<b>x</b>"]),
        entry("Meeting", kind="party"),
        entry("Training", link="javascript:alert(1)"),
        entry("Training", sessions=[{"start": "2027-03-01", "end": "soon"}]),
        entry("Commitment", texts=[]),
        entry("Commitment", source=""),
        entry("Commitment", status={"government": ["excellent"]}),
    ],
)
def test_entries_with_faults_are_refused_by_the_check(sender, by, value):
    parcel = receive(sender.tell("Create", value).parcel(), by)
    assert (parcel.refused, Received.objects.count()) == (1, 0)


def test_the_list_costs_the_same_number_of_queries_for_more_entries(
    client, sender, by, django_assert_max_num_queries
):
    accept(sender, by, *(entry("Meeting", f"m-{number}") for number in range(30)))
    with django_assert_max_num_queries(20):
        assert listed(client).count('<article class="panel">') == 25


@pytest.mark.database
def test_accepted_reports_and_indicators_are_listed_and_on_the_page_of_their_state(client, sender, by):
    make.country("HRV", "Croatia")
    accept(sender, by, profile(), entry("Report"), entry("Indicator"))
    for kind, words in {
        "report": ["Fourth report", "CCPR", "Ministry of Justice", "report.pdf"],
        "indicator": ["Maternal deaths", "Outcome", "1 January 2025 – 31 December 2025, 12</bdi>", "Not collected"],
    }.items():
        page = listed(client, kind)
        assert [word for word in words if word not in page] == []
    assert ", 99 " not in listed(client, "indicator")
    page = source_of(client.get(MechanismProfile.objects.get().get_absolute_url()))
    assert "Fourth report" in page
    assert "Maternal deaths" in page
    key = MechanismProfile.objects.get().key
    assert "Fourth report" in source_of(client.get(reverse("desk:peer_entries"), {"of": key}))
    assert "Fourth report" not in source_of(client.get(reverse("desk:peer_entries"), {"of": "x"}))


def test_a_name_that_is_longer_than_the_list_shows_is_cut(sender, by):
    accept(sender, by, entry("Indicator", name="Maternal deaths " * 60))
    assert PeerEntry.objects.get().title == ("Maternal deaths " * 60)[:300]


def test_entries_of_a_peer_whose_state_was_chosen_are_on_the_page_of_the_mechanism_entered_here(client, sender, by):
    ours = network_make.profile("Croatian office", "HRV")
    Peer.objects.update(country=ours.country)
    accept(sender, by, entry("Report"))
    assert "Fourth report" in source_of(client.get(ours.get_absolute_url()))


def test_each_kind_names_the_page_where_it_is_shown(client, sender, by):
    accept(sender, by, entry("Report"))
    for address in (Peer.objects.get().get_absolute_url(), reverse("exchange:accepted")):
        page = source_of(client.get(address))
        assert "Where accepted objects are shown" in page
        assert f"{reverse('desk:peer_entries')}?kind=report" in page


def test_an_object_of_a_state_that_is_not_known_is_accepted_with_a_message(client, sender, by):
    sender.tell("Create", profile(country="XXX"))
    trusted = receive(sender.parcel(), by).peer
    form = {"state": "waiting", "to": "accepted", "all": "1"}
    page = source_of(client.post(reverse("exchange:decide_received", args=[trusted.key]), form, follow=True))
    assert "1 accepted object is not shown in the network" in page
    page = source_of(client.get(trusted.get_absolute_url(), {"state": "accepted"}))
    assert "the State XXX is not in the vocabulary" in page
