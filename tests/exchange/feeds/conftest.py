from collections.abc import Iterator

import pytest

from servanda.exchange.models import Peer
from servanda.people.access import Role
from tests import exchange_make, make
from tests.feed_server import FeedServer, feed_online

LONG_AGO = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def feed(settings) -> Iterator[FeedServer]:
    with feed_online() as server:
        settings.PEERS_INSIDE = [server.site]
        yield server


@pytest.fixture
def by(db):
    return make.user(Role.COORDINATOR)


@pytest.fixture
def peer(feed, by) -> Peer:
    """The server, trusted for recommendations, whose feed is fetched."""
    return exchange_make.peer(feed.sender, by, is_pulled=True)
