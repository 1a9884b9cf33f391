"""The pages of questions put to the State, their files and forms."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.recommendations.editing.question_links import set_question_links
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Question
from tests import make, questions_make

pytestmark = pytest.mark.django_db


def shown(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_institution_is_offered_once_and_can_be_taken_off(client, asked):
    question = asked.questions.get(number="2")
    moj = question.institutions.get()
    for number in range(3):
        questions_make.question(f"Question {number}?", moj, document=asked, number=f"9{number}")
    make.signed_in(client, Role.COORDINATOR)
    page = shown(client, "edit_question", asked.pk, question.pk)
    assert page.count(f'name="institutions" value="{moj.pk}"') == 1


def numbers_in(page: str) -> list[str]:
    return re.findall(r'<td class="number"[^>]*>\s*(\d+)\s*</td>', page)


@pytest.fixture
def asked():
    """Two questions of one list of issues: one for the ministry and linked with a record, one for no one yet."""
    by = make.user(Role.COORDINATOR)
    issues = questions_make.document("CEDAW/C/SVN/Q/7", title="List of issues")
    first = questions_make.question(
        "What is done\nagainst stereotypes?", make.institution("moj"), document=issues, number="2", articles="2, 5"
    )
    questions_make.question("Which data on trafficking exist?", document=issues, number="3", heading="Article 6")
    set_question_links(question=first, recommendations=[make.recommendation("Fight stereotypes.")], by=by)
    return issues


def test_documents_are_listed_with_their_numbers_of_questions(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    page = shown(client, "questions")
    assert reverse("desk:document_questions", args=[asked.pk]) in page
    assert numbers_in(page) == ["2", "1"]


def test_a_coordinator_sees_questions_with_institutions_and_records_and_can_edit(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    page = shown(client, "document_questions", asked.pk)
    code = RecordQuestion.objects.get().recommendation.code
    question = Question.objects.get(number="2")
    for part in ("What is done<br>against", "2, 5", "Article 6", reverse("desk:record", args=[code])):
        assert part in page
    assert reverse("desk:edit_question", args=[asked.pk, question.pk]) in page


def test_the_list_is_narrowed_by_words_and_institution(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    page = shown(client, "document_questions", asked.pk, words="trafficking")
    assert ("Which data" in page, "stereotypes?" in page) == (True, False)
    page = shown(client, "document_questions", asked.pk, institution="none")
    assert ("Which data" in page, "stereotypes?" in page) == (True, False)
    assert "No matching questions" in shown(client, "document_questions", asked.pk, words="nowhere")


def test_an_institution_sees_its_questions_only(client, asked):
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moj"))
    page = shown(client, "document_questions", asked.pk)
    assert ("stereotypes?" in page, "Which data" in page) == (True, False)
    assert numbers_in(shown(client, "questions")) == ["1", "0"]
    assert reverse("desk:edit_question", args=[asked.pk, Question.objects.get(number="2").pk]) not in page


def test_another_institution_finds_no_document(client, asked):
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moh"))
    assert client.get(reverse("desk:document_questions", args=[asked.pk])).status_code == 404
    assert "No questions yet" in shown(client, "questions")


def test_questions_are_taken_along_as_a_table(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    sent = client.get(reverse("desk:questions_export", args=[asked.pk, "csv"]))
    assert f"{re.sub(r'[^A-Za-z0-9.]+', '-', asked.symbol)}-questions-" in sent["Content-Disposition"]
    content = b"".join(sent.streaming_content)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["number"], row["articles"], row["institutions"]) for row in rows] == [
        ("2", "2, 5", "moj"),
        ("3", "", ""),
    ]
    assert rows[0]["records"] == RecordQuestion.objects.get().recommendation.code
    assert client.get(reverse("desk:questions_export", args=[asked.pk, "xlsx"])).status_code == 200


def test_a_long_question_is_refused_and_not_cut(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    question = Question.objects.get(number="2")
    address = reverse("desk:edit_question", args=[asked.pk, question.pk])
    values = {"number": "2", "text": "word " * 10_001, "articles": "", "seen": question.version}
    answer = client.post(address, values)
    assert answer.status_code == 422
    assert "to 50,000 characters or fewer" in answer.content.decode()


def test_a_question_is_edited_and_its_institutions_named(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    question = Question.objects.get(number="3")
    address = reverse("desk:edit_question", args=[asked.pk, question.pk])
    health = make.institution("moh")
    sent = {"number": "3", "text": "Which data exist?", "confidentiality": "internal", "seen": 1}
    answer = client.post(address, sent | {"institutions": [health.pk]})
    assert answer.url == question.get_absolute_url()
    question.refresh_from_db()
    assert (question.text, question.confidentiality, list(question.institutions.all())) == (
        "Which data exist?",
        "internal",
        [health],
    )
    again = client.post(address, sent | {"text": "Other?"})
    assert (again.status_code, "Another user changed" in again.content.decode()) == (422, True)


def test_records_are_linked_and_unlinked(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    question, other = Question.objects.get(number="2"), make.recommendation("Collect data.")
    address = reverse("desk:set_question_links", args=[asked.pk, question.pk])
    assert RecordQuestion.objects.get().recommendation.code in client.get(address).content.decode()
    client.post(address, {"codes": other.code})
    current = RecordQuestion.objects.current().filter(question=question)
    assert [link.recommendation for link in current] == [other]
    client.post(address, {"codes": ""})
    assert not current.all().exists()


def test_lead_institutions_of_linked_records_are_suggested_and_named_at_one_press(client, asked):
    make.signed_in(client, Role.COORDINATOR)
    question, health = Question.objects.get(number="2"), make.institution("moh", name="Ministry of Health")
    record = RecordQuestion.objects.get().recommendation
    make.assignment(record, health)
    page = shown(client, "document_questions", asked.pk)
    assert ("Suggested:" in page, "Ministry of Health" in page) == (True, True)
    assert health not in question.institutions.all()
    client.post(reverse("desk:name_suggested", args=[asked.pk]), {"question": question.pk})
    assert sorted(institution.code for institution in question.institutions.all()) == ["moh", "moj"]
    assert "Suggested:" not in shown(client, "document_questions", asked.pk)


def test_closed_institutions_are_not_suggested_and_others_see_no_suggestion(client, asked):
    record = RecordQuestion.objects.get().recommendation
    make.assignment(record, make.institution("old", name="Former ministry", active_to=date(2020, 1, 1)))
    make.assignment(make.recommendation(), make.institution("moh"))
    make.signed_in(client, Role.COORDINATOR)
    assert "Suggested:" not in shown(client, "document_questions", asked.pk)
    client.post(reverse("desk:name_suggested", args=[asked.pk]))
    assert Question.objects.get(number="3").institutions.count() == 0
