"""A coordinator sends a file, sees what it would do, applies it, finds it, takes it back; with and without script."""

import pytest

from servanda.people.access import Role
from servanda.planning.models import Action
from servanda.recommendations.models import Recommendation
from tests import make
from tests.browser.test_frame import LOOKS, faults_in_looks, overflow
from tests.paths import SOURCES
from tests.prepared import put_vocabulary
from tests.sheets_make import with_actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPORT = SOURCES / "uhri_export.json"
SHEET = SOURCES / "upr_info_mac_roman.csv"


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_sent_checked_applied_found_and_taken_back(logged_in, script):
    put_vocabulary()
    page = logged_in(make.user(Role.COORDINATOR), "/desk/imports/", script=script)
    page.set_input_files("input[type=file]", EXPORT)
    page.get_by_role("button", name="Send and check").click()
    assert page.get_by_role("link", name="40 New").is_visible()
    assert not Recommendation.objects.exists()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="See the records of this import").click()
    assert page.get_by_role("heading", name="40 records").is_visible()
    page.go_back()
    page.get_by_role("button", name="Undo this import").click()
    assert page.get_by_text("Import undone").is_visible()
    assert not Recommendation.objects.exists()


def test_a_sheet_is_read_as_its_sender_writes_it(logged_in):
    put_vocabulary()
    page = logged_in(make.user(Role.COORDINATOR), "/desk/imports/", script=False)
    page.set_input_files("input[type=file]", SHEET)
    page.get_by_role("button", name="Send and check").click()
    page.get_by_label("Sender", exact=True).fill("UPR Info")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Check the file").click()
    assert page.get_by_role("button", name="Apply").is_visible()
    page.goto("/desk/imports/")
    page.set_input_files("input[type=file]", SHEET)
    page.get_by_role("button", name="Send and check").click()
    assert page.get_by_label("Sender", exact=True).input_value() == ""
    assert page.get_by_text("read in the same way").is_visible()


@pytest.mark.parametrize("language", LOOKS)
def test_pages_of_an_import_fit_the_screen_and_axe_finds_no_fault(logged_in, axe, language):
    put_vocabulary()
    page = logged_in(make.user(Role.COORDINATOR), "/desk/imports/", language=language)
    found = {"list": faults_in_looks(page, axe, language)}
    for name, file in (("checked", EXPORT), ("columns", SHEET)):
        page.goto("/desk/imports/")
        page.set_input_files("input[type=file]", file)
        page.locator("main form button").first.click()
        found[name] = faults_in_looks(page, axe, language)
    assert found == dict.fromkeys(found, [])


@pytest.mark.parametrize("look", [{"width": 360, "script": False}, {"width": 360, "language": "ar"}], ids=str)
def test_several_sheets_are_read_in_one_import(logged_in, axe, tmp_path, look):
    put_vocabulary()
    path = tmp_path / "list.xlsx"
    path.write_bytes(with_actions(["12", "Build a wing", "", "2031-12-31"]))
    page = logged_in(make.user(Role.COORDINATOR), "/desk/imports/", **look)
    page.set_input_files("input[type=file]", path)
    page.locator("main form button").first.click()
    page.locator("input[name=sender]").fill("Ministry")
    page.locator("input[name=sheet_0]").check()
    found = {"sheets": (overflow(page), axe(page) if look.get("script", True) else [])}
    for step in ("columns of the further sheet", "values", "checked"):
        page.locator("main form button.btn-primary").click()
        found[step] = (overflow(page), axe(page) if look.get("script", True) else [])
    assert found == dict.fromkeys(found, (0, []))
    assert page.locator("bdi", has_text="Actions").is_visible()
    page.locator("main form button.btn-primary").click()
    assert Action.objects.get().title == "Build a wing"
