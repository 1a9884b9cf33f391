"""Counts that are kept: how long they hold, and who finds them ready."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.recommendations.counting import counts
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.imports import apply_undo
from servanda.recommendations.models import Position, Recommendation
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
KEPT = 0  # keep counts of a register of any size


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def total(audience=None) -> int:
    audience = audience or counts.everybody()
    return counts.count_unfiltered(audience, public_facets(), worth_keeping=KEPT)["total"][0]


def test_kept_counts_are_used_until_the_register_changes(django_assert_max_num_queries):
    make.recommendation()
    facets = public_facets()
    assert total() == 1
    with django_assert_max_num_queries(4):
        counts.count_unfiltered(counts.everybody(), facets, worth_keeping=KEPT)


def test_a_deed_makes_kept_counts_worthless():
    record, coordinator = make.recommendation(), make.user("coordinator")
    assert total() == 1
    Recommendation.objects.filter(pk=record.pk).update(is_published=False)
    Event.record("recommendation-unpublished", record, by=coordinator)
    assert total() == 0


def test_an_export_a_log_in_or_a_deed_on_people_leaves_kept_counts_as_they_are():
    make.recommendation()
    before = counts.stamp()
    for action in ("logged-in", "register-exported", "page-denied", "refused"):
        Event.record(action, by=make.user())
    person = make.user()
    for thing in (person, person.appointments.get(), make.a_place()):
        Event.record("account-edited", thing, by=person)
    assert counts.stamp() == before
    Event.record("term-edited", make.term(), by=person)
    assert counts.stamp() != before


def test_switching_an_import_on_and_off_counts_at_once():
    batch = Batch.objects.create(name="list", sha256="1", state=Batch.State.APPLYING)
    make.recommendation(added_by=batch)
    assert total() == 0
    Batch.objects.update(state=Batch.State.APPLIED)
    assert total() == 1
    Batch.objects.update(state=Batch.State.UNDONE)
    assert total() == 0


def test_what_an_import_brings_up_to_date_after_it_was_switched_on_counts_at_once():
    record = make.recommendation()
    facets = public_facets()
    before = counts.count_unfiltered(counts.everybody(), facets, worth_keeping=KEPT)
    assert before["stand"]["noted"] == 0
    Position.objects.create(recommendation=record, stand="noted", date=timezone.localdate())
    apply_undo.refresh([record.pk])
    after = counts.count_unfiltered(counts.everybody(), facets, worth_keeping=KEPT)
    assert after["stand"]["noted"] == 1


def test_a_small_register_is_counted_anew_each_time():
    make.recommendation()
    facets = public_facets()
    assert counts.count_unfiltered(counts.everybody(), facets)["total"][0] == 1
    make.recommendation()
    assert counts.count_unfiltered(counts.everybody(), facets)["total"][0] == 2


def test_the_counts_of_a_large_register_are_ready_before_anybody_asks(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(counts.count_unfiltered, "__kwdefaults__", {"worth_keeping": KEPT})
    make.recommendation()
    counts.count_ahead(None)
    facets = public_facets()
    with django_assert_max_num_queries(4):
        assert counts.count_unfiltered(counts.everybody(), facets)["total"][0] == 1
