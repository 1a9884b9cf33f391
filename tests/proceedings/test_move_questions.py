"""The migrations that move questions of letters and dialogues to `sources`, and the way back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from servanda.people.access import Role
from servanda.sources.models import Question
from servanda.sources.questions.queries import documents_with_questions
from tests import make, proceedings_make, questions_make

BEFORE = [("proceedings", "0003_retention"), ("sources", "0009_past_deadlines")]


def migrated(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_questions_move_with_their_institutions_once_and_back():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    coordinator, place = make.user(Role.COORDINATOR), make.institution("moj")
    letter, gone = (proceedings_make.proceeding(coordinator) for _number in range(2))
    read, other = proceedings_make.letter_reading(coordinator), questions_make.question("Of a list of issues?")
    imported = questions_make.question("Where is she?", make.institution("moi"), added_by=read.batch)
    type(read.batch).objects.filter(pk=read.batch.pk).update(state="applied")
    try:
        old = migrated(BEFORE)
        proceedings = old.get_model("proceedings", "Proceeding").objects
        proceedings.filter(pk=letter.pk).update(reading=read.pk)
        proceedings.filter(pk=gone.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Twice.")
        rows = old.get_model("proceedings", "Question").objects
        first = rows.create(proceeding_id=letter.pk, number=1, text="Where is she?", language="en")
        first.institutions.add(place.pk)
        due = timezone.now()
        rows.create(proceeding_id=letter.pk, number=3, text="Why?", origin="room", due_at=due, answer="Because.")
        rows.create(proceeding_id=gone.pk, number=1, text="Withdrawn?")
        migrated(latest)
        moved = list(letter.questions.order_by("question__place"))
        assert [(row.number, row.text, row.language) for row in moved] == [
            (1, "Where is she?", "en"),
            (3, "Why?", ""),
        ]
        assert moved[0].question_id == imported.pk
        assert sorted(moved[0].institutions.values_list("code", flat=True)) == ["moi", "moj"]
        assert (moved[1].origin, moved[1].due_at, moved[1].answer) == ("room", due, "Because.")
        assert {row.question.reference for row in moved} == {f"{letter.reference}, 1", f"{letter.reference}, 3"}
        assert all(row.question.is_of_proceeding and row.question.is_restricted for row in moved)
        assert gone.questions.get().question.withdrawn_at is not None
        assert [document.pk for document in documents_with_questions(coordinator)] == [other.document_id]
        back = migrated(BEFORE).get_model("proceedings", "Question").objects.order_by("proceeding", "number")
        assert [(row.number, row.text, row.answer) for row in back] == [
            (1, "Where is she?", ""),
            (3, "Why?", "Because."),
            (1, "Withdrawn?", ""),
        ]
        assert set(back[0].institutions.values_list("code", flat=True)) == {"moi", "moj"}
        back.all().delete()
    finally:
        migrated(latest)
    assert list(Question.objects.all()) == [other]
