"""Unsigned files: reviewed under a peer that a person added, marked, and never preferred to signed objects."""

import hashlib
import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.exchange.converting.objects import Origin
from servanda.exchange.converting.spreadsheet import convert_spreadsheet
from servanda.exchange.decisions import services as decisions
from servanda.exchange.format import checking, reading
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.format.views import graph
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.parcels.unsigned import receive_unsigned
from servanda.exchange.peers import services, views
from servanda.kit.refusal import Refused
from servanda.network.models import PeerAnswer, Practice
from servanda.network.peer_answers.encoding import encode_answers
from servanda.people.access import Role
from servanda.recommendations.search.encoding import encode_missing
from servanda.trail.models import Event
from tests import make
from tests.exchange_make import SITE, Sender, gone, peer, practice, receive, record
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State
SENDER = "Secretariat of the mechanism, by e-mail"


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, kinds="recommendation practice")
    return made


@pytest.fixture
def keyless(by) -> Peer:
    """A system without a key."""
    return peer(Sender(), by, fingerprint="", kinds="recommendation practice")


def receive_file(by, *values, content: bytes | None = None, name: str = "list.jsonld") -> Parcel:
    file = BytesIO(json.dumps(values).encode() if content is None else content)
    return receive_unsigned(peer=Peer.objects.get(), file=file, name=name, sender=SENDER, by=by)


def decide(by, to: str, /, **which) -> None:
    rows = Received.objects.filter(**which)
    decisions.decide_received(peer=Peer.objects.get(), rows=rows, state=to, by=by)


def states() -> set[tuple[str, bool]]:
    """Of each version: its state, and whether it is signed."""
    return {(row.state, not row.is_unsigned) for row in Received.objects.select_related("parcel")}


