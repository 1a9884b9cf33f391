import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import Tagging
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def test_a_label_says_who_set_it(coordinator):
    record = make.recommendation()
    labels.add_labels(recommendation=record, terms=[make.term("Health")], by=coordinator)
    tagging = Tagging.objects.get()
    assert (tagging.origin, tagging.said_by) == ("person", coordinator)
    assert Event.objects.get().difference == '{"labels": ["", "Health"]}'


def test_a_label_of_the_source_is_ended_and_never_deleted(coordinator):
    record = make.recommendation()
    tagging = Tagging.objects.create(recommendation=record, term=make.term(), scheme="uhri")
    labels.remove_label(tagging=tagging, by=coordinator)
    tagging.refresh_from_db()
    assert tagging.ended_at is not None
    assert not Tagging.objects.current().exists()
    with pytest.raises(Refused, match="This label has already been removed."):
        labels.remove_label(tagging=tagging, by=coordinator)


def test_a_label_taken_off_comes_back_as_the_word_of_its_source(coordinator):
    record = make.recommendation()
    tagging = Tagging.objects.create(recommendation=record, term=make.term(), scheme="uhri")
    labels.remove_label(tagging=tagging, by=coordinator)
    labels.restore_label(tagging=tagging, by=coordinator)
    back = Tagging.objects.current().get()
    assert (back, back.origin) == (tagging, Tagging.Origin.SOURCE)
    with pytest.raises(Refused, match="already has this label"):
        labels.restore_label(tagging=tagging, by=coordinator)


def test_a_suggestion_of_the_machine_becomes_fact_only_through_a_person(coordinator):
    record, term = make.recommendation(), make.term("Health")
    Tagging.objects.create(recommendation=record, term=term, origin="machine", confidence=0.7)
    labels.add_labels(recommendation=record, terms=[term], by=coordinator)
    assert [tagging.origin for tagging in Tagging.objects.current()] == ["person"]


def test_an_artefact_of_a_source_is_no_label_to_give(coordinator):
    with pytest.raises(Refused, match="artefact"):
        labels.add_labels(
            recommendation=make.recommendation(), terms=[make.term("Reservations", is_artefact=True)], by=coordinator
        )


def test_a_label_that_is_there_is_not_given_twice(coordinator):
    record, term = make.recommendation(), make.term()
    Tagging.objects.create(recommendation=record, term=term, scheme="uhri")
    with pytest.raises(Refused, match="does not have yet"):
        labels.add_labels(recommendation=record, terms=[term], by=coordinator)
