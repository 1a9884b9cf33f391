"""Each trick of a feed is refused, named and in the trail, and nothing of it is stored."""

import gzip
import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.exchange.feeds import online, pulling
from servanda.exchange.models import Parcel, Peer, Received
from servanda.kit.outgoing.fetch import Bounds
from servanda.trail.models import Event
from tests.exchange_make import Sender, gone, record
from tests.feed_server import TYPE, FeedServer, Reply

INDEX, PAGE = "/exchange/feed", "/exchange/feed/1"


@pytest.fixture(autouse=True)
def honest_before(feed, peer) -> None:
    """One object is known before the trick."""
    feed.sender.tell("Create", record(site=feed.site))
    pulling.pull_feed(peer=peer, on=timezone.now())
    feed.sender.tell("Update", record(site=feed.site, stand="noted")).tell("Create", record("A-2", site=feed.site))
    del feed.sender.items[0]
    feed.asked.clear()


def refused(peer: Peer, sentence: str, *, stops: bool = False) -> None:
    before = list(Received.objects.values_list("pk", "state", "content")), Parcel.objects.count()
    pulling.pull_feed(peer=peer, on=timezone.now())
    former = peer.sequence
    peer.refresh_from_db()
    assert sentence in (peer.problem if stops else peer.pull_problem)
    assert (list(Received.objects.values_list("pk", "state", "content")), Parcel.objects.count()) == before
    assert (peer.sequence, peer.is_active) == (former or 1, not stops)
    action = "peer-stopped" if stops else "feed-refused"
    assert sentence in str(Event.objects.filter(action=action).last().difference)


def altered(change: Callable[[bytes], bytes]) -> Callable[[Reply], Reply]:
    return lambda reply: reply._replace(content=change(reply.content))


@pytest.mark.parametrize("path", [INDEX, PAGE])
def test_changed_bytes(feed, peer, path):
    feed.instead[path] = altered(lambda content: content.replace(b"e", b"E", 1))
    refused(peer, "The parcel was changed.")


@pytest.mark.parametrize("signed", ["", "x", "a..b", "é", "a.b.c", "." * 900])
def test_a_signature_that_is_none(feed, peer, signed):
    feed.instead[INDEX] = lambda reply: reply._replace(headers=reply.headers | {"X-JWS-Signature": signed})
    refused(peer, "The parcel was changed.")


def test_another_key(feed, peer):
    feed.sender.key = Sender().key
    refused(peer, "another key than the confirmed one", stops=True)


def test_a_page_of_yesterday(feed, peer):
    """It is signed with the right key, but the index names another one."""
    old = feed.reply_to(PAGE, "")
    feed.sender.tell("Create", record("A-3", site=feed.site))
    feed.on_a_page = 3
    feed.instead[PAGE] = lambda _reply: old
    refused(peer, "The parcel was changed.")


def test_a_page_signed_with_the_key_of_another(feed, peer):
    thief = FeedServer(0)
    feed.instead[PAGE] = lambda reply: thief.signed(reply.content)
    refused(peer, "The parcel was changed.")


def test_an_index_of_yesterday(feed, peer):
    old = feed.reply_to(INDEX, "")
    feed.sender.tell("Create", record("A-3", site=feed.site))
    pulling.pull_feed(peer=peer, on=timezone.now())
    peer.refresh_from_db()
    feed.instead[INDEX] = lambda _reply: old
    refused(peer, "older than the last one", stops=True)


@pytest.mark.parametrize(
    "change", [record("A-9", site="https://victim.example"), record("A-9", site="http://127.0.0.1")]
)
def test_a_stolen_id(feed, peer, change):
    feed.sender.tell("Create", change)
    refused(peer, "do not belong to Neighbour")


def test_the_withdrawal_of_what_belongs_to_others(feed, peer):
    feed.sender.tell("Delete", gone(site="https://victim.example"))
    refused(peer, "do not belong to Neighbour")


def test_a_feed_that_speaks_for_another_mechanism(feed, peer):
    feed.index = {"origin": "https://victim.example"}
    refused(peer, "the feed of another mechanism")


def test_endless_pages(feed, peer):
    page = {"sha256": "0" * 64, "last": 1}
    feed.index = {"pages": [page | {"name": f"pages/{number:05d}.json"} for number in range(1, 1_002)]}
    refused(peer, "its index cannot be read")
    assert feed.asked == [INDEX]


def test_a_circle_of_pages(feed, peer):
    feed.index = {"pages": [{"name": "pages/00001.json", "sha256": "0" * 64}] * 2}
    refused(peer, "its index cannot be read")
    assert feed.asked == [INDEX]


def test_the_same_changes_on_two_pages(feed, peer):
    page = feed.files()["pages/00001.json"]
    feed.sender.tell("Create", record("A-3", site=feed.site))
    feed.instead["/exchange/feed/2"] = lambda _reply: feed.signed(page)
    refused(peer, "The parcel was changed.")


def test_pages_lead_nowhere(feed, peer):
    """Only addresses that the index names are asked for, whatever a page calls its next one."""
    honest = feed.sender.files

    def leading_back(pages, /, **index):
        files = honest(pages, **index)
        return {name: content.replace(b"{", b'{"next": "/exchange/feed/1", ', 1) for name, content in files.items()}

    feed.sender.files = leading_back
    pulling.pull_feed(peer=peer, on=timezone.now())
    assert feed.asked == [INDEX, PAGE]


@pytest.mark.parametrize("name", ["../../peers/", "pages/1.json", "pages/00001.json?x", "https://victim.example/", 7])
def test_names_of_pages_that_are_none(feed, peer, name):
    feed.index = {"pages": [{"name": name, "sha256": "0" * 64}]}
    refused(peer, "its index cannot be read")
    assert feed.asked == [INDEX]


