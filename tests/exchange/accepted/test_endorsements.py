"""Endorsements of received practices travel back to the system that the practice comes from."""

import json

import pytest
from django.urls import reverse

from servanda.exchange.decisions import services as decisions
from servanda.exchange.format.checking import check_file
from servanda.exchange.format.kinds import KINDS, objects_of
from servanda.exchange.models import Received
from servanda.network.models import Endorsement, MechanismProfile, Practice, ReceivedEndorsement
from servanda.network.practices import services as practices
from servanda.people.access import Role
from tests import make, network_make
from tests.exchange_make import SITE, Sender, peer, practice, receive
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State
OWN = "https://own.example"
CODE = "9b6f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e"


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by, settings):
    settings.ORIGIN = OWN
    made = Sender()
    peer(made, by, kinds="practice endorsement")
    return made


@pytest.fixture
def own(by) -> Practice:
    return network_make.practice(of=network_make.profile(is_published=True), state="published")


def endorsement(of: str, code: str = CODE, **changed) -> dict:
    made = {"id": f"{SITE}/exchange/endorsement/{code}", "type": "Endorsement", "code": code, "practice": of}
    return made | {"mechanism": "Unit", "kind": "tried", "date": "2026-02-01", "note": "It took a year."} | changed


def id_of(row: Practice) -> str:
    return f"{OWN}/exchange/practice/{row.key}"


def accept(by) -> None:
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.get().peer, rows=rows, state=State.ACCEPTED, by=by)


def shared() -> list[dict]:
    return list(objects_of(KINDS["endorsement"], OWN))


@pytest.fixture
def received(sender, by) -> Practice:
    """A practice of the neighbour, which was accepted here."""
    receive(sender.tell("Create", practice()).parcel(), by)
    accept(by)
    return Practice.objects.get()


@pytest.fixture
def tried(received) -> Endorsement:
    mechanism = network_make.profile("Our office", is_own=True, is_published=True)
    return network_make.endorsement(received, mechanism, note="It worked here, too.")


def test_an_endorsement_of_a_received_practice_names_it_by_its_origin(received, tried):
    (shown,) = shared()
    assert (shown["practice"], shown["mechanism"], shown["kind"]) == (received.origin, "Our office", "tried")
    assert shown["id"] == f"{OWN}/exchange/endorsement/{tried.key}"
    assert check_file(json.dumps(shown).encode()).is_valid


def test_an_endorsement_names_no_practice_from_a_feed_for_members_to_everyone(received, tried):
    Practice.objects.update(is_for_members=True)
    assert shared() == []
    assert len(list(objects_of(KINDS["endorsement"], OWN, for_members=True))) == 1


def test_without_a_public_profile_of_the_mechanism_nothing_travels(tried):
    MechanismProfile.objects.update(is_published=False)
    assert shared() == []


def test_nothing_travels_unless_somebody_chose_to_share_it(tried):
    Endorsement.objects.update(is_shared=False)
    assert shared() == []


def test_a_profile_of_another_state_that_was_typed_here_does_not_speak(tried):
    MechanismProfile.objects.update(is_own=False)
    assert shared() == []


def test_a_received_profile_speaks_in_its_own_feed_only(tried):
    MechanismProfile.objects.update(is_own=False, origin=f"{SITE}/exchange/profile/1", received_on="2026-01-01")
    assert shared() == []


def test_a_withdrawn_endorsement_and_one_of_an_own_practice_do_not_travel(tried, own, by):
    network_make.endorsement(own, tried.mechanism)
    practices.withdraw_endorsement(endorsement=tried, by=by)
    assert shared() == []
    practices.restore_endorsement(endorsement=tried, by=by)
    assert len(shared()) == 1


def test_the_origin_shows_it_once_a_person_accepted_it(client, sender, own, by):
    receive(sender.tell("Create", endorsement(id_of(own))).parcel(), by)
    assert "It took a year." not in source_of(client.get(own.get_absolute_url()))
    accept(by)
    page = source_of(client.get(own.get_absolute_url()))
    for shown in ("Unit (Neighbour)", "Tried", "It took a year.", "Received on", f"{SITE}/exchange/endorsement/"):
        assert shown in page
    assert "It took a year." not in source_of(client.get(reverse("portal:practice", args=[own.key])))
    (row,) = objects_of(KINDS["practice"], OWN)
    assert row["endorsements"] == []


def test_the_newer_version_replaces_it_and_its_withdrawal_deletes_it(sender, own, by):
    sender.tell("Create", endorsement(id_of(own)))
    receive(sender.parcel(), by)
    accept(by)
    sender.tell("Update", endorsement(id_of(own), kind="endorsed", note=""))
    receive(sender.parcel(), by)
    accept(by)
    row = ReceivedEndorsement.objects.get()
    assert (row.kind, row.note, row.practice) == ("endorsed", "", own)
    sender.tell("Delete", {"id": endorsement("")["id"]})
    receive(sender.parcel(), by)
    assert not ReceivedEndorsement.objects.exists()


@pytest.mark.parametrize(
    "named",
    [
        f"{OWN}/exchange/practice/5b1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e",
        f"{OWN}/exchange/practice/x",
        "https://elsewhere.example/exchange/practice/5b1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e",
    ],
)
def test_one_of_a_practice_that_is_not_here_is_kept_and_shown_nowhere_else(sender, own, by, named):
    receive(sender.tell("Create", endorsement(named)).parcel(), by)
    accept(by)
    assert Received.objects.accepted().count() == 1
    assert not ReceivedEndorsement.objects.exists()


def test_the_key_of_an_own_practice_at_another_origin_is_not_that_practice(sender, own, by):
    receive(sender.tell("Create", endorsement(f"{SITE}/exchange/practice/{own.key}")).parcel(), by)
    accept(by)
    assert not ReceivedEndorsement.objects.exists()


def test_it_stays_when_the_practice_it_names_arrives_again(received, sender, by):
    sender.tell("Create", endorsement(received.origin))
    receive(sender.parcel(), by)
    accept(by)
    sender.tell("Update", practice(contact="office@neighbour.example"))
    receive(sender.parcel(), by)
    accept(by)
    assert ReceivedEndorsement.objects.get().practice == received


@pytest.mark.parametrize(
    "wrong", [{"practice": "practice 5"}, {"kind": "liked"}, {"date": "yesterday"}, {"mechanism": ""}]
)
def test_a_wrong_endorsement_is_named_by_the_validator(own, wrong):
    findings = check_file(json.dumps(endorsement(id_of(own)) | wrong).encode())
    assert [fault.field for fault in findings.faults] == list(wrong)


def test_one_that_is_invented_is_marked_where_it_is_shown(client, sender, own, by):
    receive(sender.tell("Create", endorsement(id_of(own), is_invented=True)).parcel(), by)
    accept(by)
    page = source_of(client.get(reverse("desk:practice", args=[own.key])))
    assert "Invented for demonstration" in page
