"""Many suggestions at once: accepted, rejected or changed together, and taken back together."""

import pytest

from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.editing.merging import merge_recommendations
from servanda.recommendations.editing.structure import withdraw_recommendation
from servanda.recommendations.labels.bulk_decisions import AnswerSuggestions
from servanda.recommendations.labels.decisions import reopen_suggestion
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.trail.models import Event
from tests import make, suggesting_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user("coordinator")


@built_once
def water():
    return make.term("Water", taxonomy="national-plan")


@built_once
def health():
    return make.term("Health", taxonomy="national-plan")


def waiting(record: Recommendation) -> list[str]:
    return [
        str(suggestion.term)
        for suggestion in Suggestion.objects.waiting().filter(recommendation=record).order_by("pk")
    ]


def said(record: Recommendation) -> list[str]:
    return [str(tagging) for tagging in Tagging.objects.current().filter(recommendation=record, origin="person")]


def decided(change: AnswerSuggestions, by):
    batch = bulk.start_bulk(change=change, records=Suggestion.objects.all(), by=by)
    bulk.apply_bulk(batch)
    return batch


def taken_back(batch, by) -> None:
    bulk.undo_bulk(batch=batch, by=by)
    bulk.clear_bulk(batch, by=by)


@pytest.mark.database
def test_the_sure_ones_are_accepted_together_and_taken_back_together(coordinator, water):
    model = suggesting_make.learned(water.taxonomy)
    sure = suggesting_make.suggestion(make.recommendation(), water, 0.9, model)
    unsure = suggesting_make.suggestion(make.recommendation(), water, 0.6, model)
    by_name = suggesting_make.suggestion(make.recommendation(), water, 0.95)
    batch = decided(AnswerSuggestions("accept", taxonomy=water.taxonomy_id, probability=0.8), coordinator)
    labels = Tagging.objects.current().filter(origin="person")
    assert [label.recommendation for label in labels] == [sure.recommendation]
    assert {waiting(suggestion.recommendation)[0] for suggestion in (unsure, by_name)} == {"Water"}
    taken_back(batch, coordinator)
    assert not labels.all().exists()
    assert waiting(sure.recommendation) == ["Water"]


@pytest.mark.database
@pytest.mark.parametrize(("bound", "rejected"), [({"below": 60}, [0.3, 0.594]), ({"least": 60}, [0.596, 0.9])])
def test_those_of_one_label_are_rejected_by_the_percentage_that_is_shown(coordinator, water, health, bound, rejected):
    for probability in (0.3, 0.594, 0.596, 0.9):
        suggesting_make.suggestion(make.recommendation(), water, probability)
    other = suggesting_make.suggestion(make.recommendation(), health, 0.3)
    batch = decided(AnswerSuggestions("reject", term=water.pk, **bound), coordinator)
    gone = Suggestion.objects.filter(state="rejected").order_by("probability")
    assert list(gone.values_list("probability", flat=True)) == rejected
    assert waiting(other.recommendation) == ["Health"]
    assert set(gone.values_list("decided_by", flat=True)) == {coordinator.pk}
    event = Event.objects.filter(action="records-changed-in-bulk", actor=coordinator).latest("pk")
    assert f'"label": "{water.code}"' in event.difference
    taken_back(batch, coordinator)
    assert not gone.all().exists()
    assert Suggestion.objects.waiting().count() == 5


def test_wrong_ones_of_a_record_become_one_right_label_and_all_of_it_comes_back(coordinator, water, health):
    land = make.term("Land", taxonomy="national-plan")
    record, has_it = make.recommendation(), make.recommendation()
    wrong = [suggesting_make.suggestion(record, term) for term in (water, land)]
    right = suggesting_make.suggestion(record, health)
    present = suggesting_make.suggestion(has_it, water)
    Tagging.objects.create(recommendation=has_it, term=health, origin="person")
    ticked = tuple(suggestion.pk for suggestion in (*wrong, right, present))
    batch = decided(AnswerSuggestions("change", ticked=ticked, instead=health.pk), coordinator)
    assert said(record) == said(has_it) == ["Health"]
    assert waiting(record) == waiting(has_it) == []
    states = dict(Suggestion.objects.values_list("pk", "state"))
    assert states == {wrong[0].pk: "changed", wrong[1].pk: "changed", present.pk: "changed", right.pk: "accepted"}
    taken_back(batch, coordinator)
    assert said(record) == []
    assert said(has_it) == ["Health"]
    assert waiting(record) == ["Water", "Land", "Health"]
    assert not Suggestion.objects.exclude(instead=None, decided_by=None, decided_in=None).exists()


def test_nothing_becomes_a_label_of_another_taxonomy(coordinator, water):
    elsewhere = make.term("Education", taxonomy="other-plan")
    suggestion = suggesting_make.suggestion(make.recommendation(), water)
    assert (
        bulk.affected_keys(
            AnswerSuggestions("change", ticked=(suggestion.pk,), instead=elsewhere.pk), Suggestion.objects.all()
        )
        == []
    )


def test_one_of_many_that_was_reopened_stays_so_when_the_others_are_taken_back(coordinator, water):
    one, two = (suggesting_make.suggestion(make.recommendation(), water) for _ in range(2))
    batch = decided(AnswerSuggestions("reject", term=water.pk), coordinator)
    reopen_suggestion(suggestion=one, by=coordinator)
    assert waiting(one.recommendation) == ["Water"]
    assert waiting(two.recommendation) == []
    taken_back(batch, coordinator)
    assert waiting(one.recommendation) == waiting(two.recommendation) == ["Water"]


def test_a_record_that_is_withdrawn_or_merged_after_the_preview_is_left_out(coordinator, water):
    gone, merged, stays, survivor = (make.recommendation() for _ in range(4))
    for record in (gone, merged, stays):
        suggesting_make.suggestion(record, water, 0.9)
    change = AnswerSuggestions("reject", term=water.pk)
    batch = bulk.start_bulk(change=change, records=Suggestion.objects.all(), by=coordinator)
    withdraw_recommendation(recommendation=gone, reason="Twice", by=coordinator)
    merge_recommendations(into=survivor, others=[merged], by=coordinator)
    bulk.apply_bulk(batch)
    assert [suggestion.recommendation for suggestion in Suggestion.objects.filter(decided_in=batch)] == [stays]
    assert batch.done == 3
