"""A document beside its units in a browser: with keys and without script, on a telephone, in Arabic."""

from datetime import date

import pytest

from servanda.people.access import Role
from servanda.recommendations.labels import suggesting
from servanda.recommendations.models import Recommendation
from servanda.sources.models import DocumentReading, Obligation, ReadUnit
from tests import make
from tests.browser.test_frame import LOOKS, faults_in_looks, in_looks
from tests.prepared import put_vocabulary
from tests.sources import documents_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IS_SEEN = "(box => box.top >= 0 && box.bottom <= innerHeight)(document.getElementById(id).getBoundingClientRect())"


@pytest.fixture(autouse=True)
def labels_are_not_suggested(monkeypatch):
    """They would be after each import, for which the names of all labels are encoded: three seconds."""
    monkeypatch.setattr(suggesting, "BY_NAME", ())


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
    first.get_by_role("link", name="Edit").click()
    first.get_by_label("Kind").select_option("information")
    first.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert ReadUnit.objects.get(number="1").kind == "information"
    assert not Recommendation.objects.exists()
    page.get_by_role("button", name="Confirm and compare with the register").click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Undo this import").wait_for()
    assert Recommendation.objects.count() == documents_make.KINDS.count("recommendation")
    assert Obligation.objects.count() == documents_make.KINDS.count("obligation")
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_text("Import undone.").wait_for()
    assert not Recommendation.objects.exists()
    assert not Obligation.objects.kept().exists()


def test_keys_split_join_and_leave_out(logged_in, tmp_path):
    page = sent(logged_in, documents_make.typed_docx(tmp_path / "observations.docx"))
    open_unit(page, 0)
    area = page.locator("[data-unit] textarea[name=text]").first
    area.evaluate(
        "area => { area.focus(); const at = area.value.indexOf('and at'); area.setSelectionRange(at, at); }"
    )
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert ReadUnit.objects.filter(text__startswith="and at the lack of data").exists()
    open_unit(page, 1)
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert "and at the lack of data" in ReadUnit.objects.filter(number="1", is_dropped=False).get().text
    open_unit(page, 0)
    page.keyboard.press("Alt+Digit3")
    assert page.locator("[data-unit] select[name=kind]").first.input_value() == "information"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('[data-unit] textarea')")
    page.keyboard.press("d")
    page.locator("[data-unit]").first.get_by_role("button", name="Include again").wait_for()
    assert not ReadUnit.objects.filter(number="1", is_dropped=False).exists()


def open_unit(page, place: int) -> None:
    page.locator("[data-unit]").nth(place).locator("[data-deed=open]").focus()
    page.keyboard.press("e")
    page.wait_for_function("() => document.activeElement.matches('[data-unit] textarea[name=text]')")


def test_units_are_walked_read_edited_and_left_out_with_keys_and_the_place_stays(logged_in, tmp_path):
    page = sent(logged_in, documents_make.pdf(tmp_path / "observations.pdf"))
    at = "document.activeElement.closest('[data-unit]')?.id"
    ids = page.locator("[data-unit]").evaluate_all("units => units.map(unit => unit.id)")
    for key, place in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("j", 1)):
        page.keyboard.press(key)
        assert page.evaluate(at) == ids[place], key
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('textarea[name=text]')")
    page.keyboard.type("jked ")
    page.locator(f"#{ids[1]}").get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.wait_for_function(f"id => {at} === id", arg=ids[1])
    page.wait_for_function(f"id => {IS_SEEN}", arg=ids[1])
    assert "jked" in ReadUnit.objects.get(pk=ids[1].removeprefix("unit-")).text
    page.keyboard.press("d")
    page.locator(f"#{ids[1]}").get_by_role("button", name="Include again").wait_for()
    page.keyboard.press("d")
    page.locator(f"#{ids[1]}").get_by_role("link", name="Edit").wait_for()
    assert not ReadUnit.objects.get(pk=ids[1].removeprefix("unit-")).is_dropped


def test_a_click_on_a_text_opens_its_form(logged_in, tmp_path):
    page = sent(logged_in, documents_make.typed_docx(tmp_path / "observations.docx"))
    page.locator("[data-unit] .unit-text").nth(1).click()
    page.locator("[data-unit]").nth(1).get_by_label("Text").wait_for()
    assert page.locator("[data-unit] textarea[name=text]").count() == 1


def test_single_letters_can_be_turned_off(logged_in, tmp_path):
    page = sent(logged_in, documents_make.typed_docx(tmp_path / "observations.docx"))
    page.evaluate("document.cookie = 'shortcuts=off; path=/'")
    page.locator("[data-unit] [data-deed=open]").first.focus()
    page.keyboard.press("d")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('[data-unit]').matches('[data-unit] ~ [data-unit]')")
    assert not ReadUnit.objects.filter(is_dropped=True).exists()


def test_twelve_units_fit_on_two_screens(logged_in, tmp_path):
    page = sent(logged_in, documents_make.pdf(tmp_path / "observations.pdf"))
    reading = ReadUnit.objects.first().reading
    long = (
        "The Committee recommends that the State party take all the measures that are needed for this purpose. " * 6
    )
    rows = [
        ReadUnit(reading=reading, place=1000 + n, number=str(1000 + n), kind="concern", text=long) for n in range(14)
    ]
    ReadUnit.objects.all().delete()
    ReadUnit.objects.bulk_create(rows)
    DocumentReading.objects.update(symbol="CERD/C/SVN/CO/12", date=date(2026, 3, 2))
    page.set_viewport_size({"width": 1366, "height": 900})
    page.reload()
    bottom = page.locator("[data-unit]").nth(11).evaluate("unit => unit.getBoundingClientRect().bottom + scrollY")
    assert bottom <= 2 * 900


@pytest.mark.parametrize("language", LOOKS)
def test_the_page_fits_the_screen_and_axe_finds_no_fault(logged_in, axe, language, tmp_path):
    page = sent(logged_in, documents_make.pdf(tmp_path / "observations.pdf"), language=language)
    ReadUnit.objects.filter(number="1").update(is_dropped=True)
    page.reload()
    assert faults_in_looks(page, axe, language) == []
    page.locator("[data-deed=open]").first.click()
    page.locator("[data-unit] textarea[name=text]").first.wait_for()
    assert faults_in_looks(page, axe, language) == []
    page.emulate_media(media="print")
    for look in in_looks(page, language):
        assert (look, page.locator("[data-unit] textarea[name=text]").first.is_visible()) == (look, True)
        pane = page.locator(".document-pane").evaluate("pane => pane.scrollHeight - pane.clientHeight")
        assert (look, pane) <= (look, 0)
