"""Rounds on questions put to the State: who is asked, who answers, and who reads the answer."""

import io
from datetime import timedelta

import docx
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.progress.models import Evidence, InputItem, Update
from servanda.progress.rounds.answer_sheet import blocks
from servanda.progress.rounds.answer_sheet_writing import WRITERS
from servanda.progress.rounds.plans import QuestionRecipients, plan_questions
from servanda.progress.rounds.reminder_letters import letter
from servanda.progress.rounds.reminder_plan import plan_reminders
from servanda.progress.rounds.services import add_institutions, ask_questions
from servanda.progress.rounds.status import AnswerStatus, course_of
from servanda.progress.updates import linking, queries
from servanda.progress.updates import services as updating
from servanda.progress.updates.letters import enter_on_behalf
from servanda.recommendations.editing.question_links import set_question_links
from servanda.sources.models import Question
from servanda.sources.units.questions import why_not_undone
from tests import make, progress_make, questions_make
from tests.once import built_once
from tests.progress.rounds.test_answer_sheets import row_of, saved, sent
from tests.progress_make import LETTER, SAID
from tests.rounds_make import workbook

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LATER = timedelta(days=30)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def justice():
    return make.institution("moj")


@built_once
def focal_point(justice):
    return make.user(Role.FOCAL_POINT, justice)


@built_once
def question(justice):
    return questions_make.question("What is done against trafficking?", justice, number="7")


def opened(by, questions=None, whom=QuestionRecipients.NAMED, institutions=()):
    about = Question.objects.all() if questions is None else questions
    words = {"title": "List of issues", "question": "Answer briefly.", "due_on": TODAY() + LATER}
    return ask_questions(**words, questions=about, whom=whom, institutions=institutions, by=by)


def planned(by, whom, institutions=()):
    rows = Question.objects.all()
    return plan_questions(questions=rows, whom=whom, institutions=institutions, by=by, on=TODAY())


def started(item: InputItem, by) -> Update:
    place, about = item.request.institution, {"recommendations": [], "request": item.request}
    return updating.start_update(institution=place, question=item.question, **about, by=by)


def answered(draft: Update, by, text: str = "A law was passed.") -> Update:
    given = SAID | {"text": text, "recommendations": [], "actions": []}
    updating.save_update(update=draft, seen=draft.version, **given, by=by)
    return updating.submit_update(update=draft, by=by)


@built_once
def item(coordinator, question, focal_point):
    opened(coordinator)
    return InputItem.objects.get()