@pytest.mark.parametrize("last", [10**30, "x", 2.5, True])
def test_a_page_whose_last_change_is_another_one(feed, peer, last):
    [page] = json.loads(feed.files()["feed.json"])["pages"]
    feed.index = {"pages": [page | {"last": last}]}
    refused(peer, "out of order, or one is in" if isinstance(last, int) and last > 1 else "cannot be read")


def test_a_page_that_is_too_large(feed, peer, monkeypatch):
    monkeypatch.setattr(online, "BOUNDS", Bounds(seconds=10, most_bytes=50_000))
    feed.instead[PAGE] = altered(lambda content: content + b" " * 50_000)
    refused(peer, "its answer is too long")


def test_a_page_that_unpacks_to_too_much(feed, peer):
    bomb = gzip.compress(b" " * 60_000_000)
    feed.instead[PAGE] = lambda reply: reply._replace(
        content=bomb, headers=reply.headers | {"Content-Encoding": "gzip"}
    )
    refused(peer, "its answer is too long")


def test_an_index_that_is_nested_without_end(feed, peer):
    feed.instead[INDEX] = lambda _reply: feed.signed(b"[" * 100_000)
    refused(peer, "nested too deeply")


def test_ten_million_items_are_not_believed(feed, peer):
    feed.index = {"totalItems": 10_000_000, "sequence": 2**62}
    refused(peer, "its index cannot be read")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Ratify\u202eyfitaR", "Ratify\u0000"])
def test_html_and_turned_text(feed, peer, text):
    """The object is refused and named; the others are received."""
    feed.sender.tell("Create", record("A-9", site=feed.site, texts=[{"language": "en", "text": text}]))
    pulling.pull_feed(peer=peer, on=timezone.now())
    assert not Received.objects.filter(code="A-9").exists()
    arrived = Parcel.objects.first()
    assert arrived.refused == 1
    assert "A-9 texts[0].text" in arrived.faults


def test_a_clock_two_days_ahead(feed, peer):
    feed.index = {"published": (timezone.now() + timedelta(days=2)).isoformat()}
    refused(peer, "which is in the future")


def test_a_clock_two_days_behind(feed, peer):
    feed.index = {"published": (timezone.now() - timedelta(days=2)).isoformat()}
    refused(peer, "older than the last one", stops=True)


@pytest.mark.parametrize("path", [INDEX, PAGE])
def test_a_way_to_the_metadata_of_a_cloud(feed, peer, path):
    feed.instead[path] = lambda _reply: Reply(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data/"})
    refused(peer, "redirects are not followed")
    assert feed.asked[-1] == path


@pytest.mark.parametrize("key", ["next", "first", "last", "partOf", "@context", "id"])
def test_addresses_elsewhere_in_an_index_are_not_asked(feed, peer, key):
    feed.index = {key: "https://evil.example/exchange/feed/2"}
    feed.sender.tell("Create", record("A-3", site=feed.site))
    pulling.pull_feed(peer=peer, on=timezone.now())
    peer.refresh_from_db()
    assert (peer.pull_problem, Received.objects.filter(code="A-3").count()) == ("", 1)
    assert {path.rpartition("/")[0] for path in feed.asked} == {"/exchange", "/exchange/feed"}


@pytest.mark.parametrize("kind", ["text/html", "application/json", "", "application/activity+jsonx"])
def test_another_content_type(feed, peer, kind):
    feed.instead[PAGE] = lambda reply: reply._replace(headers=reply.headers | {"Content-Type": kind})
    refused(peer, "and not application/activity+json")


def test_words_of_the_peer_in_the_reason_are_few(feed, peer):
    kind = "text/" + "\x9b" + "x" * 30_000
    feed.instead[INDEX] = lambda reply: reply._replace(headers=reply.headers | {"Content-Type": kind})
    refused(peer, "not a feed")
    assert len(peer.pull_problem) < 400
    assert peer.pull_problem.isprintable()


def test_bytes_that_come_slowly(feed, peer, monkeypatch):
    monkeypatch.setattr(online, "BOUNDS", Bounds(seconds=0.5, most_bytes=1_000_000))

    def drip(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", TYPE)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _second in range(20):
            handler.wfile.write(b" ")
            time.sleep(0.1)

    feed.instead[PAGE] = lambda _reply: Reply(b"", send=drip)
    started = time.monotonic()
    refused(peer, "it takes too long")
    assert time.monotonic() - started < 3


def test_an_answer_that_ends_too_early(feed, peer):
    feed.instead[PAGE] = lambda reply: reply._replace(headers=reply.headers | {"Content-Length": "99999"})
    refused(peer, "ends before it is whole")


def test_nothing_new_for_ever(feed, peer):
    """A 304 that no one asked for is no answer."""
    Peer.objects.update(tag="")
    feed.instead[INDEX] = lambda _reply: Reply(b"", 304)
    refused(peer, "redirects are not followed")


@pytest.mark.parametrize("tag", ["x" * 5_000, '"é"', '"\t"'])
def test_a_tag_that_is_none_is_not_kept(feed, peer, tag):
    feed.instead[INDEX] = lambda reply: reply._replace(headers=reply.headers | {"ETag": tag})
    pulling.pull_feed(peer=peer, on=timezone.now())
    peer.refresh_from_db()
    assert (peer.tag != tag, peer.sequence) == (True, 3)


def test_a_machine_inside_the_network(feed, peer, settings):
    settings.PEERS_INSIDE = []
    refused(peer, "the name of a public server")
    assert feed.asked == []
