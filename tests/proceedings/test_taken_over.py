"""What was read is used: advance questions go into a dialogue once, a letter to its communication, both with undo."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.proceedings.contents.questions import MOST_OF_DIALOGUE, QuestionValues, set_questions
from servanda.proceedings.dialogues import advance
from servanda.proceedings.models import Proceeding, ProceedingQuestion
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Document, DocumentReading, Question
from servanda.sources.units.questions import why_not_undone
from tests import make, questions_make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@pytest.fixture
def dialogue(coordinator, place) -> Proceeding:
    return made.dialogue(coordinator, place, bodies=[make.body("UPR")], sort="review")


def asked(by, *texts: str, family: str = "advance-questions", state: str = "applied", **fields) -> Document:
    """A document of that family with these questions, imported."""
    batch = Batch.objects.create(shape="document", name="questions.pdf", created_by=by, sha256="5" * 64, state=state)
    DocumentReading.objects.create(batch=batch, family=family)
    fields = {"body": make.body("UPR"), "title": "Advance questions"} | fields
    document = questions_make.document(**fields)
    for text in texts:
        questions_make.question(text, document=document, added_by=batch, confidentiality="public")
    return document


def take(dialogue: Proceeding, document: Document) -> str:
    return reverse("desk:take_advance_questions", args=[dialogue.key, document.pk])


def undo(dialogue: Proceeding, document: Document) -> str:
    return reverse("desk:undo_advance_questions", args=[dialogue.key, document.pk])


def texts(dialogue: Proceeding) -> list[str]:
    return [row.text for row in dialogue.questions.all()]


@pytest.mark.database
def test_one_press_takes_the_questions_over_and_a_second_one_nothing_twice(client, coordinator, dialogue):
    made.question(dialogue, 4, "Anticipated?", origin="anticipated")
    document = asked(coordinator, "What is done?", "Since when?")
    page = client.get(dialogue.get_absolute_url()).content.decode()
    assert "Copy 2 questions" in page
    page = client.post(take(dialogue, document), follow=True).content.decode()
    assert ("2 questions copied." in page, undo(dialogue, document) in page) == (True, True)
    client.post(take(dialogue, document))
    rows = list(dialogue.questions.values_list("question__place", "origin"))
    assert (texts(dialogue), rows[1:]) == (
        ["Anticipated?", "What is done?", "Since when?"],
        [(5, "advance"), (6, "advance")],
    )
    assert Question.objects.listed().filter(document=document).count() == 2  # the document keeps its own
    assert not Question.objects.filter(is_of_proceeding=True).exclude(confidentiality="restricted").exists()


def test_a_question_that_the_document_has_since_is_taken_over_alone(client, coordinator, dialogue):
    document = asked(coordinator, "What is done?")
    client.post(take(dialogue, document))
    batch = Question.objects.get(document=document).added_by
    questions_make.question("By whom?", document=document, added_by=batch)
    client.post(take(dialogue, document))
    assert texts(dialogue) == ["What is done?", "By whom?"]


@pytest.mark.database
def test_it_is_undone_as_long_as_nothing_was_written(client, coordinator, dialogue):
    document = asked(coordinator, "What is done?")
    client.post(take(dialogue, document))
    assert "Remove 1 question that was copied" in client.get(dialogue.get_absolute_url()).content.decode()
    ProceedingQuestion.objects.update(answer="Much.")
    page = client.post(undo(dialogue, document), follow=True).content.decode()
    assert ("was changed or answered since" in page, texts(dialogue)) == (True, ["What is done?"])
    ProceedingQuestion.objects.update(answer="")
    client.post(undo(dialogue, document))
    assert (texts(dialogue), Question.objects.count()) == ([], 1)


def change_origin(dialogue: Proceeding, row: ProceedingQuestion, by) -> None:
    values = QuestionValues(row.number, row.text, row.question.language, origin="room")
    set_questions(proceeding=dialogue, questions=[values], seen=made.fresh(dialogue).version, by=by)


def name_institution(dialogue: Proceeding, row: ProceedingQuestion, _by) -> None:
    row.question.institutions.add(dialogue.named.get().institution)


def link_record(_dialogue: Proceeding, row: ProceedingQuestion, by) -> None:
    RecordQuestion.objects.create(question=row.question, recommendation=make.recommendation(), linked_by=by)


@pytest.mark.parametrize("work_on", [change_origin, name_institution, link_record])
def test_it_is_not_undone_once_it_was_worked_on(coordinator, dialogue, work_on):
    document = asked(coordinator, "What is done?")
    advance.take_advance_questions(proceeding=dialogue, document=document, by=coordinator)
    work_on(dialogue, dialogue.questions.get(), coordinator)
    with pytest.raises(Refused, match="was changed or answered since"):
        advance.undo_advance_questions(proceeding=made.fresh(dialogue), document=document, by=coordinator)
    assert texts(dialogue) == ["What is done?"]


def test_no_deadline_stays_behind_when_questions_are_removed(coordinator, dialogue):
    document = asked(coordinator, "What is done?")
    advance.take_advance_questions(proceeding=dialogue, document=document, by=coordinator)
    due = timezone.localdate() + timedelta(days=2)
    Proceeding.objects.filter(pk=dialogue.pk).update(due_on=due, due_from=Proceeding.DueFrom.MANUAL)
    advance.undo_advance_questions(proceeding=made.fresh(dialogue), document=document, by=coordinator)
    assert made.fresh(dialogue).due_on is None


def test_the_import_of_questions_that_were_taken_over_is_not_undone(coordinator, dialogue):
    document = asked(coordinator, "What is done?")
    batch = Question.objects.get(document=document).added_by
    assert why_not_undone(batch) == ""
    advance.take_advance_questions(proceeding=dialogue, document=document, by=coordinator)
    assert "are in use" in why_not_undone(batch)


@pytest.mark.database
def test_only_institutions_of_the_dialogue_are_named_on_the_copy(client, coordinator, dialogue, place):
    document = asked(coordinator, "What is done?")
    Question.objects.get(document=document).institutions.set([place, make.institution("moh")])
    client.post(take(dialogue, document))
    assert [row.code for row in dialogue.questions.get().institutions.all()] == ["moj"]


def test_other_documents_other_bodies_and_imports_that_are_not_applied_are_not_offered(client, coordinator, dialogue):
    others = [
        asked(coordinator, "Listed?", family="list-of-issues"),
        asked(coordinator, "Elsewhere?", body=make.committee("CEDAW")),
        asked(coordinator, "Discarded?", state="undone"),
    ]
    assert list(advance.documents_offered(dialogue)) == []
    assert [client.post(take(dialogue, document)).status_code for document in others] == [404] * 3


def test_a_dialogue_that_would_be_too_long_is_left_as_it_is(coordinator, dialogue):
    document = asked(coordinator, *(f"Question {number}?" for number in range(MOST_OF_DIALOGUE + 1)))
    with pytest.raises(Refused, match="at most 200 questions"):
        advance.take_advance_questions(proceeding=dialogue, document=document, by=coordinator)
    assert texts(dialogue) == []


def letter(by, symbol: str = "AL SVN 1/2026") -> DocumentReading:
    reading = made.letter_reading(by)
    reading.symbol = symbol
    reading.save()
    reading.batch.file.save("letter.csv", ContentFile(b"a,b\n1,2\n"))
    reading.batch.name = "letter.csv"
    reading.batch.save()
    return reading


def units_page(client, reading: DocumentReading) -> str:
    return client.get(reverse("desk:document_units", args=[reading.batch.key])).content.decode()


@pytest.mark.database
def test_a_letter_is_offered_to_the_communication_of_its_reference_and_attached_once(client, coordinator):
    communication, reading = made.proceeding(coordinator, reference="AL SVN 1/2026"), letter(coordinator)
    attach = reverse("desk:attach_letter", args=[reading.batch.key])
    page = units_page(client, reading)
    assert (attach in page, "There is a communication with this reference" in page) == (True, True)
    page = client.post(attach, follow=True).content.decode()
    assert ("Letter attached." in page, "letter.csv" in page) == (True, True)
    assert (made.fresh(communication).reading, communication.files.get().kind) == (reading, "letter")
    assert client.post(attach).status_code == 404  # it has its document
    assert communication.files.count() == 1
    client.post(reverse("desk:detach_letter", args=[communication.key]))
    assert made.fresh(communication).reading is None
    assert not communication.files.filter(withdrawn_at=None).exists()
    assert attach in units_page(client, reading)


def test_a_letter_whose_name_was_tidied_is_detached_too(client, coordinator):
    communication, reading = made.proceeding(coordinator, reference="AL SVN 1/2026"), letter(coordinator)
    Batch.objects.filter(pk=reading.batch_id).update(name="a  letter: of March.csv")
    client.post(reverse("desk:attach_letter", args=[reading.batch.key]))
    client.post(reverse("desk:detach_letter", args=[communication.key]))
    assert communication.files.count() == 1
    assert not communication.files.filter(withdrawn_at=None).exists()


@pytest.mark.database
def test_a_letter_of_another_reference_is_not_offered(client, coordinator):
    made.proceeding(coordinator, reference="AL SVN 2/2026")
    reading = letter(coordinator)
    attach = reverse("desk:attach_letter", args=[reading.batch.key])
    assert attach not in units_page(client, reading)
    assert client.post(attach).status_code == 404


def test_a_letter_whose_file_is_gone_says_so(client, coordinator):
    made.proceeding(coordinator, reference="AL SVN 1/2026")
    reading = letter(coordinator)
    reading.batch.file.delete()
    answer = client.post(reverse("desk:attach_letter", args=[reading.batch.key]), follow=True)
    assert "The file of this letter no longer exists" in answer.content.decode()


def test_what_is_created_from_a_letter_has_its_file(client, coordinator):
    make.body("SR Torture", "special-procedure")
    reading = letter(coordinator)
    url = reverse("desk:create_from_document", args=[reading.batch.key])
    page = client.get(url)
    form, rows = page.context["form"], page.context["rows"]
    values = {field.html_name: field.value() for field in form}
    values |= {field.html_name: field.value() for row in [rows.management_form, *rows] for field in row}
    values |= {"received_on": made.RECEIVED.isoformat()}
    answer = client.post(url, {name: value for name, value in values.items() if value not in (None, "")})
    assert answer.status_code == 302
    assert Proceeding.objects.get().files.get().name == "letter.csv"
