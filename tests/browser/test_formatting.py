"""Buttons above the text of a section write its Markdown; without a script there are none."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from tests import make, reports_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(logged_in, **look):
    coordinator = make.user(Role.COORDINATOR)
    report = reports_make.report(coordinator)
    return logged_in(coordinator, reverse("desk:write_section", args=[report.key, "method"]), **look)


@pytest.mark.parametrize(
    ("button", "text", "selected", "written"),
    [
        ("Bold", "The law applies.", (4, 7), "The **law** applies."),
        ("Italic", "The law applies.", (4, 7), "The *law* applies."),
        ("Heading", "Laws\nThe law applies.", (1, 1), "## Laws\nThe law applies."),
        ("List", "one\ntwo\nthree", (1, 5), "- one\n- two\nthree"),
        ("Numbered list", "one\ntwo", (0, 7), "1. one\n2. two"),
        ("Quotation", "one", (3, 3), "> one"),
        ("Link", "the law", (4, 7), "the [law](https://)"),
        ("Table", "Text.", (5, 5), "Text.\n\n|  |  |\n| --- | --- |\n|  |  |\n\n"),
    ],
)
def test_a_button_writes_the_signs_and_the_browser_can_undo_them(logged_in, button, text, selected, written):
    page = opened(logged_in)
    area = page.locator("#id_text")
    area.fill(text)
    area.evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", list(selected))
    page.get_by_role("group", name="Formatting").get_by_role("button", name=button, exact=True).click()
    assert area.input_value() == written
    page.keyboard.press("Control+z")
    assert area.input_value() == text


def test_without_a_script_there_are_no_buttons(logged_in):
    assert opened(logged_in, script=False).locator("[data-formatting] button:visible").count() == 0
