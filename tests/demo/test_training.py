"""The invented courses of the demonstration."""

import pytest

from servanda.demo import network, training
from servanda.network.models import Agreement, Course, CourseMaterial, CourseRegistration, CourseSession, Mission
from servanda.people.demonstration import COORDINATOR
from tests import make, network_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def loaded():
    make.user("coordinator", email=COORDINATOR)
    make.user("administrator")
    network_make.own_state()
    network.load()
    for _time in range(2):
        training.load()


def test_everything_is_marked_as_invented(loaded):
    assert all("(invented)" in str(row) for row in Course.objects.all())
    assert all("(invented)" in row.title for row in CourseMaterial.objects.all())
    guests = CourseRegistration.objects.values_list("name", "institution")
    assert all("(invented)" in words for row in guests for words in row)
    assert {row.is_invented for row in Agreement.objects.all()} == {True}
    assert all("(invented)" in row.purpose for row in Mission.objects.all())


def test_it_is_loaded_once_with_sessions_before_and_after_today(loaded):
    assert (Course.objects.count(), CourseSession.objects.count(), CourseMaterial.objects.count()) == (2, 3, 2)
    assert CourseRegistration.objects.filter(attended=True).count() == 1
    assert Agreement.objects.get().duties.count() == 2
