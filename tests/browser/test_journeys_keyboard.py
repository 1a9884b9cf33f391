"""With the keyboard alone: find, edit, import, approve; the focus can always be seen and is never lost."""

import re

import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.access import Role
from servanda.recommendations.bulk.services import BULK
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation
from tests import make
from tests.paths import SOURCES
from tests.prepared import put_vocabulary

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPORT = SOURCES / "uhri_export.json"
MOST_STEPS = 80
FOCUS = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const named = one.getAttribute("aria-label") || (one.labels?.[0] ?? one).textContent;
  const isOutlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const box = one.getBoundingClientRect();
  const isInSight = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return {name: named.replace(/\\s+/g, " ").trim(), tag: one.tagName, isSeen: isOutlined && isInSight};
}"""
SAID = "document.querySelector('body > [role=status]').textContent"


@pytest.fixture
def desk(logged_in):
    """`desk("/desk/imports/")`: a coordinator there, with the focus in the content."""

    def desk(path: str):
        page = logged_in(make.user(Role.COORDINATOR, name="Cora"), path)
        page.emulate_media(reduced_motion="reduce")  # else the page is still on its way to what has the focus
        to_content(page)
        return page

    return desk


def to_content(page) -> None:
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def focus(page) -> dict:
    found = page.evaluate(FOCUS)
    assert found["tag"] != "BODY", "the focus is lost"
    assert found["isSeen"], f"the focus cannot be seen: {found}"
    return found


def go_to(page, name: str) -> None:
    """Tab until the thing of that name has the focus; each stop on the way must be seen."""
    stops = []
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stops.append(focus(page)["name"])
        if stops[-1].startswith(name):
            return
    pytest.fail(f"{name} is not reached; on the way: {stops}")


def press(page, name: str) -> None:
    go_to(page, name)
    page.keyboard.press("Enter")


def heading(page, words: str) -> None:
    page.get_by_role("heading", name=words).first.wait_for()


def on_record(page, code: str, text: str) -> None:
    """The page of the record: its text is the heading, its reference stands above."""
    page.wait_for_url(re.compile(f"/{code}/(#.*)?$"))
    heading(page, text)
    page.locator("main .eyebrow", has_text=code).wait_for()


def is_said(page, words: str) -> None:
    page.wait_for_function(f"words => {SAID}.includes(words)", arg=words)
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def test_a_record_is_found_read_and_edited(desk):
    reindex([make.recommendation("Protect every person from torture.", paragraph="140.7").pk])
    page = desk("/desk/")
    page.keyboard.press("Control+k")
    page.wait_for_function("() => document.activeElement.matches('#palette input')")
    page.keyboard.type("torture")
    page.locator("#palette [role=option][aria-selected=true]", has_text="SVN-UPR-4-140.7").wait_for()
    page.keyboard.press("Enter")
    on_record(page, "SVN-UPR-4-140.7", "Protect every person from torture")
    to_content(page)
    press(page, "Edit")
    page.wait_for_url("**/edit/")
    to_content(page)
    go_to(page, "Paragraph")
    page.keyboard.press("Control+a")
    page.keyboard.type("140.8")
    press(page, "Save")
    on_record(page, "SVN-UPR-4-140.7", "Protect every person from torture")  # a reference stays what it was
    assert Recommendation.objects.get().paragraph == "140.8"


def test_a_file_is_sent_checked_and_approved(desk):
    put_vocabulary()
    page = desk("/desk/imports/")
    go_to(page, "Files")
    page.evaluate_handle("document.activeElement").as_element().set_input_files(EXPORT)
    press(page, "Send and check")
    heading(page, "Preview of changes")
    to_content(page)
    press(page, "Apply")
    page.get_by_role("link", name="See the records of this import").wait_for()
    to_content(page)
    press(page, "See the records of this import")
    heading(page, "40 records")
    assert Recommendation.objects.count() == 40


def test_ticked_records_are_changed_together_and_changed_back(desk):
    made = make.recommendation(), make.recommendation()
    page = desk("/desk/register/")
    for record in made:
        go_to(page, f"Select {record.code}")
        page.keyboard.press("Space")
    press(page, "More actions")
    press(page, "Unpublish")
    page.get_by_text("2 records would change").wait_for()
    to_content(page)
    press(page, "Apply")
    page.get_by_role("button", name="Undo").wait_for()
    assert not Recommendation.objects.filter(is_published=True).exists()
    to_content(page)
    press(page, "Undo")
    page.get_by_text("Undone", exact=True).wait_for()
    assert Recommendation.objects.filter(is_published=True).count() == 2


def test_filters_keep_the_focus_and_say_how_many_are_left(desk):
    for number in range(27):
        make.recommendation(body=make.body("CRC" if number % 9 else "CAT", "monitoring"), review=None)
    page = desk("/desk/register/")
    heading(page, "27 records")
    go_to(page, "CAT")
    page.keyboard.press("Enter")
    is_said(page, "3 records")
    assert focus(page)["name"].startswith("CAT")
    assert page.url.endswith("?body=CAT")
    page.keyboard.press("Enter")
    is_said(page, "27 records")
    assert focus(page)["name"].startswith("CAT")

    to_results(page)
    press(page, "Next")
    page.wait_for_url("**/?page=2")
    is_said(page, "27 records. 26–27 of 27")
    assert focus(page)["name"] == "27 records"
    page.go_back()
    page.get_by_text("1–25 of 27").wait_for()

    to_content(page)
    go_to(page, "Search the recommendations")
    page.keyboard.type("nobody wrote this")
    page.keyboard.press("Enter")
    is_said(page, "0 records")
    assert page.evaluate("document.activeElement.id") == "list-q"
    press(page, "Search nobody wrote this")
    is_said(page, "27 records")
    assert focus(page)["name"] == "27 records"
    assert page.troubles == []


def to_results(page) -> None:
    page.evaluate("document.querySelector('.list-table a').focus()")


def test_the_panel_beside_the_list_gives_the_focus_back(desk):
    code = make.recommendation().code
    page = desk("/desk/register/")
    press(page, code)
    page.wait_for_function("() => document.activeElement.closest('.side-panel')")
    assert focus(page)["name"] == "Close"
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.closest('.list-table')")
    assert focus(page)["name"] == code
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('.side-panel')")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('.list-table')")
    assert focus(page)["name"] == code


@pytest.mark.parametrize(
    ("shape", "page_name", "arguments"),
    [("sheet", "desk:show_import", []), (PEOPLE_SHEET, "desk:sheet", ["people"]), (BULK, "desk:bulk_result", [])],
)
def test_work_that_goes_on_shows_a_bar_to_whoever_comes_back_and_takes_no_focus(desk, shape, page_name, arguments):
    batch = Batch.objects.create(shape=shape, name="list.csv", state=Batch.State.APPLYING, done=3, total=10)
    address = reverse(page_name, args=[*arguments, batch.key])
    page = desk(address)
    assert page.locator("progress").count() == 1
    page.goto("/desk/")
    page.goto(address)
    to_content(page)
    page.keyboard.press("Tab")
    focused = focus(page)["name"]
    Batch.objects.update(done=7)
    with page.expect_response("**/progress/"):
        pass
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    assert page.locator("progress").count() == 1
    assert focus(page)["name"] == focused
    Batch.objects.update(state=Batch.State.APPLIED)
    page.locator("progress").wait_for(state="detached")
    is_said(page, "Applied")
    focus(page)
    assert page.troubles == []


def test_a_command_is_run_by_another_word_for_it_before_anything_is_searched(desk):
    record = make.recommendation("Make a new round of talks.")
    reindex([record.pk])
    page = desk(f"/desk/register/{record.code}/")
    page.goto("/desk/")
    page.keyboard.press("Control+k")
    page.wait_for_function("() => document.activeElement.matches('#palette input')")
    page.locator("#palette [role=option][aria-selected=true]", has_text=record.code).wait_for()
    page.keyboard.type("new round")
    page.locator("#palette [role=option][aria-selected=true]", has_text="Open a round").wait_for()
    page.locator("#palette [data-group=records]").wait_for()
    page.locator("#palette [role=option][aria-selected=true]", has_text="Open a round").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/rounds/open/")


def test_commands_come_before_the_buttons_of_the_page_and_each_once(logged_in):
    page = logged_in(make.user(Role.COORDINATOR), reverse("desk:rounds"))
    page.keyboard.press("Control+k")
    page.wait_for_function("() => document.activeElement.matches('#palette input')")
    page.keyboard.type("open a round")
    offered = page.locator("#palette [role=option]:not([hidden])", has_text="Open a round")
    page.locator("#palette [data-group=commands] [aria-selected=true]", has_text="Open a round").wait_for()
    assert offered.count() == 1


@pytest.mark.parametrize("back", [False, True])
def test_tab_stays_inside_the_palette_until_it_is_closed(desk, back):
    page = desk("/desk/")
    page.keyboard.press("Control+k")
    page.wait_for_function("() => document.activeElement.matches('#palette input')")
    for _step in range(6):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        # Between two rounds the focus may rest in the frame of the browser; it is never in the page behind.
        assert page.evaluate("!document.querySelector('main, header, nav, footer').contains(document.activeElement)")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('#palette') !== null"
        )
    assert page.locator("#palette").evaluate("one => one.matches(':modal')")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#palette') === null")
