"""Answers to questions are requested on the page of a document, written on the desk, and shown at the question."""

import csv
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.people.access import Role
from servanda.progress.models import InputItem, InputRound, Update
from servanda.progress.rounds.services import close_round
from tests import make, questions_make
from tests.progress_make import file

pytestmark = pytest.mark.django_db
SECRET = "Which persons are held at the border?"


@pytest.fixture
def issues():
    """Two questions for the ministry of justice, one for no one yet, one restricted to another ministry."""
    made = questions_make.document("CEDAW/C/SVN/Q/7", title="List of issues")
    justice = make.institution("moj")
    questions_make.question("What is done against stereotypes?", justice, document=made, number="1")
    questions_make.question("Which data on trafficking exist?", justice, document=made, number="2")
    questions_make.question("Which budget is there?", document=made, number="3")
    questions_make.question(SECRET, make.institution("moi"), document=made, number="4", confidentiality="restricted")
    return made


def page_of(client, issues, **query) -> str:
    return client.get(reverse("desk:document_questions", args=[issues.pk]), query).content.decode()


def ask(client, issues, *numbers: str, **fields):
    """From the page of the document to the round: choose, preview, open."""
    address = reverse("desk:ask_questions", args=[issues.pk])
    chosen = [issues.questions.get(number=number).pk for number in numbers]
    given = {"chosen": chosen, "title": "Issues", "question": "Answer.", "due_on": "2030-03-01", "whom": "named"}
    given |= fields
    preview = client.post(address, given | {"step": "preview"}).content.decode()
    count = re.search(r'name="count" value="(\d+)"', preview)
    return client.post(address, given | {"step": "apply", "count": count[1] if count else "0"})


def answer_of(client, institution: str = "moj") -> Update:
    """The focal point of the institution starts from the list of requests, writes and submits."""
    writer = make.signed_in(client, Role.FOCAL_POINT, institution=make.institution(institution))
    asked = html.fromstring(client.get(reverse("desk:asked")).content)
    form = next(form for form in asked.forms if "question" in form.fields)
    client.post(form.action, dict(form.fields))
    draft = Update.objects.get(written_by=writer)
    text = {"text": "A law was passed in 2025.", "seen": draft.version, "language": "en", "deed": "submit"}
    client.post(reverse("desk:save_update", args=[draft.pk]), text | {"files": [file()]})
    draft.refresh_from_db()
    return draft


