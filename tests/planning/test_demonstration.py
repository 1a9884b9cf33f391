import pytest
from django.utils import timezone

from servanda.people.demonstration import create_demonstration
from servanda.people.models import Notification
from servanda.planning.demonstration import GIVEN, REFUSED_THEME, assign_demonstration
from servanda.planning.demonstration_actions import WHOLES, plan_demonstration
from servanda.planning.demonstration_positions import CYCLE, PROPOSED, propose_demonstration
from servanda.planning.models import Action, Assignment, PositionProposal
from servanda.recommendations.models import Position, Recommendation, Tagging
from servanda.sources.models import Review
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration():
    """One supported recommendation of each cycle under each theme that is given to somebody, and one beside."""
    create_demonstration()
    for theme, cycle in sorted({(given.theme, given.cycle) for given in GIVEN}):
        review = Review.objects.get_or_create(body=make.body(), country=make.country(), cycle=cycle)[0]
        record = make.recommendation(stand="supported", review=review)
        Tagging.objects.create(recommendation=record, term=make.term(theme), origin="source")
    make.recommendation(stand="supported")


def test_every_line_of_it_finds_a_record_and_called_again_it_changes_nothing(demonstration):
    assign_demonstration()
    there = Assignment.objects.order_by("pk")
    first = list(there.values())
    assert len(first) == len(GIVEN)
    assert {one.recommendation.taggings.get().term.code for one in Assignment.objects.refused()} == {REFUSED_THEME}
    assert Notification.objects.filter(kind="assignment-refused").count() == 1
    assert Recommendation.objects.exclude(pk__in=there.values("recommendation")).count() == 1
    assign_demonstration()
    assert list(there.values()) == first


def test_an_invented_plan_answers_what_is_assigned_with_parts_late_and_done(demonstration):
    assign_demonstration()
    for _time in range(2):
        plan_demonstration()
        assert Action.objects.count() == sum(len(whole.parts) + 1 for whole in WHOLES) == 40
    assert Action.objects.late(on=timezone.localdate()).count() > 2
    idle = Action.objects.filter(answers=None).order_by().values_list("parts__institution__code", flat=True)
    assert set(idle) <= {"demo-social"}  # which refuses the only record of one theme here


def test_invented_institutions_propose_to_look_again_at_what_was_noted():
    create_demonstration()
    review = Review.objects.create(body=make.body(), country=make.country(), cycle=CYCLE)
    for _one in PROPOSED:
        make.recommendation(stand="noted", review=review)
    for _time in range(2):
        propose_demonstration()
        assert PositionProposal.objects.waiting().count() == sum(map(len, PROPOSED))
    assert Position.objects.get().is_draft
