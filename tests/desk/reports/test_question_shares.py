"""Who leads the answer to each question of a reply, and its share of the words, beside what was written."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.reporting.inputs.queries import limits_in_reply
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.answers import word_limits, words_below
from servanda.reporting.reports.outline import new_section, put_in
from servanda.sources.models import Question
from tests import make, obligation_make, questions_make, reports_make
from tests.desk.reports.test_report_pages import text_of
from tests.house.page_forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


@pytest.fixture
def section(coordinator):
    """A section of 200 words with three questions."""
    template = reports_make.template("Reply", "Replies", word_limit=200)
    template.sections.update(share=100, content="questions")
    due = obligation_make.obligation()
    made = reports_make.report(coordinator, template=template, obligation=due).sections.get()
    document = questions_make.document()
    for number in "123":
        made.questions.add(questions_make.question(f"Question {number}?", document=document, number=number))
    return made


def test_words_are_divided_by_shares_and_the_rest_equally(section):
    first, second, third = section.questions.order_by("number")
    first.share = 50
    assert word_limits(200, [first, second, third]) == {first.pk: 100, second.pk: 50, third.pk: 50}
    assert word_limits(None, [first]) == {}
    text = "**1\\. Question 1?**\n\nOne two three.\n\n**2\\. Question 2?**"
    assert words_below(text, [first, second, third]) == {first.pk: 3, second.pk: 0}


def test_leads_and_shares_are_set_in_the_outline_and_shown_beside_the_words(client, section, coordinator):
    place = make.institution("moj", name="Justice")
    arguments = [section.report.key, section.key]
    page = reverse("desk:edit_question_shares", args=arguments)
    shown = reverse("desk:section_input", args=arguments)
    assert page in text_of(client.get(shown))
    first = section.questions.get(number="1")
    form = {name: values for name, values in form_of(client.get(page).content).items() if name.startswith("seen-")}
    sent = form | {f"lead-{first.pk}": str(place.pk), f"share-{first.pk}": "10"}
    assert client.post(page, sent).status_code == 302
    first.refresh_from_db()
    assert (first.lead, first.share, list(first.institutions.all())) == (place, 10, [place])
    text = "**1\\. Question 1?**\n\n" + "word " * 19
    writing.write_section(section=section, text=text, seen=section.version, by=coordinator)
    html = " ".join(text_of(client.get(shown)).split())
    assert "19 of 20 words (95%) <strong>near the limit</strong>" in html
    assert "0 of 90 words" in html
    assert "Share of the words of the reply: 10%" in html
    assert "Justice" in html
    assert client.post(page, sent).status_code == 302  # nothing to change any more
    answer = client.post(page, form | {f"share-{first.pk}": "20"})
    assert answer.status_code == 422
    assert form_of(answer.content)[f"seen-{first.pk}"] != form[f"seen-{first.pk}"]


def test_shares_above_the_whole_are_refused(client, section):
    page = reverse("desk:edit_question_shares", args=[section.report.key, section.key])
    form = form_of(client.get(page).content)
    shares = {name: "40" for name in form if name.startswith("share-")}
    answer = client.post(page, form | shares)
    assert answer.status_code == 422
    assert "add up to 120%" in text_of(answer)


def test_a_share_is_one_of_the_words_of_all_sections_of_the_reply(section):
    report, second = section.report, section.questions.get(number="2")
    other = new_section(report, "More replies", like=section)
    put_in(report, list(report.sections.all()), 1, [other])
    report.sections.update(share=50)
    section.questions.remove(second)
    other.questions.add(second)
    Question.objects.filter(pk=second.pk).update(share=50)
    for row in report.sections.all():
        assert limits_in_reply(row)[second.pk] == 100


def test_other_questions_of_the_document_count_too(client, section):
    first = section.questions.get(number="1")
    section.questions.remove(section.questions.get(number="3"))
    Question.objects.filter(number="3").update(share=70)
    page = reverse("desk:edit_question_shares", args=[section.report.key, section.key])
    form = {name: values for name, values in form_of(client.get(page).content).items() if name.startswith("seen-")}
    answer = client.post(page, form | {f"share-{first.pk}": "40"})
    assert "add up to 110%" in text_of(answer)


def test_a_section_without_questions_leads_to_their_choice(client, coordinator):
    report = reports_make.report(coordinator)
    page = reverse("desk:edit_question_shares", args=[report.key, "method"])
    assert "No questions of a document yet" in text_of(client.get(page))
