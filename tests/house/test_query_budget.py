"""No page asks the database more often than twenty times, whoever looks. Each is looked at in test_every_page.py."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.house.asking import SAVEPOINTS
from tests.house.kinds import KINDS

pytestmark = pytest.mark.slow

MOST = 20
# Files are asked for seldom and read everything that they hold.
FILES = ("_export", "_file", "_matrix", "_template", "personal_data", "export_")
# The start page of the administrator has the numbers of all rooms and, in the scene, the first steps with all States;
# that of the coordinator keeps to the budget.
ALLOWED = {("desk:home", "administrator"): 23}


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
def test_the_start_page_of_the_coordinator_asks_at_most_twenty_questions(client, scene_for):
    person = KINDS["coordinator"]()
    client.force_login(person)
    scene_for(person)
    assert len(asked(client, reverse("desk:home"))) <= MOST
