"""What is new in the feed of a peer is fetched, verified and put up for review, as much as one pull may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.exchange.decisions import services as decisions
from servanda.exchange.feeds import online, pulling
from servanda.exchange.feeds.tasks import give_up_pull, pull_due_feeds, pull_feed
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.peers import services
from servanda.jobs.declare import GIVEN_UP
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import exchange_make, make
from tests.exchange_make import gone, receive, record
from tests.feed_server import Reply

INDEX = "/exchange/feed"


def pull(peer: Peer, on=None) -> Peer:
    pulling.pull_feed(peer=peer, on=on or timezone.now())
    peer.refresh_from_db()
    return peer


def tell(feed, codes: range) -> None:
    for number in codes:
        feed.sender.tell("Create", record(f"A-{number}", site=feed.site))


def codes() -> list[str]:
    return sorted(Received.objects.values_list("code", flat=True))


def test_what_is_new_waits_for_a_person(feed, peer):
    tell(feed, range(3))
    now = timezone.now()
    pull(peer, now)
    assert codes() == ["A-0", "A-1", "A-2"]
    assert set(Received.objects.values_list("state", flat=True)) == {"waiting"}
    assert (peer.sequence, peer.pulled_at, peer.next_pull_at) == (3, now, now + timedelta(days=1))
    assert (peer.pull_problem, Parcel.objects.get().received_by) == ("", None)
    assert Event.objects.filter(action="feed-received").exists()


def test_only_pages_with_something_new_are_fetched_again(feed, peer):
    tell(feed, range(5))
    pull(peer)
    assert feed.asked == [INDEX, f"{INDEX}/1", f"{INDEX}/2", f"{INDEX}/3"]
    feed.asked.clear()
    pull(peer)
    assert feed.asked == [INDEX]
    tell(feed, range(5, 6))
    feed.sender.tell("Update", record("A-0", site=feed.site, stand="noted"))
    feed.asked.clear()
    pull(peer)
    assert feed.asked == [INDEX, f"{INDEX}/3", f"{INDEX}/4"]
    assert len(codes()) == 6
    assert "noted" in Received.objects.get(code="A-0").content


def test_what_the_peer_withdraws_is_deleted(feed, peer, by):
    tell(feed, range(2))
    pull(peer)
    decisions.decide_received(peer=peer, rows=Received.objects.all(), state="accepted", by=by)
    feed.sender.tell("Delete", gone("A-1", site=feed.site))
    pull(peer)
    assert codes() == ["A-0"]


def test_a_lost_network_keeps_the_pages_that_were_read_and_continues_there(feed, peer):
    tell(feed, range(6))
    feed.instead[f"{INDEX}/3"] = lambda _reply: Reply(b"", send=lambda handler: handler.connection.close())
    now = timezone.now()
    pull(peer, now)
    assert codes() == ["A-0", "A-1", "A-2", "A-3"]
    assert (peer.sequence, peer.tag, peer.next_pull_at) == (4, "", now + pulling.RETRY)
    assert "The connection to the system of the peer failed" in peer.pull_problem
    feed.instead.clear()
    feed.asked.clear()
    pull(peer)
    assert feed.asked == [INDEX, f"{INDEX}/3"]
    assert (len(codes()), peer.pull_problem) == (6, "")


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day(feed, peer):
    feed.instead[INDEX] = lambda _reply: Reply(b"", 503)
    now, waits = timezone.now(), []
    for _try in range(9):
        waits.append((pull(peer, now).next_pull_at - now) / timedelta(minutes=15))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 96, 96]
    assert peer.failures == 9
    feed.instead.clear()
    tell(feed, range(1))
    pull(peer, now)
    assert (peer.failures, peer.next_pull_at) == (0, now + timedelta(days=1))


def test_a_feed_that_is_refused_each_hour_is_asked_less_often_too(feed, peer):
    Peer.objects.update(every_hours=1)
    feed.instead[INDEX] = lambda _reply: Reply(b"", 404)
    now, waits = timezone.now(), []
    for _try in range(5):
        waits.append((pull(peer, now).next_pull_at - now) / timedelta(hours=1))
    assert waits == [1, 1, 1, 2, 4]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_system_that_cannot_answer_now_is_asked_again_soon(feed, peer, status):
    feed.instead[INDEX] = lambda _reply: Reply(b"", status)
    now = timezone.now()
    pull(peer, now)
    assert peer.next_pull_at == now + pulling.RETRY
    assert f"status {status}" in peer.pull_problem
    assert peer.is_active


def test_a_feed_that_is_not_online_is_named(feed, peer):
    feed.instead[INDEX] = lambda _reply: Reply(b"", 404)
    assert "no feed at its address" in pull(peer).pull_problem


def test_a_problem_is_named_in_the_language_of_the_person_who_added_the_peer(feed, peer, by):
    by.language = "es"
    by.save(update_fields=["language"])
    feed.instead[INDEX] = lambda _reply: Reply(b"", 404)
    assert "no tiene canal en su dirección" in pull(peer).pull_problem


def test_one_problem_is_one_line_of_the_trail(feed, peer):
    feed.instead[INDEX] = lambda _reply: Reply(b"", 404)
    pull(peer)
    pull(peer)
    assert Event.objects.filter(action="feed-refused").count() == 1


def test_a_long_feed_is_read_in_several_pulls(feed, peer, monkeypatch):
    monkeypatch.setattr(online, "MOST_PAGES", 2)
    tell(feed, range(5))
    now = timezone.now()
    pull(peer, now)
    assert (peer.sequence, peer.next_pull_at, peer.pull_problem) == (4, now, "")
    pull(peer)
    assert (peer.sequence, len(codes())) == (5, 5)


def test_a_feed_that_changes_while_it_is_read_is_continued_later(feed, peer):
    tell(feed, range(3))

    def change(_reply: Reply) -> Reply:
        feed.instead.clear()
        feed.sender.tell("Update", record("A-0", site=feed.site, stand="noted"))
        del feed.sender.items[0]
        return feed.reply_to(f"{INDEX}/1", "")

    feed.instead[f"{INDEX}/1"] = change
    pull(peer)
    assert (codes(), peer.is_active) == ([], True)
    assert "changed while it was being read" in peer.pull_problem
    pull(peer)
    assert (codes(), peer.sequence) == (["A-0", "A-1", "A-2"], 4)


def test_a_parcel_and_the_feed_continue_each_other(feed, peer, by):
    tell(feed, range(2))
    receive(feed.sender.parcel(on=timezone.now()), by)
    tell(feed, range(2, 4))
    pull(peer)
    assert (codes(), peer.pull_problem) == (["A-0", "A-1", "A-2", "A-3"], "")
    assert feed.asked == [INDEX, f"{INDEX}/2"]


def test_a_replaced_key_is_followed(feed, peer):
    tell(feed, range(1))
    pull(peer)
    feed.sender.replace_key()
    pull(peer)
    assert (peer.fingerprint, peer.is_active) == (feed.sender.fingerprint, True)


def test_a_restored_backup_stops_the_peer_and_loses_nothing(feed, peer):
    tell(feed, range(4))
    pull(peer)
    del feed.sender.items[2:]
    feed.sender.sequence = 2
    pull(peer)
    assert not peer.is_active
    assert "restored from a backup" in peer.problem
    assert len(codes()) == 4


def test_a_restored_backup_is_noticed_after_further_changes_too(feed, peer):
    """The numbers were used a second time, and the feed is longer than before."""
    tell(feed, range(3))
    pull(peer)
    del feed.sender.items[2:]
    feed.sender.sequence = 2
    tell(feed, range(7, 9))
    pull(peer)
    assert not peer.is_active
    assert codes() == ["A-0", "A-1", "A-2"]


def test_after_a_person_resumes_everything_is_read_again(feed, peer, by):
    tell(feed, range(4))
    pull(peer)
    del feed.sender.items[2:]
    feed.sender.sequence = 2
    pull(peer)
    services.resume_peer(peer=peer, by=by)
    pull(peer)
    assert (peer.sequence, peer.is_active, len(codes())) == (2, True, 4)


def test_a_stopped_peer_is_not_asked(feed, peer, by):
    services.stop_peer(peer=peer, by=by)
    pull(peer)
    assert feed.asked == []


def test_due_feeds_are_fetched_and_others_are_not(feed, peer, django_capture_on_commit_callbacks):
    tell(feed, range(1))
    for next_pull_at in (None, timezone.now() + timedelta(hours=1)):
        Peer.objects.update(next_pull_at=next_pull_at)
        with django_capture_on_commit_callbacks(execute=True):
            pull_due_feeds.func()
    assert feed.asked == []
    Peer.objects.update(next_pull_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        pull_due_feeds.func()
    assert codes() == ["A-0"]


def test_a_pull_that_is_given_up_is_named_and_not_tried_again_at_once(client, feed, peer):
    assert GIVEN_UP[pull_feed.module_path] == give_up_pull
    give_up_pull.func(peer.pk)
    peer.refresh_from_db()
    assert (peer.failures, peer.next_pull_at > timezone.now() + timedelta(hours=1)) == (1, True)
    assert Event.objects.filter(action="feed-refused").count() == 1
    make.signed_in(client, Role.COORDINATOR)
    assert "could not be read after several attempts" in client.get(peer.get_absolute_url()).content.decode()


def test_two_at_a_time_store_once(feed, peer, by):
    """The second finds that the row has moved, and stores nothing."""
    tell(feed, range(1))
    stale = Peer.objects.get()
    pull(peer)
    with pytest.raises(Refused, match="at the same time"):
        pulling.read_feed(online.OnlineFeed(stale), stale, timezone.now())
    assert Parcel.objects.count() == 1


def test_the_page_of_the_peer_fetches_and_shows_what_happened(client, feed, peer, django_capture_on_commit_callbacks):
    make.signed_in(client, Role.COORDINATOR)
    tell(feed, range(1))
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{peer.get_absolute_url()}pull/", follow=True).content.decode()
    assert "The feed is being fetched." in page
    page = client.get(peer.get_absolute_url()).content.decode()
    for shown in ("Every day", "Last fetched", "Next fetch", "Fetch now", "Ratify the Convention of A-0."):
        assert shown in page
    feed.instead[INDEX] = lambda _reply: Reply(b"", 404)
    pull(peer)
    assert "no feed at its address" in client.get(peer.get_absolute_url()).content.decode()


def test_a_peer_whose_feed_is_not_fetched_is_not_asked(client, feed, by, django_capture_on_commit_callbacks):
    made = exchange_make.peer(feed.sender, by)
    make.signed_in(client, Role.COORDINATOR)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{made.get_absolute_url()}pull/", follow=True).content.decode()
    assert "select that its feed is fetched" in page
    assert feed.asked == []


def test_the_form_of_a_peer_switches_it_on_and_off(client, feed, peer):
    make.signed_in(client, Role.COORDINATOR)
    address = f"{peer.get_absolute_url()}edit/"
    form = {"name": "Neighbour", "fingerprint": peer.fingerprint, "kinds": ["recommendation"], "every_hours": "6"}
    form["origin"] = peer.origin
    client.post(address, form)
    peer.refresh_from_db()
    assert (peer.is_pulled, peer.next_pull_at) == (False, None)
    client.post(address, form | {"is_pulled": "on"})
    peer.refresh_from_db()
    assert (peer.is_pulled, peer.every_hours, peer.next_pull_at is not None) == (True, 6, True)