def test_a_slash_at_the_end_of_an_id_does_not_pass_for_another_object_than_the_signed_one(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    arrived = receive_file(by, record(id=f"{record()['id']}/", stand="noted"))
    assert (arrived.refused, states()) == (1, {("waiting", True)})


def test_a_file_is_sent_on_the_page_of_its_peer_and_its_objects_wait_with_a_mark(client, keyless, by):
    address = reverse("exchange:receive_unsigned", args=[keyless.key])
    assert address in source_of(client.get(keyless.get_absolute_url()))
    content = json.dumps([record("A-1"), record("A-2")]).encode()
    form = {"file": SimpleUploadedFile("list.jsonld", content), "sender": SENDER}
    page = source_of(client.post(address, form, follow=True))
    digest = hashlib.sha256(content).hexdigest()
    for shown in ("Its objects are not signed.", "To be reviewed (2)", "Not signed", SENDER, digest):
        assert shown in page
    page = source_of(client.get(reverse("exchange:received", args=[Received.objects.first().pk])))
    for shown in ("Not signed", SENDER, digest, "list.jsonld"):
        assert shown in page
    event = Event.objects.get(action="unsigned-file-received", actor=by)
    assert digest in event.difference
    again = {"file": SimpleUploadedFile("list.jsonld", content), "sender": SENDER}
    assert "This file was received before." in source_of(client.post(address, again))


def test_the_sender_has_no_marks_of_direction(keyless, by):
    file = BytesIO(json.dumps(record()).encode())
    parcel = receive_unsigned(
        peer=keyless, file=file, name="a\u202eb.json", sender="Office\u202e \u2066A\u2069", by=by
    )
    assert (parcel.sender, parcel.name) == ("Office A", "ab.json")


def test_the_sender_has_to_be_named(client, keyless):
    address = reverse("exchange:receive_unsigned", args=[keyless.key])
    assert client.post(address, {"file": SimpleUploadedFile("a.jsonld", b"[]")}).status_code == 422


@pytest.mark.database
def test_what_is_accepted_is_shown_beside_similar_records_as_not_signed(client, keyless, by):
    ours = make.recommendation("Ratify the Convention.")
    receive_file(by, record())
    decide(by, State.ACCEPTED)
    encode_missing()
    encode_answers()
    assert PeerAnswer.objects.get().is_unsigned
    page = source_of(client.get(reverse("desk:record_practices", args=[ours.code])))
    for shown in ("How others answered this", "Not signed", f"{SITE}/exchange/recommendation/A-1"):
        assert shown in page
    for address in (reverse("exchange:accepted"), reverse("exchange:search_registers") + "?words=convention"):
        assert "Not signed" in source_of(client.get(address))


def test_a_practice_keeps_the_mark(client, keyless, by):
    receive_file(by, practice())
    decide(by, State.ACCEPTED)
    assert "Not signed" in source_of(client.get(Practice.objects.get().get_absolute_url()))


def test_no_rule_accepts_what_is_not_signed(sender, by):
    Peer.objects.update(rule_kinds="recommendation")
    receive_file(by, record("A-1"))
    receive(sender.tell("Create", record("A-2")).parcel(), by)
    assert set(Received.objects.values_list("code", "state")) == {("A-1", "waiting"), ("A-2", "accepted")}


def test_the_signed_version_takes_the_place_of_one_that_waits(sender, by):
    receive_file(by, record())
    receive(sender.tell("Create", record()).parcel(), by)
    assert states() == {(State.WAITING, True)}


def test_what_was_accepted_is_signed_once_the_same_content_arrives_signed(sender, by):
    receive_file(by, record())
    decide(by, State.ACCEPTED)
    receive(sender.tell("Create", record()).parcel(), by)
    assert states() == {(State.ACCEPTED, True)}
    assert not PeerAnswer.objects.get().is_unsigned


def test_another_signed_version_replaces_the_accepted_one_for_good(sender, by):
    receive_file(by, record())
    decide(by, State.ACCEPTED)
    receive(sender.tell("Create", record(stand="noted")).parcel(), by)
    assert states() == {(State.ACCEPTED, False), (State.WAITING, True)}
    decide(by, State.ACCEPTED, state=State.WAITING)
    assert states() == {(State.REPLACED, False), (State.ACCEPTED, True)}
    decide(by, State.DECLINED, state=State.ACCEPTED)
    assert states() == {(State.REPLACED, False), (State.DECLINED, True)}
    assert not PeerAnswer.objects.exists()


@pytest.mark.parametrize("decision", [State.WAITING, State.ACCEPTED, State.DECLINED])
def test_what_is_not_signed_never_takes_the_place_of_a_signed_version(sender, by, decision):
    receive(sender.tell("Create", record()).parcel(), by)
    decide(by, decision)
    parcel = receive_file(by, record(stand="noted"), record("A-2"))
    assert (parcel.refused, "A signed version of this object was received." in parcel.faults) == (1, True)
    assert set(Received.objects.values_list("code", "state")) == {("A-1", decision.value), ("A-2", "waiting")}


def test_a_newer_file_waits_beside_what_was_accepted_of_the_one_before(keyless, by):
    receive_file(by, record())
    decide(by, State.ACCEPTED)
    receive_file(by, record(stand="noted"))
    decide(by, State.ACCEPTED, state=State.WAITING)
    decide(by, State.DECLINED, state=State.ACCEPTED)
    assert set(Received.objects.values_list("state", flat=True)) == {"accepted", "declined"}


def test_a_peer_that_withdraws_is_obeyed(sender, by):
    receive_file(by, record())
    decide(by, State.ACCEPTED)
    receive(sender.tell("Delete", gone()).parcel(), by)
    assert not Received.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps([record(), record(site="https://other.example")]).encode(), "All ids must begin with"),
        (b"[]", "The file has no objects."),
        (b"PK\xff\xfe", "The file is not in UTF-8."),
        (b"{" * 3_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_or_speaks_for_others_is_refused(keyless, by, content, sentence):
    with pytest.raises(Refused, match=sentence):
        receive_file(by, content=content)
    assert not Parcel.objects.exists()


def test_a_file_is_bounded(keyless, by, monkeypatch):
    monkeypatch.setattr(reading, "MOST_OBJECTS", 1)
    with pytest.raises(Refused, match="more than 1 objects"):
        receive_file(by, record("A-1"), record("A-2"))
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="The file is larger"):
        receive_file(by, record())


