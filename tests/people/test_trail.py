import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.activity import EVENTS_ON_A_PAGE
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    person = make.user(Role.AUDITOR)
    client.force_login(person)
    return person


def numbers(page) -> list[int]:
    return [row["event"].sequence for row in page.context["rows"]]


def test_walking_the_pages_meets_every_event_once_newest_first(client, auditor):
    for _number in range(EVENTS_ON_A_PAGE + 10):
        Event.record("instance-edited", by=auditor)
    first = client.get(reverse("people:trail"))
    second = client.get(reverse("people:trail"), {"before": first.context["before"]})
    everything = list(Event.objects.order_by("-sequence").values_list("sequence", flat=True))
    assert numbers(first) + numbers(second) == everything
    assert second.context["before"] is None


def test_one_action_is_shown_alone(client, auditor):
    Event.record("instance-edited", by=auditor)
    page = client.get(reverse("people:trail"), {"action": "instance-edited"})
    assert [row["event"].action for row in page.context["rows"]] == ["instance-edited"]


def test_an_action_or_number_that_makes_no_sense_shows_everything(client, auditor):
    page = client.get(reverse("people:trail"), {"action": "'; drop", "before": "-1"})
    assert numbers(page) == [1]


def test_an_action_that_never_happened_says_what_to_do(client, auditor):
    page = client.get(reverse("people:trail"), {"action": "password-reset"})
    assert "Choose another action" in page.content.decode()


def test_the_page_costs_the_same_for_one_and_for_sixty_events(client, auditor, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(6):
            client.get(reverse("people:trail"))
        for _number in range(30):
            Event.record("instance-edited", by=make.user())


def test_a_reader_may_not_read_it(client):
    client.force_login(make.user(Role.READER))
    assert client.get(reverse("people:trail")).status_code == 403
