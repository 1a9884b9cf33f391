"""No page asks the database more often than twenty times, whoever looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.addresses import ADDRESSES
from tests.house.kinds import KINDS

pytestmark = pytest.mark.slow

MOST = 20
# Files are asked for seldom and read everything that they hold.
FILES = ("_export", "_file", "_matrix", "_template", "personal_data", "export_")
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN")


def asked(client, url: str) -> list[str]:
    """What is found once and kept, such as the kinds of things, is no question of this page: it is asked for again
    when it seems to ask too much."""
    once = asked_once(client, url)
    return asked_once(client, url) if len(once) > MOST else once


def asked_once(client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return questions_of(captured)


def questions_of(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if not query["sql"].startswith(SAVEPOINTS)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["coordinator", "focal point of the institution"])
def test_every_page_asks_at_most_twenty_questions(client, scene_for, kind):
    person = KINDS[kind]()
    client.force_login(person)
    scene = scene_for(person)
    pages = [name for name, address in ADDRESSES.items() if "GET" in address.methods and not name.startswith("api:")]
    pages = [name for name in pages if not any(part in name for part in FILES)]
    questions = {name: asked(client, ADDRESSES[name].url(name, scene)) for name in pages}
    assert {name: len(sql) for name, sql in questions.items() if len(sql) > MOST} == {}
