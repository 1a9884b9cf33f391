"""Records are chosen in a form: with keys and the mouse, without a script, on a telephone, in Arabic."""

import pytest

from servanda.people.access import Role
from servanda.planning.models import Action
from servanda.recommendations.editing.indexing import reindex
from tests import make
from tests.browser.test_frame import LOOKS, faults_in_look, in_looks
from tests.prepared import put_vocabulary

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY = """() => {
  const list = document.querySelector("[data-chosen]"), one = list.querySelector("input:checked");
  list.append(...Array.from({ length: 1000 }, () => one.cloneNode()));
}"""
TEXT = "Protect the zorbatrix, and take all measures that are needed so that every person can enjoy it in full. " * 3


def opened(logged_in, **look):
    put_vocabulary()
    records = [make.recommendation(f"{TEXT} {number}") for number in range(4)]
    reindex([record.pk for record in records])
    return logged_in(make.user(Role.COORDINATOR), "/desk/new-action/", **look), records


def searched(page):
    """The search in the picker of records; the form has one of actions too."""
    return page.locator("#id_answers")


def chosen_codes() -> list[str]:
    return sorted(Action.objects.get().recommendations.values_list("code", flat=True))


def test_records_are_found_and_selected_with_keys_while_words_are_typed(logged_in):
    page, records = opened(logged_in)
    page.get_by_label("Title").fill("Build schools")
    search = searched(page)
    search.fill("zorbatrix")
    page.locator("#id_answers_found li").nth(3).wait_for()
    for key in ("ArrowDown", "Space", "Space", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert page.locator("[data-chosen] li").count() == 2
    assert page.get_by_text("Selected records: 2").is_visible()
    assert page.evaluate("document.activeElement.closest('[data-found]') !== null")
    search.fill(records[3].code)
    page.keyboard.press("Enter")
    page.locator("#id_answers_found li").first.wait_for()
    assert page.url.endswith("/desk/new-action/")
    page.locator("#id_answers_found input[type=checkbox]").first.click()
    page.locator("[data-chosen] input[type=checkbox]").first.click()
    assert page.get_by_text("Selected records: 2").is_visible()
    page.evaluate(MANY)
    page.locator("[data-chosen] input[type=checkbox]").first.dispatch_event("change")
    assert page.get_by_text("Selected records: 1,002").is_visible()
    page.get_by_role("button", name="Save").click()
    assert chosen_codes() == [records[1].code, records[3].code]


def test_what_is_selected_is_not_offered_again(logged_in):
    page, records = opened(logged_in)
    search = searched(page)
    search.fill("zorbatrix")
    page.locator("#id_answers_found li").nth(3).wait_for()
    page.locator("#id_answers_found input[type=checkbox]").first.click()
    with page.expect_response("**/search/records/**"):
        search.fill("protect zorbatrix")
    page.wait_for_function("document.querySelectorAll('#id_answers_found li').length === 3")
    assert records[0].code not in page.locator("#id_answers_found").inner_text()


def test_records_are_chosen_without_a_script_and_nothing_typed_is_lost(logged_in):
    page, records = opened(logged_in, script=False)
    page.get_by_label("Title").fill("Build schools")
    searched(page).fill("zorbatrix")
    page.get_by_role("button", name="Search records").click()
    assert page.get_by_text("4 records found").is_visible()
    page.locator("#id_answers_found input[type=checkbox]").nth(1).click()
    searched(page).fill(records[3].code)
    page.keyboard.press("Enter")
    page.get_by_text("1 record found").wait_for()
    page.locator("#id_answers_found input[type=checkbox]").first.click()
    assert page.get_by_label("Title").input_value() == "Build schools"
    page.get_by_role("button", name="Save").click()
    assert chosen_codes() == [records[1].code, records[3].code]


def test_enter_in_another_field_sends_the_form(logged_in):
    page, _records = opened(logged_in, script=False)
    page.get_by_label("Title").fill("Build schools")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/actions/**")
    assert Action.objects.get().title == "Build schools"


@pytest.mark.parametrize("language", LOOKS)
def test_the_picker_fits_the_screen_and_shows_three_lines_of_each_text(logged_in, axe, language):
    page, _records = opened(logged_in, language=language)
    searched(page).fill("zorbatrix")
    page.locator("#id_answers_found li").nth(3).wait_for()
    page.locator("#id_answers_found input[type=checkbox]").first.click()
    lines = "text => Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))"
    for look in in_looks(page, language):
        assert (look, faults_in_look(page, axe)) == (look, [])
        assert (look, page.locator("#id_answers_found .picker-text").first.evaluate(lines)) == (look, 3)
