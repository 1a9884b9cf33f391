import pytest

from servanda.people.demonstration import create_demonstration
from servanda.people.models import Notification
from servanda.planning.demonstration import GIVEN, REFUSED_THEME, assign_demonstration
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation, Tagging
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
