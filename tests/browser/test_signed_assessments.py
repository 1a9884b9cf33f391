"""An accredited institution publishes from a page without script; its pages, and that of a record that is no longer
public, fit a telephone in both directions of reading."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.recommendations.editing import structure
from servanda.recommendations.editing.publicity import Explanation
from tests import assessing_make as made
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "https://nhri.example.org/" + "a-report-with-a-very-long-name-" * 6


def overflow(page) -> int:
    return max(0, page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def faults(page, axe, url: str, frame: int) -> list[str]:
    """The frame around every page is measured elsewhere; here it is what these pages add to it."""
    page.goto(url, wait_until="load")
    page.wait_for_selector("main")
    too_wide = overflow(page) - frame
    return axe(page) + ([f"{too_wide} px too wide"] if too_wide > 0 else [])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_its_pages_are_accessible_and_fit_a_telephone(logged_in, axe, language):
    person, coordinator = made.accredited(), make.user(Role.COORDINATOR)
    first, second = make.recommendation(), make.recommendation()
    made.signed(first, person, links=[LONG])
    assessment = made.signed(second, person, links=[LONG])
    why = Explanation("It repeats another record.")
    structure.withdraw_recommendation(recommendation=second, reason="Twice.", explanation=why, by=coordinator)
    urls = [
        reverse("desk:own_assessments"),
        reverse("desk:sign_assessment", args=[first.code]),
        reverse("desk:withdraw_own_assessment", args=[assessment.pk]),
        first.get_absolute_url(),
        second.get_absolute_url(),
    ]
    page = logged_in(person, "/about/", language=language, width=360)
    frame = overflow(page)
    found = {url: faults(page, axe, url, frame) for url in urls}
    assert {url: wrong for url, wrong in found.items() if wrong} == {}


def test_an_institution_publishes_without_script(logged_in, open_page):
    record, person = make.recommendation(), made.accredited()
    made.grade("not-started", "independent")
    page = logged_in(person, record.get_absolute_url(), script=False, width=360)
    page.get_by_role("link", name="Publish an assessment").click()
    page.get_by_label("Value").select_option(index=1)
    page.get_by_label("Reason").fill("Nobody has been hired.")
    page.get_by_role("button", name="Publish").click()
    assert "Assessment published" in page.content()
    stranger = open_page(record.get_absolute_url(), script=False)
    assert "Nobody has been hired." in stranger.content()
