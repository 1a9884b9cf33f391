"""Guided exercises: steps that the trail ticks since the start, and nothing else that changes."""

import pytest

from servanda.kit.refusal import Refused
from servanda.network.exercises import services
from servanda.network.exercises.progress import exercises, progress_of
from servanda.network.models import ExerciseStart
from servanda.people.models import Instance
from servanda.trail.models import Event
from servanda.trail.sentences import SENTENCES
from tests import make
from tests.house.addresses import ADDRESSES

LANGUAGES = {"en", "es", "fr", "pt", "ar"}


def test_every_step_names_actions_of_the_trail_and_a_page_in_five_languages():
    for exercise in exercises().values():
        for step in exercise.steps:
            assert set(step.actions) <= set(SENTENCES)
            assert not step.page or step.page in ADDRESSES
            assert set(step.text.data) == LANGUAGES
        assert set(exercise.title.data) == set(exercise.lead.data) == LANGUAGES


@pytest.fixture
def coordinator(db):
    Instance.objects.create(pk=1, is_demonstration=True)
    return make.user("coordinator")


def done(user, code: str) -> list[bool]:
    progress = next(progress for progress in progress_of(user) if progress.exercise.code == code)
    return [shown.done_at is not None for shown in progress.steps]


def test_a_step_is_done_once_this_person_did_it_since_the_start(coordinator):
    Event.record("cluster-made", by=coordinator)
    assert done(coordinator, "cluster") == [False, False, False]
    services.start_exercise(exercise="cluster", by=coordinator)
    assert done(coordinator, "cluster") == [False, False, False]
    Event.record("cluster-made", by=make.user("coordinator"))
    assert done(coordinator, "cluster") == [False, False, False]
    Event.record("cluster-made", by=coordinator)
    Event.record("cluster-renamed", by=coordinator)
    assert done(coordinator, "cluster") == [True, True, False]
    assert done(coordinator, "report") == [False] * 4


def test_starting_again_counts_from_now_and_deletes_nothing(coordinator):
    services.start_exercise(exercise="cluster", by=coordinator)
    Event.record("cluster-made", by=coordinator)
    services.start_exercise(exercise="cluster", by=coordinator)
    assert done(coordinator, "cluster") == [False, False, False]
    assert ExerciseStart.objects.count() == 1
    assert Event.objects.filter(action="cluster-made").exists()
    services.forget_exercise(exercise="cluster", by=coordinator)
    with pytest.raises(Refused, match="not started"):
        services.forget_exercise(exercise="cluster", by=coordinator)


@pytest.mark.django_db
def test_outside_a_demonstration_no_exercise_starts():
    with pytest.raises(Refused, match="Ask an administrator"):
        services.start_exercise(exercise="cluster", by=make.user("coordinator"))


def test_progress_takes_two_queries(coordinator, django_assert_max_num_queries):
    for code in exercises():
        services.start_exercise(exercise=code, by=coordinator)
    with django_assert_max_num_queries(2):
        progress_of(coordinator)


@pytest.mark.django_db
def test_all_recommendations_of_the_file_are_marked_as_invented():
    assert all("Invented" in row[1] for row in services.file_rows())


@pytest.mark.django_db
def test_an_administrator_offers_exercises_outside_a_demonstration_and_stops():
    administrator = make.user("administrator")
    services.offer_exercises(by=administrator)
    with pytest.raises(Refused, match="already"):
        services.offer_exercises(by=administrator)
    assert services.start_exercise(exercise="cluster", by=administrator)
    services.stop_exercises(by=administrator)
    with pytest.raises(Refused, match="Ask an administrator"):
        services.start_exercise(exercise="cluster", by=administrator)
    assert ExerciseStart.objects.exists()
    with pytest.raises(Refused, match="already"):
        services.stop_exercises(by=administrator)
