"""Questions of a document: read, mended, added by its import, undone with it, and seen only by those who answer."""

import json

import docx
import pytest
from django.core.files import File

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing import question_links
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.sources.models import DocumentReading, Obligation, Question, ReadUnit
from servanda.sources.questions import services
from servanda.sources.questions.services import QuestionValues
from servanda.sources.units import editing as deeds
from servanda.sources.units.reading import read_into_units
from servanda.trail.models import Event
from tests import make, questions_make
from tests.once import built_once

pytestmark = pytest.mark.django_db

LIST = (
    "CEDAW/C/SVN/Q/7",
    "Distr.: General",
    "12 March 2026",
    "Committee on the Elimination of Discrimination against Women",
    "List of issues and questions in relation to the seventh periodic report of Slovenia",
    "1. The State party is requested to submit its replies in writing by 1 September 2026.",
    "Stereotypes (arts. 2 and 5)",
    "2. Please describe the measures taken against stereotypes. In particular, please provide:",
    "(a) Data on complaints, disaggregated by age;",
    "(b) The number of judgments.",
    "Article 6",
    "3. What is being done to identify victims of trafficking?",
    "4. The Committee may take up other matters during the dialogue.",
)


@built_once
def by():
    make.country()
    make.committee("CEDAW")
    return make.user(Role.COORDINATOR)


def sent(path, by) -> DocumentReading:
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    assert batch.shape == "document"
    read_into_units(batch)
    return DocumentReading.objects.get(batch=batch)


def applied(reading, by) -> Batch:
    deeds.confirm_units(reading=reading, numbering_is_right=True, by=by)
    batch = Batch.objects.get(pk=reading.batch_id)
    pipeline.preview_batch(batch)
    pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=True)
    batch.refresh_from_db()
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def issues(by, tmp_path) -> DocumentReading:
    document = docx.Document()
    for row in LIST:
        document.add_paragraph().add_run(row).bold = row.startswith(("Stereo", "Article"))
    document.save(str(tmp_path / "issues.docx"))
    return sent(tmp_path / "issues.docx", by)


@pytest.mark.database
def test_a_list_of_issues_becomes_questions_with_articles_and_the_reply_that_is_due(issues, by):
    assert (issues.family, issues.symbol, issues.country) == ("list-of-issues", "CEDAW/C/SVN/Q/7", "SVN")
    batch = applied(issues, by)
    found = {row.number: row for row in Question.objects.live().select_related("document")}
    assert {number: (row.articles, row.heading) for number, row in found.items()} == {
        "2": ("2, 5", "Stereotypes (arts. 2 and 5)"),
        "3": ("6", "Article 6"),
    }
    assert found["2"].text.endswith("age;\n(b) The number of judgments.")
    assert (found["3"].document.symbol, found["3"].confidentiality) == ("CEDAW/C/SVN/Q/7", "public")
    assert (found["3"].language, Recommendation.objects.count()) == ("en", 0)
    reply = Obligation.objects.get()
    assert (reply.kind, reply.due_on.isoformat()) == ("list-of-issues", "2026-09-01")
    assert json.loads(Event.objects.get(action="import-applied").difference)["questions"] == 2
    pipeline.undo_batch(batch=batch, by=by)
    assert not Question.objects.exists()


def test_the_same_document_again_adds_no_question_twice(issues, by, tmp_path):
    applied(issues, by)
    again = sent(tmp_path / "issues.docx", by)
    applied(again, by)
    assert Question.objects.live().count() == 2


@pytest.mark.parametrize("use", ["edited", "linked"])
def test_an_import_whose_questions_are_in_use_is_not_undone(issues, by, use):
    batch = applied(issues, by)
    question = Question.objects.get(number="3")
    if use == "edited":
        services.name_institutions(question=question, institutions=[make.institution()], by=by)
    else:
        record = make.recommendation()
        question_links.set_question_links(question=question, recommendations=[record], by=by)
    with pytest.raises(Refused, match="edited after the import" if use == "edited" else "are in use"):
        pipeline.undo_batch(batch=batch, by=by)
    assert Question.objects.live().count() == 2


