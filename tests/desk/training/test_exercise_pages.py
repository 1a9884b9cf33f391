"""The pages of guided exercises."""

import pytest
from django.urls import reverse

from servanda.network.models import ExerciseStart
from servanda.people.models import Instance
from tests import make
from tests.house.answers import body_of, source_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


def page_of(name: str, *arguments: str) -> str:
    return reverse(f"desk:{name}", args=arguments)


def test_an_exercise_is_started_ticked_and_started_again(client, coordinator):
    Instance.objects.create(pk=1, is_demonstration=True)
    assert "Exercise not started" in source_of(client.get(page_of("exercises")))
    page = source_of(client.post(page_of("start_exercise", "import"), follow=True))
    assert "The exercise has started." in page
    assert page_of("exercise_file", "xlsx") in page
    assert body_of(client.get(page_of("exercise_file", "csv"))).count(b"Invented") == 5
    assert "1 / 4" in source_of(client.get(page_of("exercises")))
    page = source_of(client.post(page_of("start_exercise", "import"), follow=True))
    assert "Not done yet" in page
    client.post(page_of("forget_exercise", "import"))
    assert "Exercise not started" in source_of(client.get(page_of("exercises")))


def test_outside_a_demonstration_there_are_no_exercises(client, coordinator):
    assert "where an administrator allows them" in source_of(client.get(page_of("exercises")))
    page = source_of(client.get(page_of("exercise", "import")))
    assert page_of("start_exercise", "import") not in page
    page = source_of(client.post(page_of("start_exercise", "import"), follow=True))
    assert "Exercises are not offered here." in page
    assert not ExerciseStart.objects.exists()


def test_an_unknown_exercise_is_not_found(client, coordinator):
    Instance.objects.create(pk=1, is_demonstration=True)
    assert client.get(page_of("exercise", "nothing")).status_code == 404


def test_an_administrator_is_warned_before_exercises_are_offered(client):
    make.signed_in(client, "administrator")
    offer = page_of("offer_exercises")
    assert offer in source_of(client.get(page_of("exercises")))
    assert "Only for a system that is used for training." in source_of(client.get(offer))
    page = source_of(client.post(offer, follow=True))
    assert page_of("exercise", "import") in page
    page = source_of(client.post(page_of("stop_exercises"), follow=True))
    assert "Exercises are no longer offered." in page
    assert page_of("exercise", "import") not in page
