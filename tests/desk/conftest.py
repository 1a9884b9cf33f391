import pytest

from tests import make


@pytest.fixture
def at_work(client, transactional_db):
    """A person who manages people, with jobs that run when the deed is committed."""
    client.force_login(make.user("coordinator"))
    return client
