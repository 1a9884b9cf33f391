"""Internal notes: written and withdrawn by those who may, read in no other way by anyone else."""

import json

import pytest

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import ROLES, Can, Role
from servanda.recommendations.editing import notes
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Note, Recommendation
from servanda.recommendations.pages.history import history
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

WORD = "zorbatrix"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR, name="Ana Primer")


def written(by, record: Recommendation | None = None) -> Note:
    return notes.add_note(recommendation=record or make.recommendation(), text=f"Ask about {WORD}.", by=by)


def told(record: Recommendation, to) -> str:
    return repr(history(record, [Recommendation.objects.all()], to=to))


@pytest.mark.parametrize("role", [None, *Role.values])
def test_a_note_is_read_by_those_who_may_read_notes(coordinator, role):
    note = written(coordinator)
    person = make.user(role) if role else None
    found = list(Note.objects.visible_to(person))
    assert found == ([note] if role and Can.READ_NOTES in ROLES[role] else [])


def test_a_note_on_a_record_that_one_does_not_see_is_not_there(coordinator):
    note = written(coordinator)
    Recommendation.objects.update(added_by=Batch.objects.create(state="undone", sha256="0"))
    assert note not in Note.objects.visible_to(coordinator)


def test_a_note_leaves_the_record_as_it_is(coordinator):
    record = make.recommendation()
    before = Recommendation.objects.values().get()
    written(coordinator, record)
    assert Recommendation.objects.values().get() == before
    assert record.history.count() == 1


def test_the_trail_knows_of_a_note_and_names_its_text_only_in_the_erasable_difference(coordinator):
    note = written(coordinator)
    notes.withdraw_note(note=note, by=coordinator)
    notes.restore_note(note=note, by=coordinator)
    events = Event.objects.order_by("sequence")
    assert [event.action for event in events] == ["note-added", "note-withdrawn", "note-restored"]
    for event in events:
        assert event.object_label == note.recommendation.code
        assert WORD not in sentence(event)
    assert json.loads(events[0].difference) == {"note": ["", f"Ask about {WORD}."]}


def test_the_history_tells_of_notes_only_to_those_who_may_read_them(coordinator):
    note = written(coordinator)
    notes.withdraw_note(note=note, by=coordinator)
    record = note.recommendation
    assert told(record, coordinator).count(WORD) == 2
    for role in (Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.CONTRIBUTOR):
        assert told(record, make.user(role)) == "[]"


def test_an_erased_note_is_told_to_nobody_else_either(coordinator):
    record = written(coordinator).recommendation
    Event.objects.update(difference="", salt="")
    assert "Ana Primer added an internal note" in told(record, coordinator)
    assert told(record, make.user(Role.READER)) == "[]"


def test_a_note_is_withdrawn_by_its_author_or_a_coordinator(coordinator):
    author = make.user(Role.AUDITOR)
    note = Note.objects.create(recommendation=make.recommendation(), author=author, text="Mine.")
    with pytest.raises(Refused, match="Only the author"):
        notes.withdraw_note(note=note, by=make.user(Role.AUDITOR))
    notes.withdraw_note(note=note, by=author)
    with pytest.raises(Refused, match="This note has already been withdrawn."):
        notes.withdraw_note(note=note, by=coordinator)
    assert list(Note.objects.standing()) == []
    assert Note.objects.get().withdrawn_at
    notes.restore_note(note=note, by=coordinator)
    assert list(Note.objects.standing()) == [note]
    with pytest.raises(Refused, match="not withdrawn"):
        notes.restore_note(note=note, by=coordinator)


def test_an_empty_note_is_refused(coordinator):
    with pytest.raises(Refused, match="no readable text"):
        notes.add_note(recommendation=make.recommendation(), text=" \0 ", by=coordinator)
    assert not Event.objects.exists()


def test_an_import_that_somebody_wrote_a_note_on_cannot_be_undone(coordinator):
    batch = Batch.objects.create(name="list.docx", state="applied", sha256="0")
    record = make.recommendation(added_by=batch)
    Recommendation.history.all().delete()  # as an import leaves it
    record.texts.update(added_by=batch)
    written(coordinator, record)
    with pytest.raises(Refused, match="has an internal note, so the import can no longer be"):
        pipeline.undo_batch(batch=batch, by=coordinator)
    assert Note.objects.count() == 1
