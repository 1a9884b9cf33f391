"""A text saves itself while it is written; if another person saved it in between, the writer is told and loses
nothing."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.reporting.models import ReportSection
from servanda.reporting.reports import services
from tests import make, reports_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
AREA = "#id_text"


@pytest.fixture
def section():
    report = reports_make.report(make.user(Role.COORDINATOR), word_limit=100)
    return report.sections.get(key="method")


def opened(logged_in, section, **look):
    path = reverse("desk:write_section", args=[section.report.key, section.key])
    return logged_in(make.user(Role.COORDINATOR), path, **look)


def saved_text(section) -> str:
    return ReportSection.objects.get(pk=section.pk).text.strip()


def write(page, text: str) -> str:
    """Write the text and wait until the page says how saving it went: that sentence."""
    status = page.locator("[data-saved]")
    status.evaluate("status => (status.textContent = '')")
    page.locator(AREA).fill(text)
    page.locator("[data-saved]:not(:empty)").wait_for()
    return status.inner_text()


def test_a_text_saves_itself_while_it_is_written(logged_in, section):
    page = opened(logged_in, section)
    assert write(page, "What we did.").startswith("Saved at")
    assert "3 of 100 words" in page.locator("[data-lengths]").inner_text()
    assert saved_text(section) == "What we did."
    write(page, "What we did and plan.")
    assert saved_text(section) == "What we did and plan."
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=Saved.")
    assert saved_text(section) == "What we did and plan."


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_writer_is_told_of_another_who_saved_in_between_and_loses_nothing(logged_in, section, language):
    page = opened(logged_in, section, language=language)
    section.refresh_from_db()
    other = make.user(Role.COORDINATOR)
    services.write_section(section=section, text="Words of the other.", seen=section.version, by=other)
    failed = page.locator("form[data-autosave]").get_attribute("data-failed")
    assert write(page, "My own words.").startswith(failed)
    assert (page.locator(AREA).input_value(), saved_text(section)) == ("My own words.", "Words of the other.")

    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_selector(".report-difference")
    difference = page.locator(".report-difference")
    assert {"Words", "other"} <= set(" ".join(difference.locator("del").all_inner_texts()).replace(".", "").split())
    assert page.locator(AREA).input_value().strip() == "My own words."
    assert saved_text(section) == "Words of the other."

    page.locator(AREA).fill("My own words. Words of the other.")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_selector(".report-difference", state="detached")
    assert saved_text(section) == "My own words. Words of the other."
    texts = list(section.versions.order_by("number").values_list("text", flat=True))
    assert [text.strip() for text in texts] == ["Words of the other.", "My own words. Words of the other."]


def test_a_text_stays_on_the_page_without_a_network_and_is_saved_later(logged_in, section):
    page = opened(logged_in, section)
    page.context.set_offline(True)
    assert write(page, "Written on a train.").startswith("Not saved.")
    assert saved_text(section) == ""
    page.context.set_offline(False)
    write(page, "Written on a train, and after it.")
    assert saved_text(section) == "Written on a train, and after it."