def test_objects_with_faults_are_named_and_the_others_wait(keyless, by):
    text = [{"language": "en", "text": "Ratify <b>it</b>."}]
    parcel = receive_file(by, record("A-1", texts=text), record("A-2"), record("A-2"), record("A-3", kind="x"))
    assert parcel.refused == 3
    assert "Remove the HTML." in parcel.faults
    assert list(Received.objects.values_list("code", flat=True)) == ["A-2"]


def test_nothing_is_received_for_a_stopped_peer(keyless, by):
    services.stop_peer(peer=keyless, by=by)
    with pytest.raises(Refused, match="is stopped"):
        receive_file(by, record())


def test_a_parcel_of_a_system_without_a_key_is_refused(keyless, by):
    with pytest.raises(Refused, match="No key of Neighbour is confirmed."):
        receive(Sender().tell("Create", record()).parcel(), by)
    assert Peer.objects.get().is_active


def test_a_system_without_a_key_is_added_and_its_feed_cannot_be_fetched(client, by):
    form = {"name": "Neighbour", "origin": SITE, "fingerprint": "", "kinds": ["recommendation"]}
    answer = client.post("/exchange/peers/add/", form | {"is_pulled": "on"})
    assert "Enter all 40 digits" in source_of(answer)
    page = source_of(client.post("/exchange/peers/add/", form, follow=True))
    assert "Only files without a signature are received." in page


def test_the_public_file_of_another_instance_is_received(keyless, by):
    make.recommendation("Close the prison.")
    content = "".join(graph(KINDS["recommendation"], SITE)).encode()
    parcel = receive_file(by, content=content)
    assert (parcel.refused, Received.objects.count()) == (0, 1)


def test_the_file_of_a_converter_is_received(keyless, by, tmp_path):
    make.country()
    make.committee("CEDAW")
    source = tmp_path / "list.csv"
    source.write_text("Recommendation,Body\nRatify the Convention.,CEDAW\n", encoding="utf-8")
    done, _columns = convert_spreadsheet(source, origin=Origin(SITE, "SVN", "en"), body="")
    assert done.faults == []
    parcel = receive_file(by, content=done.as_file().encode())
    assert (parcel.refused, Received.objects.count()) == (0, 1)


@pytest.mark.parametrize("is_signed", [True, False])
def test_of_wrong_objects_few_problems_are_looked_for(is_signed, sender, by, monkeypatch):
    made, make_sentence = [], checking.sentence_of
    monkeypatch.setattr(checking, "sentence_of", lambda error: made.append(error) or make_sentence(error))
    wrong = [record(f"A-{number}", texts=[{}] * 500) for number in range(200)]
    if is_signed:
        for value in wrong:
            sender.tell("Create", value)
        parcel = receive(sender.parcel(), by)
    else:
        parcel = receive_file(by, *wrong)
    assert parcel.refused == 200
    assert len(parcel.faults.splitlines()) == 100
    assert len(made) < 1_000


def test_objects_about_another_state_are_marked_before_they_are_accepted(client, keyless, by):
    Peer.objects.update(country=make.country("AGO", "Angola"))
    receive_file(by, record("A-1", country="FRA"), record("A-2", country="AGO"), record("A-3"))
    page = source_of(client.get(keyless.get_absolute_url()))
    assert "Some objects to be reviewed are about another State than that of the peer (Angola)." in page
    assert page.count("About another State (FRA) than that of the peer (Angola).") == 1
    page = source_of(client.get(reverse("exchange:received", args=[Received.objects.get(code="A-1").pk])))
    assert "About another State (FRA) than that of the peer (Angola)." in page
    page = source_of(client.get(reverse("exchange:received", args=[Received.objects.get(code="A-2").pk])))
    assert "About another State" not in page
    decide(by, "accepted", code="A-1")
    page = source_of(client.get(keyless.get_absolute_url()))
    assert "about another State" not in page


def test_objects_of_another_state_beyond_the_page_are_announced_too(client, keyless, by, monkeypatch):
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    Peer.objects.update(country=make.country("AGO", "Angola"))
    receive_file(by, record("A-1", country="AGO"), record("A-2", country="FRA"))
    page = source_of(client.get(keyless.get_absolute_url()))
    assert "Ask the sender before you accept them." in page
    assert "About another State" not in page
