import pytest
from django.utils import timezone

from servanda.demo import actions, assignments, people, positions
from servanda.demo.reading import read
from servanda.people.models import Notification
from servanda.planning.models import Action, Assignment, PositionProposal
from servanda.recommendations.models import Position, Recommendation, Tagging
from servanda.sources.models import Review
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def demonstration():
    """One supported recommendation of each cycle under each theme that is given to a person, and one beside."""
    people.load()
    rows = read("assignments")["assignments"]
    for theme, cycle in sorted({(row["theme"], row["cycle"]) for row in rows}):
        review = Review.objects.get_or_create(body=make.body(), country=make.country(), cycle=cycle)[0]
        record = make.recommendation(stand="supported", review=review)
        Tagging.objects.create(recommendation=record, term=make.term(theme), origin="source")
    make.recommendation(stand="supported")


def test_every_line_of_it_finds_a_record_and_called_again_it_changes_nothing(demonstration):
    assignments.load()
    existing = Assignment.objects.order_by("pk")
    first = list(existing.values())
    assert len(first) == len(read("assignments")["assignments"])
    assert {assignment.recommendation.taggings.get().term.code for assignment in Assignment.objects.refused()} == {
        read("assignments")["refusal"]["theme"]
    }
    told = Notification.objects.filter(kind="assignment-refused").values_list("person__email", flat=True)
    assert set(told) == {"coordinator@example.org", "deputy@example.org"}
    assert Recommendation.objects.exclude(pk__in=existing.values("recommendation")).count() == 1
    assignments.load()
    assert list(existing.values()) == first


def test_an_invented_plan_answers_what_is_assigned_with_parts_late_and_done(demonstration):
    assignments.load()
    for _time in range(2):
        actions.load()
        assert Action.objects.count() == sum(len(row["parts"]) + 1 for row in read("actions")["actions"]) == 40
    assert Action.objects.late(on=timezone.localdate()).count() > 2
    idle = Action.objects.filter(answers=None).order_by().values_list("parts__institution__code", flat=True)
    assert set(idle) <= {"demo-social"}  # which refuses the only record of one theme here


def test_invented_institutions_propose_to_look_again_at_what_was_noted():
    people.load()
    data = read("positions")
    review = Review.objects.create(body=make.body(), country=make.country(), cycle=data["cycle"])
    for _rows in data["proposals"]:
        make.recommendation(stand="noted", review=review)
    for _time in range(2):
        positions.load()
        assert PositionProposal.objects.waiting().count() == sum(map(len, data["proposals"]))
    assert Position.objects.get().is_draft