def test_a_document_with_questions_needs_a_symbol_or_a_title(issues, by):
    DocumentReading.objects.filter(pk=issues.pk).update(symbol="", title="", body="CEDAW")
    issues.refresh_from_db()
    with pytest.raises(Refused, match="Enter the document symbol or the title"):
        deeds.confirm_units(reading=issues, numbering_is_right=True, by=by)


def test_a_question_is_mended_before_the_import(issues, by):
    unit = ReadUnit.objects.get(number="3")
    names = ("number", "lead", "kind", "is_follow_up", "is_dissemination", "deadline_day", "due", "version")
    kept = {name: getattr(unit, name) for name in names}
    deeds.edit_unit(unit=unit, text="What is done?", articles=" 6, 11 ", asked_by="", by=by, **kept)
    applied(issues, by)
    question = Question.objects.get(number="3")
    assert (question.text, question.articles) == ("What is done?", "6, 11")


def test_the_advance_questions_of_the_review_of_2025_are_read_with_the_states_that_ask(by, shared_data):
    path = shared_data / "documents" / "slovenia_upr" / "c4_UPR-wg48-Advance-Questions-Slovenia.docx"
    for code, name in [("BEL", "Belgium"), ("CRI", "Costa Rica"), ("DEU", "Germany"), ("LIE", "Liechtenstein")]:
        make.country(code, name)
    for code, name in [("PRT", "Portugal"), ("ESP", "Spain"), ("USA", "United States of America")]:
        make.country(code, name)
    make.country("GBR", "United Kingdom of Great Britain and Northern Ireland")
    make.body()
    reading = sent(path, by)
    assert (reading.family, reading.country, str(reading.date)) == ("advance-questions", "SVN", "2025-01-22")
    applied(reading, by)
    questions = Question.objects.live().select_related("asked_by", "document")
    by_state: dict[str, list[str]] = {}
    for question in questions:
        by_state.setdefault(question.asked_by.code, []).append(question.number)
    assert {state: len(numbers) for state, numbers in by_state.items()} == {
        "BEL": 5, "CRI": 1, "DEU": 2, "LIE": 1, "PRT": 2, "ESP": 3, "GBR": 5, "USA": 3,
    }  # fmt: skip
    assert by_state["GBR"] == ["1", "2", "3", "4", "5"]
    first = questions[0]
    assert first.text.startswith("Is the government of Slovenia considering ratifying the Optional Protocol")
    assert (first.label, first.document.symbol) == ("Belgium 1", "ADVANCE QUESTIONS TO SLOVENIA, 2025-01-22")


def test_only_the_institutions_named_see_a_question(by):
    ministry, other = make.institution("moj"), make.institution("moh")
    question = questions_make.question("What is done?", ministry)
    questions_make.question("For others?", other)
    people = {role: make.user(role, institution=ministry) for role in (Role.FOCAL_POINT, Role.AUTHORITY, Role.READER)}
    for person in people.values():
        assert list(Question.objects.visible_to(person)) == [question]
    assert Question.objects.visible_to(by).count() == 2
    assert not Question.objects.visible_to(make.user(Role.CONTRIBUTOR)).exists()
    assert not Question.objects.visible_to(make.user(Role.PUBLIC)).exists()


def values(question: Question, **changed) -> QuestionValues:
    names = ("number", "text", "articles", "heading", "asked_by", "confidentiality")
    return QuestionValues(**{name: getattr(question, name) for name in names} | changed)


def test_the_second_of_two_editors_is_told(by):
    question = questions_make.question()
    first = values(question, text="Which measures were taken?")
    services.edit_question(question=question, values=first, institutions=[], seen=1, by=by)
    with pytest.raises(ChangedMeanwhile):
        services.edit_question(question=question, values=values(question), institutions=[], seen=1, by=by)
    question.refresh_from_db()
    assert (question.text, question.version) == ("Which measures were taken?", 2)


def test_a_focal_point_changes_no_question():
    ministry = make.institution()
    question = questions_make.question("What is done?", ministry)
    person = make.user(Role.FOCAL_POINT, institution=ministry)
    with pytest.raises(Refused, match="do not have permission"):
        services.edit_question(question=question, values=values(question), institutions=[], seen=1, by=person)
