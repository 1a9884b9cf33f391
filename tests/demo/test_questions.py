"""The list of issues of the demonstration: asked in a round, answered in part, invented and marked as such."""

import pytest

from servanda.demo import people, questions
from servanda.people.models import Institution
from servanda.progress.models import InputItem, InputRound, Update
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Document, Question
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def demonstration(loaded_once):
    people.load()


def test_questions_are_asked_and_answered_in_part_and_loaded_once(demonstration):
    make.recommendation("Combat trafficking in persons.")
    for _time in range(2):
        questions.load()
        listed = Document.objects.get(symbol="DEMO/C/SVN/Q/2")
        assert (listed.questions.count(), InputRound.objects.count()) == (7, 1)
    assert "(invented)" in listed.title
    assert InputItem.objects.owed().count() == 4
    assert sorted(Update.objects.values_list("state", flat=True)) == ["published", "submitted", "validated"]
    assert RecordQuestion.objects.get().question.number == "5"
    assert Question.objects.filter(institutions=None).count() == 2


def test_the_focal_point_of_the_demonstration_has_questions_to_answer(demonstration):
    questions.load()
    place = Institution.objects.get(code="demo-social")
    assert InputItem.objects.owed().filter(request__institution=place).count() == 3
