import pytest

from servanda.people.demonstration import create_demonstration
from servanda.progress.demonstration.assessments import ASSESSED, assess_demonstration
from servanda.progress.disagreeing import where
from servanda.progress.models import Assessment, Contribution, Voice
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Review
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def test_three_invented_voices_speak_and_called_again_nothing_changes():
    create_demonstration()
    review = Review.objects.create(body=make.body(), country=make.country(), cycle=3)
    for _number in range(ASSESSED + 6):
        make.recommendation(stand="supported", review=review)
    assess_demonstration()
    assert {voice: Assessment.objects.filter(voice=voice).count() for voice in Voice} == {
        "government": 60,
        "mechanism": 15,
        "independent": 15,
    }
    assert {one.symbol for one in Assessment.objects.filter(voice=Voice.MECHANISM)} == {"DEMO/1 (invented)"}
    assert not Assessment.objects.exclude(reason__contains="(invented)").exists()
    assert Recommendation.objects.filter(where("any")).count() > 3
    assert {one.state for one in Contribution.objects.all()} == set(Contribution.State)
    events = Event.objects.count()
    assess_demonstration()
    assert Event.objects.count() == events
