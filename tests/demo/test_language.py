"""What the demonstration shows of documents and clusters: invented where it is no real record, and made once."""

import pytest

from servanda.demo import language, people
from servanda.intake.models import Batch
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.models import DocumentReading
from servanda.vocab.models import Body
from tests import make
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@built_once
def demonstration():
    people.load()
    make.country()


def test_an_invented_document_waits_to_be_looked_through_and_says_that_it_is_invented():
    for _time in range(2):
        language.load()
    batch = Batch.objects.get()
    reading = DocumentReading.objects.get(batch=batch)
    assert (batch.state, Recommendation.objects.exists()) == ("uploaded", False)
    assert ("invented" in reading.title, "invented" in reading.notes) == (True, True)
    words = {"en": "invented", "es": "inventad", "fr": "inventé", "pt": "inventad", "ar": "متخيَّل"}
    names = Body.objects.get(code=reading.body).name.data
    assert [code for code, word in words.items() if word not in names[code]] == []
    units = reading.units
    assert set(units.filter(is_follow_up=True).values_list("number", "deadline")) == {
        (number, "within one year") for number in ("6", "8", "11")
    }
    assert list(units.filter(is_dissemination=True).values_list("number", flat=True)) == ["12"]
    assert set(units.values_list("kind", flat=True)) == {"recommendation", "concern", "information", "obligation"}


def test_records_that_speak_of_drinking_water_are_a_cluster():
    records = [make.recommendation("Provide safe drinking water.") for _one in range(2)]
    make.recommendation("Build schools.")
    for _time in range(2):
        language.load()
    assert set(Cluster.objects.get().members.values_list("recommendation", flat=True)) == {
        record.pk for record in records
    }
