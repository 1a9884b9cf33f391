"""What scripts add to the register: a selection kept across pages and filters, dense rows, filters as a sheet."""

import pytest
from django.urls import reverse

from servanda.kit.pages.listing import USUAL
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation, Tagging
from tests import make, progress_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST_SCREEN = {"width": 1366, "height": 900}
LONG = "Strengthen efforts to prevent and punish domestic violence, to protect victims, and to train the police. " * 3


@pytest.fixture
def register(logged_in):
    terms = [make.term(f"t{number}") for number in range(7)]
    for number in range(USUAL + 5):
        record = make.recommendation(f"{number}: {LONG}", paragraph=f"140.{number}", stand="supported")
        Tagging.objects.bulk_create(Tagging(recommendation=record, term=term, origin="source") for term in terms)
    coordinator = make.user(Role.COORDINATOR, name="Ana Primer")
    return lambda **look: logged_in(coordinator, reverse("desk:register"), **look)


def test_the_first_screen_shows_at_least_seven_records(register):
    page = register(width=FIRST_SCREEN["width"])
    page.set_viewport_size(FIRST_SCREEN)
    ends = page.locator("tr.result-row").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().bottom)")
    assert len([end for end in ends if end <= FIRST_SCREEN["height"]]) >= 7


def test_a_selection_outlives_pages_and_filters_and_is_sent_whole(register):
    page = register(width=1366)
    status = page.locator("[data-selection] [role=status]")
    page.locator("input[name=code]").first.check()
    first = page.locator("input[name=code]").first.get_attribute("value")
    page.locator("a[rel=next]").first.click()
    page.wait_for_url("**page=2**")
    page.locator("input[name=code]").first.check()
    second = page.locator("input[name=code]").first.get_attribute("value")
    page.goto(page.url.partition("?")[0] + "?stand=noted")
    assert page.locator("input[name=code]").count() == 0
    page.goto(page.url.partition("?")[0] + "?stand=supported")
    page.wait_for_function("document.querySelector('[data-selection] [role=status]').textContent.includes('2')")
    assert "2" in status.inner_text()
    page.locator(f"button[formaction='{reverse('desk:assign_in_bulk')}']").click()
    page.wait_for_load_state()
    chosen = page.locator("input[name=codes]").first.get_attribute("value")
    assert set(chosen.split()) == {first, second}


def test_dense_rows_are_remembered(register):
    page = register(width=1366)
    height = page.locator("tr.result-row").first.bounding_box()["height"]
    page.locator("[data-density]").check()
    assert page.locator("tr.result-row").first.bounding_box()["height"] < height
    page.reload()
    assert page.locator("[data-density]").is_checked()
    assert page.locator("tr.result-row").first.bounding_box()["height"] < height


def test_on_a_telephone_filters_open_as_a_sheet_from_a_button_that_stays_in_view(register):
    page = register(width=360)
    filters, button = page.locator("#filters"), page.locator("[popovertarget=filters]").first
    assert not filters.is_visible()
    page.mouse.wheel(0, 3000)
    page.wait_for_function("window.scrollY > 1000")
    assert button.evaluate("button => button.getBoundingClientRect().top >= 0")
    assert button.evaluate("button => button.getBoundingClientRect().bottom <= innerHeight")
    button.click()
    assert filters.is_visible()
    page.keyboard.press("Escape")
    assert not filters.is_visible()


def test_on_a_telephone_the_button_of_the_filters_covers_no_filter_in_use(logged_in):
    make.recommendation(stand="supported")
    page = logged_in(make.user(Role.COORDINATOR), reverse("desk:register") + "?stand=supported&lead=-", width=360)
    button = page.locator("[popovertarget=filters]").first.bounding_box()
    chips = [chip.bounding_box() for chip in page.locator(".list-chips .chip").all()]
    ends = [(chip["y"], chip["y"] + chip["height"]) for chip in chips]
    assert len(ends) >= 2
    assert [end for end in ends if end[0] < button["y"] + button["height"] and end[1] > button["y"]] == []


def test_the_facts_of_a_row_stay_in_their_column(register):
    ministry = make.institution("justice")
    for record in Recommendation.objects.all():
        progress_make.update(record, ministry, state="published")
    page = register(width=1366)
    assert "Last update" in page.locator(".result-facts").first.inner_text()
    overflow = "facts => facts.map(row => row.scrollWidth - row.clientWidth)"
    assert max(page.locator(".result-facts").evaluate_all(overflow)) <= 0
