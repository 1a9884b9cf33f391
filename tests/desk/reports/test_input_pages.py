"""Pages where a section asks institutions, reads their answers, and reminds those that have not answered."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.progress.models import InputItem, InputRound, Reminder
from servanda.reporting.models import ReportSection
from tests import make, obligation_make, questions_make, reports_make
from tests.desk.reports.test_report_pages import address, text_of
from tests.reporting.inputs.test_inputs import answered, approved, requested

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def justice():
    return make.institution("moj")


@pytest.fixture
def focal_point(justice):
    return make.user(Role.FOCAL_POINT, justice)


@pytest.fixture
def section(coordinator) -> ReportSection:
    return reports_make.report(coordinator).sections.get(key="method")


def sent(client, section, justice, **fields):
    key = text_of(client.get(address(section, "request_input"))).partition('name="form_key" value="')[2][:36]
    given = {"words": "What was done for children?", "institutions": [justice.pk], "title": "Input"}
    given |= {"question": "Answer briefly.", "due_on": timezone.localdate() + timedelta(days=20), "form_key": key}
    return client.post(address(section, "request_input"), given | fields, follow=True)


def test_a_coordinator_asks_an_institution_in_words(client, coordinator, section, justice):
    assert "No questions yet" in text_of(client.get(address(section, "section_input")))
    page = text_of(sent(client, section, justice))
    assert "Request sent." in page
    assert "What was done for children?" in page
    assert "not answered" in page
    assert InputRound.objects.get().title == "Input"
    assert "0 of 1 answer" in text_of(client.get(section.report.get_absolute_url()))


def test_a_request_without_words_keeps_what_was_typed(client, coordinator, section, justice):
    page = text_of(sent(client, section, justice, words="", title="A title of its own"))
    assert "A title of its own" in page
    assert not InputRound.objects.exists()


@pytest.mark.database
def test_the_institution_reads_the_request_on_its_desk_and_answers(
    client, coordinator, section, justice, focal_point
):
    sent(client, section, justice)
    client.force_login(focal_point)
    page = text_of(client.get(reverse("desk:asked")))
    assert "What was done for children?" in page
    assert "Our report: Method" in page
    assert client.get(address(section, "section_input")).status_code == 404


def test_answers_are_offered_quoted_and_marked_once_they_change(client, coordinator, section, justice, focal_point):
    requested(section, coordinator, justice)
    answer = approved(answered(justice, by=focal_point))
    page = text_of(client.get(address(section)))
    assert "A law was passed." in page
    assert "Draft from the questions and answers" in page
    form = {"text": "", "seen": "1", "quote": f"answers:{answer.pk}"}
    assert "changed since it was quoted" not in text_of(client.post(address(section), form, follow=True))
    type(answer).objects.filter(pk=answer.pk).update(text="Two laws were passed.")
    assert "changed since it was quoted" in text_of(client.get(address(section)))


def test_the_draft_of_answers_is_added_on_the_page(client, coordinator, section, justice, focal_point):
    requested(section, coordinator, justice)
    approved(answered(justice, by=focal_point))
    client.post(address(section, "draft_section"), {"seen": "1", "answers": "1"})
    section.refresh_from_db()
    assert section.text == "**What was done for children?**\n\nA law was passed. [^1]"


def test_one_press_reminds_those_that_have_not_answered(client, coordinator, section, justice, focal_point):
    requested(section, coordinator, justice)
    page = text_of(client.get(section.report.get_absolute_url()))
    remind = reverse("desk:remind_of_input", args=[section.report.key])
    assert f'action="{remind}"' in page
    answer = client.post(remind, follow=True)
    assert "Reminder sent to 1 person." in text_of(answer)
    assert [reminder.person for reminder in Reminder.objects.all()] == [focal_point]
    again = text_of(client.post(remind, {"of_section": "method"}, follow=True))
    assert "Already e-mailed today" in again
    assert client.post(remind, {"of_section": "no-such"}).status_code == 404


def test_questions_of_a_document_are_chosen_and_requested(client, coordinator, section, justice):
    issues = questions_make.document("CEDAW/C/SVN/Q/7")
    first = questions_make.question("What is done against stereotypes?", justice, document=issues, number="1")
    second = questions_make.question("Which budget is there?", justice, document=issues, number="2")
    choose = address(section, "choose_questions")
    assert "CEDAW/C/SVN/Q/7" in text_of(client.get(choose))
    assert "Which budget is there?" in text_of(client.get(choose, {"document": issues.pk}))
    page = text_of(client.post(choose, {"document": issues.pk, "questions": [first.pk]}, follow=True))
    assert "What is done against stereotypes?" in page
    assert "Which budget" not in page
    assert f'name="chosen" value="{first.pk}"' in page
    assert second not in section.questions.all()
    assert not InputItem.objects.exists()


def test_the_document_of_the_obligation_is_chosen_first(client, coordinator, justice):
    issues = questions_make.document()
    questions_make.question("Which data exist?", justice, document=issues)
    questions_make.question("Of another document.", justice)
    due = obligation_make.obligation(body=issues.body, document=issues)
    section = reports_make.report(coordinator, obligation=due).sections.get(key="method")
    page = text_of(client.get(address(section, "choose_questions")))
    assert "Which data exist?" in page
    assert "Of another document." not in page


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "٣"])
def test_odd_documents_are_no_document(client, coordinator, section, value):
    assert client.get(address(section, "choose_questions"), {"document": value}).status_code == 200


def test_the_pages_of_a_section_with_answers_cost_few_queries(
    client, coordinator, section, justice, focal_point, django_assert_max_num_queries
):
    call_command("load_report_templates")
    requested(section, coordinator, justice, make.institution("moi"))
    answer = approved(answered(justice, by=focal_point))
    client.post(address(section), {"text": "", "seen": "1", "quote": f"answers:{answer.pk}"})
    pages = [address(section), address(section, "section_input"), section.report.get_absolute_url()]
    for page in pages:
        with django_assert_max_num_queries(20):
            assert client.get(page).status_code == 200


def test_a_question_goes_without_an_answer_for_a_reason_that_can_be_withdrawn(client, coordinator, section, justice):
    issues = questions_make.document("CEDAW/C/SVN/Q/7")
    question = questions_make.question("Which budget?", justice, document=issues, number="2", articles="13")
    choose = address(section, "choose_questions")
    client.post(choose, {"document": issues.pk, "questions": [question.pk]})
    page = text_of(client.get(address(section, "section_input")))
    assert "Blocks clearance" in page
    assert str(justice) in page
    leave = reverse("desk:leave_unanswered", args=[section.report.key, section.key, question.pk])
    assert "Enter a reason." in text_of(client.post(leave, {"reason": " "}, follow=True))
    page = text_of(client.post(leave, {"reason": "No data exist."}, follow=True))
    assert ("No data exist." in page, "Blocks clearance" in page) == (True, False)
    expect = reverse("desk:expect_answer", args=[section.report.key, section.key, question.pk])
    assert "Blocks clearance" in text_of(client.post(expect, follow=True))
    elsewhere = questions_make.question()
    assert client.post(leave.replace(f"/{question.pk}/", f"/{elsewhere.pk}/"), {"reason": "No."}).status_code == 404


def test_questions_of_another_body_are_taken_only_after_a_confirmation(client, coordinator, justice):
    issues = questions_make.document(body=make.committee("CRC"), symbol="CRC/C/SVN/Q/7")
    question = questions_make.question("Which schools?", justice, document=issues)
    due = obligation_make.obligation(body=make.committee("CEDAW"))
    section = reports_make.report(coordinator, obligation=due).sections.get(key="method")
    choose, sent = address(section, "choose_questions"), {"document": issues.pk, "questions": [question.pk]}
    sentence = f"The report is for: {due.body.name}. The questions are from: {issues.body.name}."
    assert sentence in text_of(client.get(choose, {"document": issues.pk}))
    answer = client.post(choose, sent)
    assert answer.status_code == 422
    assert text_of(answer).count(sentence) > 1
    assert not section.questions.exists()
    client.post(choose, sent | {"other_body": "on"})
    assert section.questions.get() == question
    client.post(choose, sent)  # it is in the section already
    assert section.questions.get() == question


def test_questions_of_the_body_of_the_report_need_no_confirmation(client, coordinator, justice):
    issues = questions_make.document()
    question = questions_make.question("Which data exist?", justice, document=issues)
    section = reports_make.report(coordinator, obligation=obligation_make.obligation()).sections.get(key="method")
    page = text_of(client.get(address(section, "choose_questions"), {"document": issues.pk}))
    assert "other_body" not in page
    client.post(address(section, "choose_questions"), {"document": issues.pk, "questions": [question.pk]})
    assert section.questions.get() == question
