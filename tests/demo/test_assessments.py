from datetime import date

import pytest

from servanda.demo import assessments, people, review
from servanda.demo.reading import read
from servanda.progress.assessments.disagreement import condition_for
from servanda.progress.models import Assessment, Contribution, Voice
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Review
from servanda.trail.models import Event
from servanda.vocab.models import Body
from servanda.vocab.services.loading import shipped
from tests import assessing_make, make
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@built_once
def demonstration():
    people.load()
    cycle = Review.objects.create(body=make.body(), country=make.country(), cycle=3)
    for _number in range(assessments.ASSESSED + assessments.CONTRIBUTED):
        make.recommendation(stand="supported", review=cycle)
    review.load()


@built_once
def loaded(demonstration):
    assessments.load()


def test_invented_voices_speak_and_called_again_nothing_changes(loaded):
    assert {voice: Assessment.objects.filter(voice=voice).count() for voice in Voice} == {
        "government": 64,
        "mechanism": 8,
        "independent": 15,
    }
    assert not Assessment.objects.exclude(reason__contains="(invented)").exists()
    assert Recommendation.objects.filter(condition_for("any")).count() > 3
    assert {contribution.state for contribution in Contribution.objects.all()} == set(Contribution.State)
    events = Event.objects.count()
    review.load()
    assessments.load()
    assert Event.objects.count() == events


def test_no_real_body_is_given_a_grade_or_a_text_that_it_did_not_write(loaded):
    committee = Body.objects.get(code=review.COMMITTEE)
    graded = Assessment.objects.filter(voice=Voice.MECHANISM)
    assert set(graded.values_list("recommendation__body__code", flat=True)) == {review.COMMITTEE}
    assert review.COMMITTEE not in shipped("bodies")
    assert committee.is_own
    invented = {"en": "invented", "es": "inventad", "fr": "inventé", "pt": "inventad", "ar": "متخيَّل"}
    assert [language for language, word in invented.items() if word not in committee.name.data[language]] == []
    records = Recommendation.objects.public().filter(body=committee)
    texts = [row["text"] for row in read("review")["recommendations"]]
    assert records.count() == len(texts) == 8
    assert [text for text in texts if "(invented)" not in text] == []


def test_grades_that_an_earlier_demonstration_gave_to_the_upr_are_taken_back():
    record = Recommendation.objects.filter(body__code="UPR").first()
    wrong = assessing_make.assessment(
        record, voice=Voice.MECHANISM, symbol=read("assessments")["retraction"]["symbol"], date=date(2026, 5, 1)
    )
    assessments.load()
    wrong.refresh_from_db()
    assert "The UPR makes no assessments" in wrong.retraction_reason
    assert not Assessment.objects.public().filter(voice=Voice.MECHANISM, recommendation__body__code="UPR").exists()
