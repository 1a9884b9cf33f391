"""The overview at the desk counts what each person may see."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def register():
    make.recommendation(stand="supported")
    make.recommendation(stand="noted", is_published=False)
    make.recommendation(stand="pending", confidentiality="restricted").restricted_to.add(make.institution("moj"))


SEEN = {
    "contributor": {"supported"},
    "reader": {"supported", "noted"},
    "focal-point": {"supported", "noted", "pending"},
    "coordinator": {"supported", "noted", "pending"},
}


@pytest.mark.parametrize("role", SEEN)
def test_page_and_table_count_what_this_person_may_see(client, register, role):
    client.force_login(make.user(role, institution=make.institution("moj") if role == "focal-point" else None))
    page = client.get(reverse("desk:overview")).content.decode()
    lines = b"".join(client.get(reverse("desk:figure_table", args=["stand"]))).decode("utf-8-sig").splitlines()
    assert {line.partition(",")[0] for line in lines[1:]} == SEEN[role]
    assert {stand for stand in SEEN["coordinator"] if f"/desk/register/?stand={stand}" in page} == SEEN[role]


def test_two_people_never_share_a_picture_that_only_one_may_see(client, register):
    url = reverse("desk:chart", args=["stand"])
    client.force_login(make.user("coordinator"))
    assert "To be examined" in client.get(url).content.decode()
    client.force_login(make.user("reader"))
    answer = client.get(url)
    assert "To be examined" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", ["overview", "chart", "figure_table"])
def test_a_stranger_is_sent_to_log_in(client, register, name):
    answer = client.get(reverse(f"desk:{name}", args=[] if name == "overview" else ["stand"]))
    assert answer.url.startswith(reverse("account_login"))


def test_the_page_costs_the_same_number_of_queries_for_three_and_for_thirty(
    client, register, django_assert_num_queries
):
    client.force_login(make.user("coordinator"))
    with django_assert_num_queries(9) as few:
        client.get(reverse("desk:overview"))
    for number in range(27):
        make.recommendation(year=1990 + number)
    with django_assert_num_queries(len(few)):
        client.get(reverse("desk:overview"))


def test_the_table_of_a_figure_taken_from_the_desk_leaves_a_line_in_the_trail(client, register):
    person = make.user(Role.READER)
    client.force_login(person)
    client.head(reverse("desk:figure_table", args=["stand"]))
    client.get(reverse("desk:chart", args=["stand"]))
    assert not Event.objects.filter(action="figure-exported").exists()
    client.get(reverse("desk:figure_table", args=["stand"]))
    event = Event.objects.get(action="figure-exported")
    assert (event.actor, event.object_label) == (person, "stand")
