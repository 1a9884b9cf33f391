"""No page asks the database more often than twenty times, whoever looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.house.addresses import ADDRESSES
from tests.house.kinds import KINDS
from tests.house.test_addresses import COUNTED, faults_at, is_asked, knock

pytestmark = pytest.mark.slow

MOST = 20
# Files are asked for seldom and read everything that they hold.
FILES = ("_export", "_file", "_matrix", "_template", "personal_data", "export_")
# The start page of the administrator has the numbers of all rooms and, in the scene, the first steps with all States;
# that of the coordinator keeps to the budget.
ALLOWED = {("desk:home", "administrator"): 23}
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
@pytest.mark.parametrize("kind", COUNTED)
def test_every_page_asks_at_most_twenty_questions(client, scene_for, refusals_drawn_once, kind):
    """And opens to the two for whom most is found, as the table of addresses says."""
    person = KINDS[kind]()
    client.force_login(person)
    scene = scene_for(person)
    too_many, wrong = {}, []
    for name in [name for name, address in ADDRESSES.items() if "GET" in address.methods and is_asked(name, kind)]:
        url = ADDRESSES[name].url(name, scene)
        with CaptureQueriesContext(connection) as captured:
            answer = knock(client, "GET", url)
        is_page = not name.startswith("api:") and not any(part in name for part in FILES)
        most = ALLOWED.get((name, kind), MOST)
        if is_page and len(questions_of(captured)) > most and len(sql := asked(client, url)) > most:
            too_many[name] = len(sql)
        wrong += faults_at(answer, name, "GET", kind)
    assert (too_many, wrong) == ({}, [])


@pytest.mark.django_db
def test_the_start_page_of_the_coordinator_asks_at_most_twenty_questions(client, scene_for):
    person = KINDS["coordinator"]()
    client.force_login(person)
    scene_for(person)
    assert len(asked(client, reverse("desk:home"))) <= MOST
