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
    assert "only offered in a demonstration" in source_of(client.get(page_of("exercises")))
    page = source_of(client.get(page_of("exercise", "import")))
    assert page_of("start_exercise", "import") not in page
    page = source_of(client.post(page_of("start_exercise", "import"), follow=True))
    assert "Exercises are only offered in a demonstration." in page
    assert not ExerciseStart.objects.exists()


def test_an_unknown_exercise_is_not_found(client, coordinator):
    Instance.objects.create(pk=1, is_demonstration=True)
    assert client.get(page_of("exercise", "nothing")).status_code == 404
