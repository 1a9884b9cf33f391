"""What arrives is verified, put up for review, never trusted further than a person said; each trick is refused."""

import hashlib
import json
import warnings
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.parcels import verifying as parcels
from servanda.exchange.peers import services
from servanda.kit.refusal import Refused
from servanda.network.models import PeerAnswer
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make
from tests.exchange_make import Sender, gone, peer, practice, receive, record, signature, zipped

pytestmark = pytest.mark.django_db
State = Received.State


@pytest.fixture
def by():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by)
    return made


def states() -> dict[str, str]:
    return dict(Received.objects.values_list("code", "state"))


def neighbour() -> Peer:
    return Peer.objects.get()


def decide(to: str, by, **which) -> int:
    rows = Received.objects.filter(**which)
    return decisions.decide_received(peer=neighbour(), rows=rows, state=to, by=by)


def test_what_arrives_waits_for_a_person_and_is_in_no_register(sender, by):
    arrived = receive(sender.tell("Create", record()).parcel(), by)
    assert states() == {"A-1": "waiting"}
    assert (arrived.sequence, arrived.withdrawn, arrived.refused) == (1, 0, 0)
    assert not Recommendation.every_kind.exists()


def test_unknown_keys_are_kept(sender, by):
    receive(sender.tell("Create", record(ministry_file={"number": 7})).parcel(), by)
    assert json.loads(Received.objects.get().content)["ministry_file"] == {"number": 7}


def test_a_slash_at_the_end_of_an_id_makes_no_second_object(sender, by):
    twin = record(id=f"{record()['id']}/", stand="noted")
    arrived = receive(sender.tell("Create", record()).tell("Create", twin).parcel(), by)
    assert list(Received.objects.values_list("object_id", flat=True)) == [record()["id"]]
    assert (arrived.refused, twin["id"] in Parcel.objects.get().faults) == (1, True)
    again = receive(sender.tell("Update", twin).tell("Create", record("A-2")).parcel(), by)
    assert (again.refused, states()) == (1, {"A-1": "waiting", "A-2": "waiting"})
    withdrawn = sender.tell("Delete", gone()).tell("Update", twin)
    withdrawn.items = [item for item in withdrawn.items if item["object"] != record()]
    assert receive(withdrawn.parcel(), by).refused == 0
    assert states() == {"A-1": "waiting", "A-2": "waiting"}
    assert Received.objects.filter(object_id=twin["id"]).count() == 1


