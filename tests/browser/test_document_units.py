"""A document beside its units in a browser: with keys and without script, on a telephone, in Arabic."""

import pytest

from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from servanda.sources.models import ReadUnit
from tests import make
from tests.browser.test_frame import LOOKS, overflow
from tests.prepared import put_vocabulary
from tests.sources import documents_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sent(logged_in, path, **look):
    put_vocabulary()
    page = logged_in(make.user(Role.COORDINATOR), "/desk/imports/", **look)
    page.set_input_files("input[type=file]", path)
    page.locator("main form button").first.click()
    page.goto(page.url + "units/")
    return page


@pytest.mark.parametrize("script", [True, False])
def test_a_document_is_looked_through_confirmed_applied_and_taken_back(logged_in, tmp_path, script):
    page = sent(logged_in, documents_make.pdf(tmp_path / "observations.pdf"), script=script)
    first = page.locator("[data-unit]").first
    first.get_by_label("Kind").select_option("information")
    first.get_by_role("button", name="Save").click()
    assert ReadUnit.objects.get(number="1").kind == "information"
    assert not Recommendation.objects.exists()
    page.get_by_role("button", name="Confirm and compare with the register").click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Undo this import").wait_for()
    assert Recommendation.objects.count() == len(documents_make.NUMBERS) - 1
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_text("Import undone.").wait_for()
    assert not Recommendation.objects.exists()


def test_keys_split_join_and_leave_out(logged_in, tmp_path):
    page = sent(logged_in, documents_make.typed_docx(tmp_path / "observations.docx"))
    area = page.locator("[data-unit] textarea[name=text]").first
    area.evaluate(
        "area => { area.focus(); const at = area.value.indexOf('and at'); area.setSelectionRange(at, at); }"
    )
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert ReadUnit.objects.filter(text__startswith="and at the lack of data").exists()
    page.locator("[data-unit] textarea[name=text]").nth(1).focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert "and at the lack of data" in ReadUnit.objects.filter(number="1", is_dropped=False).get().text
    page.locator("[data-unit] textarea[name=text]").first.focus()
    page.keyboard.press("Alt+Digit3")
    assert page.locator("[data-unit] select[name=kind]").first.input_value() == "information"
    with page.expect_navigation():
        page.keyboard.press("Alt+Delete")
    assert not ReadUnit.objects.filter(number="1", is_dropped=False).exists()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_fits_the_screen_and_axe_finds_no_fault(logged_in, axe, look, tmp_path):
    page = sent(logged_in, documents_make.pdf(tmp_path / "observations.pdf"), **look)
    ReadUnit.objects.filter(number="1").update(is_dropped=True)
    page.reload()
    assert (overflow(page), axe(page)) == (0, [])
    page.emulate_media(media="print")
    assert page.locator("[data-unit] textarea[name=text]").first.is_visible()
    assert page.locator(".document-pane").evaluate("pane => pane.scrollHeight - pane.clientHeight") <= 0
