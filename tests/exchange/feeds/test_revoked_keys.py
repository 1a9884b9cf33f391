"""A key that a peer revoked: nothing more is pulled, and what was signed with it since is returned to review."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.exchange.decisions import services as decisions
from servanda.exchange.feeds import pulling
from servanda.exchange.models import Parcel, Peer, Received, SigningKey
from servanda.exchange.parcels import revocations
from servanda.exchange.peers import services
from servanda.exchange.sharing import keys
from servanda.network.models import PeerAnswer
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.trail.models import Event
from tests import exchange_make, make
from tests.exchange_make import Sender, record
from tests.feed_server import KEYS, Reply

INDEX = "/exchange/feed"


def pull(peer: Peer) -> Peer:
    pulling.pull_feed(peer=peer, on=timezone.now())
    peer.refresh_from_db()
    return peer


def tell(feed, *codes: str) -> None:
    for code in codes:
        feed.sender.tell("Create", record(code, site=feed.site))


def accept(peer: Peer, by) -> None:
    rows = Received.objects.filter(peer=peer).waiting()
    decisions.decide_received(peer=peer, rows=rows, state="accepted", by=by)


def revoke(feed, fingerprint: str, at=None) -> None:
    feed.revoked = [{"kid": fingerprint, "at": (at or timezone.now()).isoformat()}]


def arrived_before(days: int) -> None:
    moment = timezone.now() - timedelta(days=days)
    Parcel.objects.update(received_at=moment)
    Received.objects.exclude(decided_at=None).update(decided_at=moment)


def states() -> dict[str, str]:
    return dict(Received.objects.order_by("code").values_list("code", "state"))


def test_what_was_signed_since_the_day_of_the_revocation_is_returned_to_review(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    arrived_before(10)
    tell(feed, "A-2")
    accept(pull(peer), by)
    assert PeerAnswer.objects.count() == 2
    revoke(feed, peer.fingerprint)
    feed.asked.clear()
    pull(peer)
    assert feed.asked == []
    assert not peer.is_active
    assert "review: 1." in peer.problem
    assert states() == {"A-1": "accepted", "A-2": "waiting"}
    assert PeerAnswer.objects.get().code == "A-1"
    assert list(Notification.objects.filter(person=by).values_list("kind", flat=True)) == ["peer-stopped"]
    assert Event.objects.filter(action="peer-key-revoked", object_label="Neighbour").count() == 1


def test_an_object_of_the_revoked_key_is_marked_and_no_rule_accepts_it(feed, peer, by, client):
    tell(feed, "A-1")
    accept(pull(peer), by)
    revoke(feed, peer.fingerprint)
    pull(peer)
    client.force_login(by)
    page = client.get(peer.get_absolute_url()).content.decode()
    assert page.count("Signed with a revoked key") == 2  # the object and its parcel
    assert not Received.objects.waiting().signed().exists()


def test_an_older_version_of_the_same_key_is_not_accepted_in_its_place(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    feed.sender.tell("Update", record("A-1", site=feed.site, stand="noted"))
    accept(pull(peer), by)
    revoke(feed, peer.fingerprint)
    pull(peer)
    assert not Received.objects.accepted().exists()
    assert Received.objects.waiting().count() == 1


def test_after_the_next_key_was_confirmed_the_same_content_arrives_signed_again(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    revoke(feed, peer.fingerprint)
    pull(peer)
    feed.sender.key = Sender().key
    values = services.PeerValues("Neighbour", "", feed.sender.fingerprint, ["recommendation"], is_pulled=True)
    services.edit_peer(peer=peer, values=values, by=by)
    services.resume_peer(peer=peer, by=by)
    pull(peer)
    assert (peer.is_active, peer.pull_problem) == (True, "")
    assert Received.objects.get().parcel.revoked_at is None


def test_without_the_next_key_a_resumed_peer_is_stopped_again(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    revoke(feed, peer.fingerprint)
    pull(peer)
    services.resume_peer(peer=peer, by=by)
    pull(peer)
    assert not peer.is_active
    assert "review: 0." in peer.problem


def test_a_revocation_before_anything_arrived_stops_too(feed, peer):
    tell(feed, "A-1")
    revoke(feed, peer.fingerprint)
    pull(peer)
    assert (peer.is_active, Received.objects.exists()) == (False, False)


def test_a_former_key_with_nothing_since_stops_nothing(feed, peer, by):
    former = peer.fingerprint
    tell(feed, "A-1")
    accept(pull(peer), by)
    arrived_before(10)
    feed.sender.replace_key()
    pull(peer)
    revoke(feed, former, timezone.now() - timedelta(days=5))
    pull(peer)
    assert (peer.is_active, states()) == (True, {"A-1": "accepted"})


def test_much_is_returned_in_steps_and_completed_after_an_interruption(feed, peer, by, monkeypatch):
    tell(feed, *(f"A-{number}" for number in range(5)))
    accept(pull(peer), by)
    monkeypatch.setattr(revocations, "AT_ONCE", 2)
    calls = []

    def interrupted(**values):
        calls.append(len(values["pks"]))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return decisions.return_received(**values)

    revoke(feed, peer.fingerprint)
    monkeypatch.setattr(revocations, "return_received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pull(peer)
    assert Received.objects.accepted().count() == 3
    monkeypatch.setattr(revocations, "return_received", decisions.return_received)
    peer.refresh_from_db()
    pull(peer)
    assert not Received.objects.accepted().exists()
    assert not peer.is_active


@pytest.mark.parametrize(
    "entries",
    [
        None,
        "all",
        [1, {}, {"kid": 5}, {"kid": "1" * 39, "at": "2026-01-01T00:00:00Z"}],
        [{"kid": "1" * 40, "at": "2026-01-01T00:00:00Z"}],
    ],
)
def test_what_is_no_revocation_of_a_known_key_changes_nothing(feed, peer, by, entries):
    tell(feed, "A-1")
    accept(pull(peer), by)
    feed.revoked = entries
    pull(peer)
    assert (peer.is_active, states()) == (True, {"A-1": "accepted"})


def test_a_key_without_a_date_was_never_valid(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    arrived_before(1_000)
    feed.revoked = [{"kid": peer.fingerprint}]
    pull(peer)
    assert states() == {"A-1": "waiting"}


def test_the_document_of_another_origin_is_not_read(feed, peer, by):
    tell(feed, "A-1")
    accept(pull(peer), by)
    revoke(feed, peer.fingerprint)
    feed.instead[KEYS] = lambda reply: reply._replace(content=reply.content.replace(feed.site.encode(), b"https://x"))
    assert pull(peer).is_active


def test_while_the_document_cannot_be_read_nothing_is_pulled(feed, peer):
    tell(feed, "A-1")
    feed.instead[KEYS] = lambda _reply: Reply(b"", 503)
    pull(peer)
    assert (peer.is_active, "status 503" in peer.pull_problem, Received.objects.exists()) == (True, True, False)


def test_a_parcel_names_the_revoked_keys_too(by):
    sender = Sender()
    peer = exchange_make.peer(sender, by)
    sender.tell("Create", record("A-1"))
    exchange_make.receive(sender.parcel(), by)
    accept(peer, by)
    former = sender.fingerprint
    sender.replace_key()
    at = timezone.now().isoformat()
    with pytest.raises(services.Refused, match="revoked a key"):
        exchange_make.receive(sender.parcel(revoked=[{"kid": former, "at": at}]), by)
    assert states() == {"A-1": "waiting"}


@pytest.mark.django_db
def test_the_own_document_and_index_name_the_revoked_key_before_the_next_one_is_made(client, settings):
    settings.ORIGIN = "https://own.example"
    exchange_make.put_online()
    by = make.user(Role.COORDINATOR)
    own = SigningKey.objects.get()
    keys.revoke_key(key=own, reason="The laptop was stolen.", by=by)
    document = client.get(KEYS).json()
    assert [entry["kid"] for entry in document["revoked"]] == [own.fingerprint]
    assert document["keys"] == []
    keys.signing_key(on=timezone.now())
    assert [entry["kid"] for entry in client.get(INDEX).json()["revoked"]] == [own.fingerprint]


def test_the_reason_is_in_the_language_of_who_added_the_peer(feed, peer, by):
    by.language = "es"
    by.save()
    tell(feed, "A-1")
    revoke(feed, peer.fingerprint)
    pull(peer)
    assert "clave" in peer.problem