def test_a_newer_version_waits_beside_the_accepted_one(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    decide(State.ACCEPTED, by)
    receive(sender.tell("Update", record(stand="noted")).parcel(), by)
    assert sorted(Received.objects.values_list("state", flat=True)) == ["accepted", "waiting"]
    decide(State.ACCEPTED, by, state="waiting")
    assert sorted(Received.objects.values_list("state", flat=True)) == ["accepted", "replaced"]
    decide(State.WAITING, by, state="accepted")
    assert sorted(Received.objects.values_list("state", flat=True)) == ["accepted", "waiting"]
    assert "noted" not in Received.objects.accepted().get().content


def test_an_accepted_version_returns_to_review_while_a_newer_one_waits(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    decide(State.ACCEPTED, by)
    receive(sender.tell("Update", record(stand="noted")).parcel(), by)
    decide(State.WAITING, by, state="accepted")
    assert "noted" in Received.objects.waiting().get().content
    assert not Received.objects.accepted().exists()


def test_the_same_content_is_not_put_up_again(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    decide(State.DECLINED, by)
    receive(sender.tell("Create", record("A-2")).parcel(), by)
    assert states() == {"A-1": "declined", "A-2": "waiting"}


def test_a_peer_that_withdraws_is_obeyed(sender, by):
    receive(sender.tell("Create", record()).tell("Create", record("A-2")).parcel(), by)
    decide(State.ACCEPTED, by)
    arrived = receive(sender.tell("Delete", gone()).parcel(), by)
    assert arrived.withdrawn == 1
    assert states() == {"A-2": "accepted"}


def test_of_several_changes_of_one_object_the_last_counts(sender, by):
    sender.tell("Create", record()).tell("Update", record(stand="noted")).tell("Create", record("A-2"))
    arrived = receive(sender.tell("Delete", gone("A-2")).parcel(), by)
    assert (states(), arrived.refused) == ({"A-1": "waiting"}, 0)
    assert "noted" in Received.objects.get().content


def test_decisions_are_in_the_trail(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    decide(State.ACCEPTED, by)
    actions = set(Event.objects.filter(actor=by).values_list("action", flat=True))
    assert {"parcel-received", "received-accepted"} <= actions


def refused(content: bytes, by, sentence: str, *, stops: bool = False) -> None:
    """Nothing of it is stored; the peer goes on, unless the trick stops it."""
    before = list(Received.objects.values_list("pk", "state", "content")), Parcel.objects.count()
    with pytest.raises(Refused, match=sentence):
        receive(content, by)
    assert (list(Received.objects.values_list("pk", "state", "content")), Parcel.objects.count()) == before
    assert [found.is_active for found in Peer.objects.all()] in ([], [not stops])
    assert bool(Event.objects.filter(action="peer-stopped").exists()) == stops


def test_a_changed_page_is_refused(sender, by):
    def change(parts):
        parts["pages/00001.json"] = parts["pages/00001.json"].replace(b"Ratify", b"Reject")

    refused(sender.tell("Create", record()).parcel(change=change), by, "signature of pages/00001.json is wrong")


def test_a_changed_index_is_refused(sender, by):
    def change(parts):
        parts["feed.json"] = parts["feed.json"] + b" "

    refused(sender.tell("Create", record()).parcel(change=change), by, "signature of the parcel is wrong")


def test_a_page_of_another_parcel_is_refused(sender, by):
    """It is signed with the right key, but the index names another page."""
    with zipfile.ZipFile(BytesIO(sender.tell("Create", record()).parcel())) as former:
        old = {name: former.read(name) for name in ("pages/00001.json", "pages/00001.json.jws")}
    content = sender.tell("Update", record(stand="noted")).parcel(change=lambda parts: parts.update(old))
    refused(content, by, "signature of pages/00001.json is wrong")


def test_a_key_that_no_one_confirmed_stops_the_peer(sender, by):
    thief = Sender()
    refused(thief.tell("Create", record()).parcel(), by, "another key than the confirmed one", stops=True)
    assert "Call the other mechanism" in neighbour().problem
    refused(sender.tell("Create", record()).parcel(), by, "is stopped", stops=True)


def test_a_key_cannot_vouch_for_itself(sender, by):
    thief = Sender()
    thief.replace_key()
    refused(thief.tell("Create", record()).parcel(), by, "another key", stops=True)


def test_a_statement_about_another_key_is_none(sender, by):
    honest, thief = sender.key, Sender()
    sender.replace_key()
    thief.replaced = sender.replaced
    sender.key = honest
    refused(thief.tell("Create", record()).parcel(), by, "another key", stops=True)


@pytest.mark.parametrize("replaced", ["x", [7], [{}], [{"content": "x", "signature": "y", "public": 7}], {"a": 1}])
def test_statements_that_are_none_are_not_followed(sender, by, replaced):
    refused(Sender().tell("Create", record()).parcel(replaced=replaced), by, "another key", stops=True)


def test_an_older_parcel_stops_the_peer_and_loses_nothing(sender, by):
    old = sender.tell("Create", record()).parcel()
    receive(sender.tell("Create", record("A-2")).parcel(), by)
    refused(old, by, "older than the last one", stops=True)
    assert states() == {"A-1": "waiting", "A-2": "waiting"}


def test_after_a_person_resumes_a_restored_peer_is_received(sender, by):
    old = sender.tell("Create", record()).parcel()
    receive(sender.tell("Create", record("A-2")).parcel(), by)
    refused(old, by, "older than the last one", stops=True)
    services.resume_peer(peer=neighbour(), by=by)
    receive(old, by)
    assert neighbour().sequence == 1


def test_the_same_parcel_is_received_once(sender, by):
    content = sender.tell("Create", record()).parcel()
    receive(content, by)
    refused(content, by, "received before")


def test_a_clock_two_days_ahead_is_refused(sender, by):
    content = sender.tell("Create", record()).parcel(on=timezone.now() + timedelta(days=2))
    refused(content, by, "in the future. Compare the clocks")


def test_a_clock_two_days_behind_is_noticed(sender, by):
    receive(sender.tell("Create", record()).parcel(), by)
    content = sender.tell("Create", record("A-2")).parcel(on=timezone.now() - timedelta(days=2))
    refused(content, by, "older than the last one", stops=True)


def test_an_id_of_another_origin_refuses_all(sender, by):
    foreign = record("B-1", site="https://other.example")
    content = sender.tell("Create", record()).tell("Create", foreign).parcel()
    refused(content, by, "do not belong to Neighbour: https://other.example")


@pytest.mark.parametrize("target", [gone("A-1", "https://other.example"), "https://other.example/exchange/action/1"])
def test_a_delete_of_a_foreign_id_refuses_all(sender, by, target):
    refused(sender.tell("Delete", target).parcel(), by, "do not belong to Neighbour")


@pytest.mark.parametrize(
    "site",
    [
        *("https://NEIGHBOUR.example", "HTTPS://neighbour.example", "https://neigh\tbour.example"),
        *("https://neighbour.example:443", "https://neighbour.example.", "https://nеighbour.example"),
    ],
)
@pytest.mark.parametrize("activity", ["Create", "Delete"])
def test_another_spelling_of_the_origin_refuses_all(sender, by, activity, site):
    value = record(site=site) if activity == "Create" else gone(site=site)
    refused(sender.tell(activity, value).parcel(), by, "do not belong to Neighbour")


def test_a_change_that_is_dated_in_the_future_is_refused(sender, by):
    content = sender.tell("Create", record(), at=timezone.now() + timedelta(days=3650)).parcel()
    refused(content, by, "in the future. Compare the clocks")


@pytest.mark.parametrize(
    "moment",
    ["9999-12-31T23:59:00-12:00", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1999-12-31T00:00:00Z"],
)
def test_a_moment_beyond_the_calendar_is_refused(sender, by, moment):
    sender.tell("Create", record()).items[0]["published"] = moment
    refused(sender.parcel(), by, "out of order")
    refused(sender.parcel(published=moment), by, "its index cannot be read")


def test_the_number_decides_which_change_is_the_newest_and_not_its_date(sender, by):
    """The clock of a peer may have been set back by some minutes between two changes."""
    now = timezone.now()
    receive(sender.tell("Create", record(), at=now).parcel(on=now), by)
    earlier = now - timedelta(minutes=10)
    receive(sender.tell("Update", record(stand="noted"), at=earlier).parcel(on=now), by)
    row = Received.objects.get()
    assert "noted" in row.content
    assert row.changed_at == earlier
    receive(sender.tell("Delete", gone(), at=earlier).parcel(on=now), by)
    assert states() == {}


def test_what_is_withdrawn_before_it_was_created_changes_nothing(sender, by):
    arrived = receive(sender.tell("Delete", gone()).parcel(), by)
    assert (arrived.withdrawn, states()) == (0, {})
    receive(sender.tell("Create", record()).parcel(), by)
    assert states() == {"A-1": "waiting"}


def test_keys_that_programs_read_as_their_own_are_values_like_others(client, sender, by):
    odd = {"items": 1, "keys": [2], "values": {}, "__proto__": {"a": 1}, "@id": "https://evil.example/", "_": "x"}
    receive(sender.tell("Create", record(odd=odd, **odd)).parcel(), by)
    client.force_login(by)
    page = client.get(reverse("exchange:received", args=[Received.objects.get().pk])).content.decode()
    assert "__proto__" in page
    assert states() == {"A-1": "waiting"}


def test_a_context_is_never_fetched(sender, by, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", None)
    value = record() | {"@context": ["https://evil.example/context.jsonld", {"id": "@type"}]}
    receive(sender.tell("Create", value).parcel(), by)
    assert states() == {"A-1": "waiting"}


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "9" * 5000])
def test_numbers_that_are_none_make_a_page_unreadable(sender, by, number):
    items = json.dumps(sender.tell("Create", record(amount="NUMBER")).items).replace('"NUMBER"', number)
    content = signed_page(sender, f'{{"orderedItems": {items}}}'.encode())
    with pytest.raises(Refused, match="a number or a character that JSON does not allow"):
        receive(content, by)
    assert states() == {}


def test_one_key_twice_makes_a_page_unreadable(sender, by):
    page = json.dumps(sender.tell("Create", record()).items).replace('"code"', '"code": "B-1", "code"')
    with pytest.raises(Refused, match="twice in one object"):
        receive(signed_page(sender, f'{{"orderedItems": {page}}}'.encode()), by)
    assert states() == {}


def signed_page(sender: Sender, content: bytes) -> bytes:
    """A parcel whose one page has these bytes, honestly signed."""
    name = "pages/00001.json"
    pages = [{"name": name, "sha256": hashlib.sha256(content).hexdigest()}]
    files = sender.files([[]], pages=pages) | {name: content}
    return zipped(files | {f"{part}.jws": signature(whole, sender.key) for part, whole in files.items()})


def test_a_delete_of_nothing_is_refused(sender, by):
    refused(sender.tell("Delete", {"type": "Tombstone"}).parcel(), by, "not a parcel, or it is damaged")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"territory": "<img src=x onerror=alert(1)>"}, "Remove the HTML"),
        ({"territory": "A\u202eb"}, "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ({"territory": "A\u200bb"}, "U+200B ZERO WIDTH SPACE"),
        ({"territory": "A\U000e0062"}, "U+E0062 TAG LATIN SMALL LETTER B"),
        ({"texts": []}, "Add at least one entry"),
        ({"kind": "advice"}, "Use one of these values"),
    ],
)
def test_an_object_with_faults_is_refused_and_named_the_others_are_received(sender, by, changed, sentence):
    arrived = receive(sender.tell("Create", record(**changed)).tell("Create", record("A-2")).parcel(), by)
    assert (arrived.refused, states()) == (1, {"A-2": "waiting"})
    assert sentence in arrived.faults
    assert "/exchange/recommendation/A-1" in arrived.faults


def test_a_kind_that_was_not_agreed_is_refused_and_named(sender, by):
    action = {
        "id": f"{sender.site}/exchange/action/1",
        "type": "Action",
        "code": "1",
        "title": "A",
        "status": "planned",
    }
    arrived = receive(sender.tell("Create", action).parcel(), by)
    assert (arrived.refused, states()) == (1, {})
    assert "not agreed with Neighbour" in arrived.faults


def test_a_kind_that_is_agreed_later_is_read_again(sender, by):
    action = {
        "id": f"{sender.site}/exchange/action/1",
        "type": "Action",
        "code": "1",
        "title": "A",
        "status": "planned",
    }
    receive(sender.tell("Create", action).parcel(), by)
    values = services.PeerValues("Neighbour", "", sender.fingerprint, ["recommendation", "action"])
    services.edit_peer(peer=neighbour(), values=values, by=by)
    receive(sender.parcel(), by)
    assert states() == {"1": "waiting"}


@pytest.mark.parametrize("sequences", [[1, 1], [2, 1], [0], [-1], [True], ["1"], [None], [2**70]])
def test_changes_out_of_order_are_refused(sender, by, sequences):
    now = timezone.now().isoformat()
    items = [
        {"type": "Create", "sequence": number, "published": now, "object": record(f"A-{place}")}
        for place, number in enumerate(sequences)
    ]
    refused(sender.parcel(items=items, sequence=5), by, "out of order|damaged")


@pytest.mark.parametrize(
    "index",
    [
        {"origin": 7},
        {"sequence": "1"},
        {"sequence": -1},
        {"sequence": 2**63},
        {"key": None},
        {"published": "yesterday"},
        {"published": "2026-01-01T00:00:00"},
        {"pages": None},
        {"pages": [7]},
    ],
    ids=str,
)
def test_an_index_that_is_none_is_refused(sender, by, index):
    refused(sender.tell("Create", record()).parcel(**index), by, "not a parcel, or it is damaged")


def test_an_unknown_origin_is_named(by):
    refused(Sender().tell("Create", record()).parcel(), by, "no peer with the address https://neighbour.example")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../etc/passwd", b"x"),
        ("/etc/passwd", b"x"),
        ("pages/1.json", b"x"),
        ("pages\\00002.json", b"x"),
        ("a/", b""),
    ],
)
def test_files_that_do_not_belong_in_a_parcel_are_refused(sender, by, name, content):
    parcel = sender.tell("Create", record()).parcel(change=lambda parts: parts.update({name: content}))
    refused(parcel, by, "files that do not belong in one")