def test_answers_to_selected_questions_are_requested_after_a_preview(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    form = client.get(reverse("desk:ask_questions", args=[issues.pk]), {"chosen": issues.questions.first().pk})
    assert ("1 question selected" in form.content.decode(), form.status_code) == (True, 200)
    opened = ask(client, issues, "1")
    assert opened.url == InputRound.objects.get().get_absolute_url()
    assert [item.question.number for item in InputItem.objects.all()] == ["1"]
    assert reverse("desk:document_questions", args=[issues.pk]) in client.get(opened.url).content.decode()


def test_without_a_selection_all_questions_of_the_list_are_asked(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:ask_questions", args=[issues.pk])
    assert "2 questions selected" in client.get(address, {"institution": "moj"}).content.decode()
    ask(client, issues, institution="moj")
    assert {item.question.number for item in InputItem.objects.all()} == {"1", "2"}


def test_a_selection_that_holds_nothing_leads_back_to_the_list(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    answer = client.get(reverse("desk:ask_questions", args=[issues.pk]), {"chosen": "x"})
    assert answer.url == reverse("desk:document_questions", args=[issues.pk])


def test_the_focal_point_reads_the_question_verbatim_and_answers_it(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "2")
    answer = answer_of(client)
    assert (answer.state, answer.question.number) == ("submitted", "2")
    assert InputItem.objects.get().answered_at is not None
    page = client.get(reverse("desk:update", args=[answer.pk])).content.decode()
    assert "Which data on trafficking exist?" in page
    assert "CEDAW/C/SVN/Q/7, 2" in page
    assert "CEDAW/C/SVN/Q/7, 2" in client.get(reverse("desk:updates")).content.decode()


def test_requests_on_questions_are_first_on_the_desk(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1")
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moj"))
    home = client.get(reverse("desk:home")).content.decode()
    assert "What is done against stereotypes?" in home
    assert f'name="question" value="{issues.questions.first().pk}"' in home


def test_an_answer_is_shown_at_its_question_to_others_once_it_is_published(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1", "2")
    answer = answer_of(client)
    assert "A law was passed" in page_of(client, issues)
    answer.question.institutions.add(make.institution("moh"))
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moh"))
    assert "A law was passed" not in page_of(client, issues)
    Update.objects.filter(pk=answer.pk).update(state="published", published_at=timezone.now())
    assert "A law was passed" in page_of(client, issues)


def test_the_coordinator_sees_who_has_not_answered(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1", title="Issues of March")
    assert "answer requested by 1 March 2030" in " ".join(page_of(client, issues).split())
    answer_of(client)
    make.signed_in(client, Role.COORDINATOR)
    assert "answer requested by" not in page_of(client, issues)


def test_an_institution_answers_a_question_that_names_it_without_a_round(client, issues):
    writer = make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moi"))
    page = page_of(client, issues)
    assert page.count("Write an answer") == 1
    question = issues.questions.get(number="4")
    sent = {"institution": make.institution("moi").pk, "question": question.pk}
    client.post(reverse("desk:start_update"), sent)
    assert Update.objects.get(written_by=writer).question == question
    assert "Write an answer" not in page_of(client, issues)


def test_a_restricted_question_is_closed_to_other_institutions(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, whom="chosen", institutions=[make.institution("moj").pk, make.institution("moh").pk])
    question = issues.questions.get(number="4")
    assert not InputItem.objects.filter(question=question).exists()
    for place in ("moj", "moh"):
        make.signed_in(client, Role.FOCAL_POINT, institution=make.institution(place))
        for address in ("asked", "home", "updates"):
            assert SECRET not in client.get(reverse(f"desk:{address}")).content.decode()
        start = reverse("desk:start_update")
        assert SECRET not in client.get(start, {"question": question.pk}).content.decode()
        sent = {"institution": make.institution(place).pk, "question": question.pk}
        assert client.post(start, sent).status_code == 422
    assert not Update.objects.exists()


def test_answers_are_in_the_file_of_the_questions(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1")
    answer_of(client)
    make.signed_in(client, Role.COORDINATOR)
    sent = client.get(reverse("desk:questions_export", args=[issues.pk, "csv"]))
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))
    assert rows[0]["answers"] == "moj (Awaiting validating authority): A law was passed in 2025."
    assert rows[1]["answers"] == ""


def test_a_late_answer_to_a_closed_round_is_still_accepted(client, issues):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1")
    close_round(round=InputRound.objects.get(), by=coordinator)
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moj"))
    assert page_of(client, issues).count("Write an answer") == 2


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT])
def test_the_number_of_queries_does_not_grow_with_the_answers(client, issues, role, django_assert_max_num_queries):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    justice = make.institution("moj")
    for number in range(30):
        questions_make.question(f"Question {number}?", justice, document=issues)
    ask(client, issues)
    assert coordinator.pk
    for item in InputItem.objects.all()[:20]:
        Update.objects.create(
            institution=justice, question=item.question, request=item.request, text="Yes.", state="submitted"
        )
    if role == Role.FOCAL_POINT:
        make.signed_in(client, role, institution=justice)
    for address in (reverse("desk:document_questions", args=[issues.pk]), reverse("desk:updates")):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


def entered_by_letter(client, question, institution, **fields):
    address = reverse("desk:enter_on_behalf")
    given = {"question": question.pk, "institution": institution.pk, "letter": "12/2026", "letter_date": "2026-01-12"}
    return client.post(address, given | {"text": "A law was passed in 2025.", "language": "en"} | fields)


def test_an_answer_that_came_on_paper_is_entered_for_the_institution_and_settles_what_was_asked(client, issues):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    ask(client, issues, "1")
    question, justice = issues.questions.get(number="1"), make.institution("moj")
    link = re.search(rf'href="([^"]*on-behalf[^"]*question={question.pk}&[^"]*)"', page_of(client, issues))[1]
    form = client.get(link.replace("&amp;", "&"))
    assert question.text in form.content.decode()
    assert form.context["form"]["institution"].value() == str(justice.pk)
    assert {"codes", "cluster", "obstacles", "start"} & form.context["form"].fields.keys() == set()
    assert entered_by_letter(client, question, justice).status_code == 302
    answer = Update.objects.get()
    assert (answer.question, answer.institution, answer.on_behalf, answer.letter) == (
        question,
        justice,
        True,
        "12/2026",
    )
    assert (answer.written_by, answer.recommendations.count()) == (coordinator, 0)
    assert InputItem.objects.get(question=question).answered_at is not None
    assert not Update.objects.public().exists()


def test_an_answer_by_letter_is_for_an_institution_that_the_question_names(client, issues):
    make.signed_in(client, Role.COORDINATOR)
    question, other = issues.questions.get(number="1"), make.institution("moi")
    refused = entered_by_letter(client, question, other)
    assert (refused.status_code, Update.objects.exists()) == (422, False)
    assert entered_by_letter(client, question, make.institution("moj"), letter_date="2099-01-01").status_code == 422
    assert entered_by_letter(client, question, make.institution("moj"), text=" ").status_code == 422
    assert not Update.objects.exists()


def test_only_those_who_publish_enter_an_answer_by_letter(client, issues):
    question, justice = issues.questions.get(number="1"), make.institution("moj")
    make.signed_in(client, Role.FOCAL_POINT, institution=justice)
    assert "on-behalf" not in page_of(client, issues)
    assert entered_by_letter(client, question, justice).status_code == 403
    assert not Update.objects.exists()
