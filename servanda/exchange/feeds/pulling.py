"""Fetch what is new in the feed of a peer. It is verified and reviewed like a parcel."""

import hashlib
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from servanda.exchange.feeds.online import OnlineFeed, PullLimitReached
from servanda.exchange.models import Peer
from servanda.exchange.parcels.services import refuse_revoked, store, verified_or_stopped
from servanda.exchange.parcels.verifying import Index, Interrupted, Verified
from servanda.exchange.sharing.feed import path_of
from servanda.jobs.exclusive import exclusive
from servanda.kit.refusal import Refused, Unreadable
from servanda.people.notifications.services import in_language_of
from servanda.trail.models import Event

RETRY, LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)  # after one failure, and after many in a row
MOST_DOUBLED, MOST_FAILURES = 7, 10_000


def pull_feed(*, peer: Peer, on: datetime) -> None:
    """Fetch what is new, at most as much as one pull may. The outcome is on the page of the peer, in the language of
    the person who added it.

    Raises `AlreadyRunning` where another process is fetching this feed.
    """
    with exclusive(f"pull-{peer.pk}", refusal=_("This feed is being fetched now.")):
        row = Peer.objects.select_related("added_by").get(pk=peer.pk)
        if row.is_active and row.is_pulled:
            with in_language_of(row.added_by):
                pull(row, on)


def pull(peer: Peer, on: datetime) -> None:
    try:
        source = OnlineFeed(peer)
        refuse_revoked(peer, source.keys().get("revoked"), None, on)
        interruption = read_feed(source, peer, on)
    except Interrupted as problem:
        keep_failure(peer, on, on + wait_after(peer.failures), str(problem))
    except (Refused, Unreadable) as problem:
        keep_failure(peer, on, on + max(peer.every, wait_after(peer.failures)), str(problem))
    else:
        finish(peer, source, interruption, on)


def finish(peer: Peer, source: OnlineFeed, interruption: Interrupted | None, on: datetime) -> None:
    if interruption is None:
        keep_outcome(peer, on, on + peer.every, tag=source.tag or peer.tag)
    elif isinstance(interruption, PullLimitReached):
        keep_outcome(peer, on, on)
    else:
        advanced = Peer.objects.filter(pk=peer.pk, sequence__gt=peer.sequence).exists()
        peer.failures = 0 if advanced else peer.failures
        keep_failure(peer, on, on + wait_after(peer.failures), str(interruption))


def wait_after(failures: int) -> timedelta:
    """How long to wait after a failure, with so many failures in a row before it."""
    return min(RETRY * 2 ** min(failures, MOST_DOUBLED), LONGEST_WAIT)


def give_up_pull(*, peer: Peer, on: datetime) -> None:
    """After an error of this program, which no rule foresaw: the page of the peer says so, and the feed is fetched
    less often."""
    with in_language_of(peer.added_by):
        problem = _("The feed could not be read after several attempts. Contact your system administrator.")
    keep_failure(peer, on, on + max(peer.every, wait_after(peer.failures)), problem)


def keep_outcome(peer: Peer, on: datetime, following: datetime, *, tag: str = "") -> None:
    outcome = {"pulled_at": on, "next_pull_at": following, "pull_problem": "", "failures": 0, "tag": tag}
    Peer.objects.filter(pk=peer.pk).update(**outcome)


def keep_failure(peer: Peer, on: datetime, following: datetime, problem: str) -> None:
    """Record the failure. A problem that repeats is in the trail once."""
    if problem != peer.pull_problem:
        Event.record("feed-refused", peer, difference={"reason": ["", problem]})
    outcome = {"pulled_at": on, "next_pull_at": following, "pull_problem": problem, "tag": ""}
    Peer.objects.filter(pk=peer.pk).update(**outcome, failures=min(peer.failures + 1, MOST_FAILURES))


def read_feed(source: OnlineFeed, peer: Peer, on: datetime) -> Interrupted | None:
    """Store what is new; returns why the rest could not be read.

    Raises `Refused`, `Unreadable` and `Interrupted`.
    """
    opened = source.open(peer.tag)
    if opened is None:
        return None
    content, signature = opened
    index = Index(content)
    if index.origin != peer.origin:
        raise Refused(_("This is the feed of another mechanism, not of %(peer)s.") % {"peer": peer.name})
    verified = verified_or_stopped(source, content, signature, index, peer, by=None, on=on)
    keep(peer, verified, hashlib.sha256(content).hexdigest(), on)
    return verified.interruption


def keep(peer: Peer, verified: Verified, digest: str, on: datetime) -> None:
    if verified.is_empty and verified.fingerprint == peer.fingerprint:
        present = Peer.objects.filter(pk=peer.pk, sequence=peer.sequence, state=Peer.State.ACTIVE)
        present.update(sequence=verified.sequence, published_at=verified.published)
    else:
        store(peer, verified, f"{peer.origin}/{path_of(peer.audience)}", digest, None, on)
