"""A paragraph of a document is turned from a record into an obligation and back, and the other way round, in a
browser, in one language each, each page that is looked at in two."""

import pytest
from django.urls import reverse

from servanda.recommendations.models import RecordObligation
from servanda.sources.models import Obligation
from tests import make, obligation_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
ASKS = "The Committee requests the State party to submit its eighth periodic report by 31 March 2030."


def test_a_record_becomes_an_obligation_and_is_turned_back_from_its_own_page(open_page, live_server):
    walk = Walk(open_page, live_server, "ar")
    record = make.recommendation(ASKS, body=make.committee("CEDAW"), review=None)
    page_of_record = reverse("desk:record", args=[record.code])
    page = walk.open(walk.coordinator, page_of_record)
    page.locator(f"a[href='{reverse('desk:turn_into_obligation', args=[record.code])}']").click()
    page.wait_for_selector("select[name=kind]")
    assert walk.faults(page) == []
    assert page.locator("select[name=kind]").input_value() == "periodic-report"
    assert page.locator("input[name=due_on]").input_value() == "2030-03-31"
    page.locator("main form[method=post] button[type=submit]").click()
    due = "**" + reverse("desk:obligation", args=["*"])
    page.wait_for_url(due)
    assert record.code in page.content()
    assert walk.faults(page) == []
    turned = RecordObligation.objects.get()
    assert turned.obligation.kind == "periodic-report"

    page = walk.press(walk.coordinator, page_of_record, "undo_turning", turned.pk)
    page.wait_for_url(f"**{page_of_record}")
    page.wait_for_selector(".record-deeds")
    record.refresh_from_db()
    turned.obligation.refresh_from_db()
    assert (record.withdrawn_at, turned.obligation.withdrawn_at is None) == (None, False)


def test_an_obligation_becomes_a_record_and_is_turned_back_from_its_own_page(open_page, live_server):
    walk = Walk(open_page, live_server, "en")
    sibling = make.recommendation(body=make.committee("CEDAW"), review=None)
    due = obligation_make.obligation("Equality law", document=sibling.document, paragraph="12")
    page = walk.open(walk.coordinator, due.get_absolute_url())
    page.locator(f"a[href='{reverse('desk:turn_into_recommendation', args=[due.code])}']").click()
    page.wait_for_selector("textarea[name=text]")
    assert walk.faults(page) == []
    page.locator("textarea[name=text]").fill("Adopt a law on equality.")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_selector(".record-deeds")
    assert ("Adopt a law on equality." in page.content(), due.code in page.content()) == (True, True)
    assert walk.faults(page) == []
    assert Obligation.objects.get(pk=due.pk).state == "lapsed"

    turned = RecordObligation.objects.get()
    page = walk.press(walk.coordinator, due.get_absolute_url(), "undo_turning", turned.pk)
    page.wait_for_selector(f"a[href='{reverse('desk:turn_into_recommendation', args=[due.code])}']")
    turned.recommendation.refresh_from_db()
    assert (Obligation.objects.get(pk=due.pk).state, turned.recommendation.withdrawn_at is None) == (
        "expected",
        False,
    )
