"""A list of issues from its document to an answered question, in a browser, in Arabic, its pages in English too;
also as an institution that sees only its own question."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.progress.models import InputItem, InputRound, Update
from tests import questions_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
STEREOTYPES, BUDGET = "What is done against stereotypes?", "Which budget is there for equality?"


def request_answers(walk: Walk, document) -> None:
    """Five presses from the list of documents: the document, request answers, preview, open; and the round."""
    page = walk.open(walk.coordinator, reverse("desk:questions"))
    page.locator(f"a[href='{reverse('desk:document_questions', args=[document.pk])}']").click()
    page.wait_for_selector("form#ask")
    assert walk.faults(page) == []
    page.locator("form#ask button").click()
    page.wait_for_selector("input[name=title]")
    assert page.locator("input[name=due_on]").input_value() > timezone.localdate().isoformat()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_selector("button[name=step][value=apply]")
    assert [name in page.content() for name in ("Justice", "Finance")] == [True, True]
    assert walk.faults(page) == []
    page.locator("button[name=step][value=apply]").click()
    page.wait_for_url(f"**{InputRound.objects.get().get_absolute_url()}")
    assert walk.faults(page) == []


def answer(walk: Walk) -> Update:
    page = walk.open(walk.writer, reverse("desk:home"))
    assert (STEREOTYPES in page.content(), BUDGET in page.content()) == (True, False)
    page.locator(".desk-asked form button").click()
    page.wait_for_selector("textarea[name=text]")
    assert (STEREOTYPES in page.content(), page.locator("[name=obstacles]").count()) == (True, 0)
    assert walk.faults(page) == []
    page.locator("textarea[name=text]").fill("A law was passed in 2025.")
    page.locator("button[name=deed][value=submit]").click()
    page.wait_for_selector(".asked-question")
    return Update.objects.get()


def test_questions_are_answered_by_their_institutions(open_page, live_server):
    walk = Walk(open_page, live_server, "ar")
    document = questions_make.document("CEDAW/C/SVN/Q/7", title="List of issues")
    question = questions_make.question(STEREOTYPES, walk.place, document=document, number="1")
    questions_make.question(BUDGET, walk.beside, document=document, number="2")
    request_answers(walk, document)
    assert InputItem.objects.count() == 2

    made = answer(walk)
    assert (made.state, made.question) == (Update.State.SUBMITTED, question)
    page = walk.press(walk.authority, made.get_absolute_url(), "validate_update", made.pk)
    page = walk.press(walk.coordinator, made.get_absolute_url(), "publish_update", made.pk)
    made.refresh_from_db()
    assert made.state == Update.State.PUBLISHED

    page = walk.open(walk.coordinator, question.get_absolute_url())
    row = page.locator(f"#question-{question.pk}")
    assert "A law was passed in 2025." in row.inner_text()
    assert walk.faults(page) == []
    assert InputItem.objects.owed().get().request.institution == walk.beside
