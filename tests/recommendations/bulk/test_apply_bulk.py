import pytest

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import services as editing
from servanda.recommendations.models import FieldChange, Position, Recommendation, Tagging
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def apply(change: Change, by) -> Batch:
    batch = bulk.start_bulk(change=change, records=Recommendation.objects.kept(), by=by)
    bulk.apply_bulk(batch)
    batch.refresh_from_db()
    return batch


def undo(batch: Batch, by) -> int:
    bulk.undo_bulk(batch=batch, by=by)
    batch.refresh_from_db()
    return bulk.clear_bulk(batch, by=by)


def labels() -> list[tuple[Recommendation, str]]:
    return [
        (tagging.recommendation, str(tagging.term))
        for tagging in Tagging.objects.current().order_by("recommendation", "pk")
    ]


@pytest.mark.database
def test_a_label_is_added_to_those_that_lack_it_with_one_line_of_the_trail(coordinator):
    first, second, term = make.recommendation(), make.recommendation(), make.term("Health")
    Tagging.objects.create(recommendation=first, term=term, scheme="uhri")
    batch = apply(Change("add-label", term=term.pk), coordinator)
    assert labels() == [(first, "Health"), (second, "Health")]
    assert (batch.state, batch.total) == ("applied", 1)
    assert Event.objects.filter(action="records-changed-in-bulk").count() == 1
    second.refresh_from_db()
    assert (second.version, second.history.first().history_user) == (2, coordinator)


@pytest.mark.database
def test_undoing_takes_the_labels_off_and_puts_those_of_the_source_back(coordinator):
    record, term = make.recommendation(), make.term("Health")
    Tagging.objects.create(recommendation=record, term=term, scheme="uhri")
    batch = apply(Change("remove-label", term=term.pk), coordinator)
    assert labels() == []
    assert undo(batch, coordinator) == 0
    assert labels() == [(record, "Health")]
    with pytest.raises(Refused, match="This change has already been undone."):
        bulk.undo_bulk(batch=batch, by=coordinator)


def test_labels_of_a_change_that_is_half_done_do_not_count(coordinator, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    records, term = [make.recommendation() for _number in range(3)], make.term("Health")
    change = Change("add-label", term=term.pk)
    batch = bulk.start_bulk(change=change, records=Recommendation.objects.kept(), by=coordinator)
    bulk.apply_some(batch, change, [records[0].pk])
    assert labels() == []
    bulk.apply_bulk(Batch.objects.get(pk=batch.pk))  # the worker that comes after a killed one
    assert len(labels()) == 3


def test_what_was_undone_while_it_ran_is_not_written_on(coordinator):
    make.recommendation()
    change = Change("unpublish")
    batch = bulk.start_bulk(change=change, records=Recommendation.objects.kept(), by=coordinator)
    running = Batch.objects.get(pk=batch.pk)
    undo(batch, coordinator)
    bulk.apply_bulk(running)
    assert Recommendation.objects.public().count() == 1


def test_publication_is_undone_except_where_somebody_changed_it_again(coordinator):
    record, two = make.recommendation(is_published=False), make.recommendation(is_published=False)
    batch = apply(Change("publish"), coordinator)
    assert Recommendation.objects.public().count() == 2
    editing.unpublish_recommendation(recommendation=two, by=coordinator)
    assert undo(batch, coordinator) == 1
    assert not Recommendation.objects.public().exists()
    record.refresh_from_db()
    assert record.version == 3
    assert not FieldChange.objects.exists()


def test_internal_records_are_not_published_in_bulk(coordinator):
    make.recommendation(is_published=False, confidentiality="internal")
    with pytest.raises(Refused, match="would not change"):
        apply(Change("publish"), coordinator)


def test_restricting_names_institutions_and_undoing_names_those_before(coordinator):
    moj, mfa, record = make.institution("moj"), make.institution("mfa"), make.recommendation()
    record.restricted_to.add(mfa)
    batch = apply(Change("set-confidentiality", confidentiality="restricted", institutions=[moj.pk]), coordinator)
    record.refresh_from_db()
    assert (record.confidentiality, list(record.restricted_to.all())) == ("restricted", [moj])
    undo(batch, coordinator)
    record.refresh_from_db()
    assert (record.confidentiality, list(record.restricted_to.all())) == ("public", [mfa])


def test_a_position_in_bulk_moves_where_each_record_stands_and_back(coordinator):
    record = make.recommendation(stand="pending")
    Position.objects.create(recommendation=record, stand="pending")
    batch = apply(Change("add-position", stand="supported", date="2025-06-01"), coordinator)
    record.refresh_from_db()
    assert record.stand == "supported"
    undo(batch, coordinator)
    record.refresh_from_db()
    assert record.stand == "pending"


def test_the_deadline_is_set_where_it_differs(coordinator):
    make.recommendation(decide_by="2025-09-01")
    record = make.recommendation()
    batch = apply(Change("set-deadline", decide_by="2025-09-01"), coordinator)
    record.refresh_from_db()
    assert (batch.total, record.decide_by.isoformat()) == (1, "2025-09-01")


@pytest.mark.database
def test_the_preview_counts_what_would_change_and_shows_the_first_twenty(coordinator):
    for _number in range(25):
        make.recommendation(is_published=False)
    make.recommendation()
    change, records = Change("publish"), Recommendation.objects.kept()
    shown = bulk.first_differences(change, records)
    assert change.affected(records).count() == 25
    assert len(shown) == 20
    assert (shown[0]["old"], shown[0]["new"]) == ("not published", "published")