def test_a_page_that_the_index_does_not_name_is_refused(sender, by):
    extra = {"pages/00002.json": b"{}", "pages/00002.json.jws": b"x"}
    refused(
        sender.tell("Create", record()).parcel(change=lambda parts: parts.update(extra)), by, "do not belong in one"
    )


@pytest.mark.parametrize("missing", ["feed.json", "feed.json.jws", "pages/00001.json", "pages/00001.json.jws"])
def test_a_part_that_is_missing_is_named(sender, by, missing):
    parcel = sender.tell("Create", record()).parcel(change=lambda parts: parts.pop(missing))
    refused(parcel, by, f"{missing} is missing")


def test_a_bomb_is_not_unpacked(sender, by):
    refused(zipped({"feed.json": b" " * 100_000_000}), by, "unpacks to")


def test_a_size_that_lies_is_not_believed(sender, by):
    content = bytearray(zipped({"feed.json": b"[" + b" " * 30_000_000}))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (1000).to_bytes(4, "little")
    refused(bytes(content), by, "damaged|too much data|index cannot be read")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", zipped({"feed.json": b"{"})])
def test_what_is_no_parcel_is_refused(sender, by, content):
    with pytest.raises(Refused):
        receive(content, by)


def test_deeply_nested_json_is_refused(sender, by):
    refused(zipped({"feed.json": b"[" * 100_000, "feed.json.jws": b""}), by, "nested too deeply")


def test_the_page_receives_and_refuses(client, sender):
    make.signed_in(client, Role.COORDINATOR)
    content = sender.tell("Create", record()).parcel()
    answer = client.post("/exchange/peers/receive/", {"file": SimpleUploadedFile("a.zip", content)}, follow=True)
    page = answer.content.decode()
    assert "Parcel received. Its signatures are valid." in page
    assert "Ratify the Convention of A-1." in page
    again = client.post("/exchange/peers/receive/", {"file": SimpleUploadedFile("a.zip", content)})
    assert again.status_code == 422
    assert "This parcel was received before." in again.content.decode()
    assert Event.objects.filter(action="refused", object_label="receive_parcel").exists()


@pytest.mark.database
def test_a_rule_accepts_kinds_that_a_person_chose_and_a_person_may_decline_them(by):
    sender = Sender()
    trusted = peer(sender, by, kinds="recommendation practice", rule_kinds="recommendation request")
    receive(sender.tell("Create", record()).tell("Create", practice()).parcel(), by)
    assert dict(Received.objects.values_list("kind", "state")) == {
        "recommendation": "accepted",
        "practice": "waiting",
    }
    assert PeerAnswer.objects.get().code == "A-1"
    event = Event.objects.get(action="received-accepted-by-rule")
    assert (event.actor, json.loads(event.difference)) == (None, {"objects": ["", "1"]})
    receive(sender.tell("Update", record(stand="noted")).parcel(), by)
    assert PeerAnswer.objects.get().stand == "noted"
    decisions.decide_received(peer=trusted, rows=Received.objects.accepted(), state=State.DECLINED, by=by)
    assert Received.objects.accepted().count() == 1  # the version before


def test_a_parcel_with_too_many_changes_is_refused(sender, by, monkeypatch):
    monkeypatch.setattr(parcels, "MOST_ITEMS", 2)
    for number in range(3):
        sender.tell("Create", record(f"A-{number}"))
    with pytest.raises(Refused, match="out of order"):
        receive(sender.parcel(), by)
    assert not Received.objects.exists()


def test_a_parcel_with_too_many_files_is_refused(sender, by, monkeypatch):
    content = sender.tell("Create", record()).parcel()
    monkeypatch.setattr(parcels, "MOST_PARTS", 4)
    receive(content, by)
    monkeypatch.setattr(parcels, "MOST_PARTS", 3)
    with pytest.raises(Refused, match="files that do not belong in one"):
        receive(sender.tell("Create", record("A-2")).parcel(), by)


def test_a_parcel_that_unpacks_to_too_much_in_all_is_refused(sender, by, monkeypatch):
    """Each of its files is small enough."""
    content = sender.tell("Create", record()).parcel()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sizes = [part.file_size for part in archive.infolist()]
    monkeypatch.setattr(parcels, "MOST_UNPACKED", sum(sizes) - 1)
    with pytest.raises(Refused, match="unpacks to too much data"):
        receive(content, by)
    monkeypatch.setattr(parcels, "MOST_UNPACKED", sum(sizes))
    receive(content, by)


def with_entries(content: bytes, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    file = BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings(action="ignore"):
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


@pytest.mark.parametrize("name", ["feed.json", "pages/00001.json"])
def test_two_files_of_one_name_are_refused(sender, by, name):
    content = with_entries(sender.tell("Create", record()).parcel(), (name, b"{}"))
    with pytest.raises(Refused, match="do not belong"):
        receive(content, by)
    assert not Received.objects.exists()


def test_a_link_is_never_followed(sender, by):
    parcel = zipped({})
    content = with_entries(parcel, (link("feed.json"), b"/etc/passwd"), ("feed.json.jws", b"x"))
    with pytest.raises(Refused):
        receive(content, by)
    assert not Received.objects.exists()


def test_a_directory_that_states_another_size_than_the_entry_is_not_believed(sender, by):
    content = sender.tell("Create", record()).parcel()
    place = content.rindex(b"PK\x01\x02")
    lying = content[: place + 24] + (2**32 - 1).to_bytes(4, "little") + content[place + 28 :]
    with pytest.raises(Refused):
        receive(lying, by)
    assert not Received.objects.exists()