@pytest.mark.database
def test_an_item_is_on_a_record_or_on_a_question_and_never_on_both(item):
    record = make.recommendation()
    for about in ({"recommendation": record, "question": item.question}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InputItem.objects.create(request=item.request, **about)


def test_the_institutions_named_are_asked_and_their_focal_points_notified(item, focal_point, question, justice):
    assert (item.question, item.request.institution, item.recommendation) == (question, justice, None)
    assert [note.person for note in Notification.objects.filter(kind="input-asked")] == [focal_point]
    assert (item.request.round.asks_questions, item.reference) == (True, question.reference)


def test_where_none_is_named_the_suggested_ones_are_asked_and_named(coordinator, justice):
    health, record = make.institution("moh"), make.recommendation()
    make.assignment(record, health)
    named, unnamed = questions_make.question("First?", justice), questions_make.question("Second?")
    for row in (named, unnamed):
        set_question_links(question=row, recommendations=[record], by=coordinator)
    assert planned(coordinator, QuestionRecipients.NAMED).by_institution == {justice.pk: [named.pk]}
    assert planned(coordinator, QuestionRecipients.NAMED).without == 1
    opened(coordinator, whom=QuestionRecipients.SUGGESTED)
    pairs = InputItem.objects.values_list("request__institution__code", "question")
    assert set(pairs) == {("moj", named.pk), ("moh", unnamed.pk)}
    assert list(unnamed.institutions.all()) == [health]


def test_a_restricted_question_is_put_only_to_institutions_that_it_names(coordinator, justice):
    other = make.institution("moh")
    closed = questions_make.question("Secret?", justice, confidentiality="restricted")
    plan = planned(coordinator, QuestionRecipients.CHOSEN, [justice, other])
    assert (plan.by_institution, plan.unreadable) == ({justice.pk: [closed.pk]}, {other.pk: 1})
    opened(coordinator, whom=QuestionRecipients.CHOSEN, institutions=[justice, other])
    assert list(closed.institutions.all()) == [justice]


def test_a_closed_institution_is_asked_through_its_successor_which_then_sees_the_question(coordinator):
    yesterday, heir = TODAY() - timedelta(days=1), make.institution("heir")
    closed = make.institution("closed", active_to=yesterday)
    closed.successions.create(successor=heir, on=yesterday)
    question = questions_make.question("First?", closed)
    opened(coordinator)
    assert InputItem.objects.get().request.institution == heir
    assert heir in question.institutions.all()


def test_nothing_is_opened_where_no_institution_would_be_asked(coordinator):
    questions_make.question("First?")
    with pytest.raises(Refused, match="No institution would receive a request"):
        opened(coordinator)
    assert not InputItem.objects.exists()


def test_a_further_institution_is_asked_the_same_questions_and_named(item, coordinator):
    health = make.institution("moh")
    add_institutions(round=item.request.round, institutions=[health], due_on=TODAY() + LATER, by=coordinator)
    assert InputItem.objects.filter(request__institution=health).get().question == item.question
    assert health in item.question.institutions.all()


def test_an_answer_goes_from_the_focal_point_over_the_authority_to_the_question(
    item, focal_point, coordinator, justice
):
    authority = make.user(Role.AUTHORITY, item.request.institution)
    answer = answered(started(item, focal_point), focal_point)
    item.refresh_from_db()
    assert (item.answered_at is not None, answer.state, answer.request) == (True, "submitted", item.request)
    updating.return_update(update=answer, reason="Figures are missing.", by=authority)
    item.refresh_from_db()
    assert item.answered_at is None
    answer.refresh_from_db()
    answer = answered(answer, focal_point, "A law was passed in 2025.")
    updating.validate_update(update=answer, by=authority)
    updating.publish_update(update=answer, by=coordinator)
    [shown] = queries.answers_to([item.question], coordinator)[item.question_id]
    assert (shown.text, shown.state) == ("A law was passed in 2025.", "published")


def test_others_named_at_the_question_read_the_answer_once_it_is_published(item, focal_point, justice):
    health = make.institution("moh")
    item.question.institutions.add(health)
    beside, outside = make.user(Role.FOCAL_POINT, health), make.user(Role.FOCAL_POINT, make.institution("mfa"))
    answer = answered(started(item, focal_point), focal_point)
    people = (focal_point, beside, outside)

    def readers():
        return [Update.objects.visible_to(person).filter(pk=answer.pk).exists() for person in people]

    assert readers() == [True, False, False]
    Update.objects.filter(pk=answer.pk).update(state="published", published_at=timezone.now())
    assert readers() == [True, True, False]
    assert not Update.objects.public().exists()
    assert not Update.objects.visible_to(make.user(Role.READER, make.institution("mop"))).exists()


def test_an_appointment_for_other_bodies_neither_reads_nor_writes_the_answer(item, focal_point, justice):
    narrow = make.user(Role.READER)
    make.appointment(narrow, justice, bodies="CRC")
    draft = started(item, focal_point)
    progress_make.evidence(draft, focal_point)
    assert not Update.objects.visible_to(narrow).exists()
    assert not Update.objects.of_own(narrow).exists()
    assert not Evidence.objects.visible_to(narrow).exists()
    with pytest.raises(Refused, match="Only people appointed"):
        started(item, narrow)


def test_an_institution_that_the_question_does_not_name_cannot_answer_it(item):
    other = make.institution("moh")
    with pytest.raises(Refused, match="not named"):
        updating.start_update(
            institution=other, question=item.question, recommendations=[], by=make.user(Role.FOCAL_POINT, other)
        )


def test_an_answer_is_shown_on_no_record(item, focal_point, coordinator):
    draft, record = started(item, focal_point), make.recommendation()
    make.assignment(record, item.request.institution)
    with pytest.raises(Refused, match="answer to a question"):
        updating.save_update(
            update=draft, seen=draft.version, **SAID, recommendations=[record], actions=[], by=focal_point
        )
    Update.objects.filter(pk=draft.pk).update(state="published", published_at=timezone.now())
    with pytest.raises(Refused, match="answer to a question"):
        linking.link_update(update=draft, recommendations=[record], by=coordinator)


def test_an_empty_answer_is_not_submitted(item, focal_point):
    with pytest.raises(Refused, match="Enter the answer"):
        updating.submit_update(update=started(item, focal_point), by=focal_point)


def test_a_question_that_names_the_institution_no_more_is_owed_no_more(item, focal_point, coordinator):
    assert InputItem.objects.owed().exists()
    item.question.institutions.clear()
    assert not InputItem.objects.owed().exists()
    assert not InputItem.objects.readable_by(focal_point).exists()
    assert course_of(item.request.round, on=TODAY()).total == 0


def test_who_has_not_answered_is_reminded_without_a_word_of_the_question(item, focal_point):
    due = item.request.due_on
    [to] = [row for row in plan_reminders(on=due) if row.person == focal_point]
    assert (to.is_due, to.requests[0].owed) == (True, 1)
    subject, text = letter(to, instance="Servanda", on=due)
    assert "trafficking" not in subject + text
    line = course_of(item.request.round, on=due + timedelta(days=2)).lines[0]
    assert (line.standing, line.days_late) == (AnswerStatus.LATE, 2)


def test_a_reminder_of_questions_reaches_the_appointment_for_the_body_only(item, justice):
    narrow = make.user(Role.READER)
    make.appointment(narrow, justice, bodies="CRC")
    assert narrow not in [row.person for row in plan_reminders(on=item.request.due_on)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_word_sheet_asks_the_question_verbatim_and_comes_back_as_a_draft(item, focal_point, language):
    with translation.override(language):
        rows = blocks(item.request, to=focal_point, language=language)
        with WRITERS["docx"](item.request, rows) as file:
            document = docx.Document(io.BytesIO(file.read()))
    [table] = document.tables
    assert "What is done against trafficking?" in row_of(table, "record").cells[1].text
    assert item.reference in row_of(table, "code").cells[1].text
    assert not any("{obstacles}" in row.cells[0].text for row in table.rows)
    row_of(table, "text").cells[1].text = "A law was passed."
    sheet = sent(item.request, saved(document), focal_point, "answers.docx")
    [row] = sheet.batch.rows.all()
    assert (row.verdict, row.code, row.reason) == ("new", item.reference, "")


def test_a_spreadsheet_is_matched_by_reference_and_by_its_key_where_two_questions_have_one_number(
    item, focal_point, coordinator
):
    same = {"document": item.question.document, "number": "7", "place": 99}
    twin = questions_make.question("Which data exist?", item.request.institution, **same)
    second = InputItem.objects.create(request=item.request, question=twin)
    table = [["key", "code", "text"], [str(second.pk), twin.reference, "None yet."]]
    [row] = sent(item.request, workbook(table), focal_point).batch.rows.all()
    assert (row.verdict, f'"item": {second.pk}' in row.difference) == ("new", True)
    [row] = sent(item.request, workbook([["code", "text"], [twin.reference, "None."]]), focal_point).batch.rows.all()
    assert row.verdict == "refused"


def test_an_answer_received_by_letter_awaits_the_coordinator(item, coordinator):
    given = SAID | LETTER | {"institution": item.request.institution, "recommendations": []}
    entered = enter_on_behalf(**given, question=item.question, by=coordinator)
    item.refresh_from_db()
    assert (entered.state, entered.request, item.answered_at is not None) == ("validated", item.request, True)


def test_an_import_whose_questions_are_asked_is_not_undone(coordinator, justice):
    batch = Batch.objects.create(
        shape="document", name="q.pdf", created_by=coordinator, sha256="1" * 64, state="applied"
    )
    questions_make.question("First?", justice, added_by=batch)
    assert why_not_undone(batch) == ""
    opened(coordinator)
    assert "in use" in why_not_undone(batch)
