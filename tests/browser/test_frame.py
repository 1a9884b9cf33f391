from collections.abc import Iterator

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from tests import make
from tests.browser.long_names import name_at_length

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = ["/", "/about/", "/account/login/", "/no-such-page"]
DESK = ["/desk/", "/people/", "/people/roles/", "/people/instance/edit/", "/people/trail/"]
LOOKS = {
    "en": [{"width": 360, "dark": False}, {"width": 1366, "dark": True}],
    "ar": [{"width": 360, "dark": True}, {"width": 1366, "dark": False}],
}


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def in_looks(page, language: str) -> Iterator[str]:
    """The page as it is, in each look of its language: no script reads how wide a window is, and which colours."""
    page.emulate_media(reduced_motion="reduce")  # no colours that pass into each other
    for look in LOOKS[language]:
        page.set_viewport_size({"width": look["width"], "height": 800})
        page.emulate_media(color_scheme="dark" if look["dark"] else "light")
        yield str(look)


def faults_in_look(page, axe) -> list[str]:
    """Axe measures no colours of Arabic letters, and the structure of a wide page is the same in every language."""
    is_arabic = page.locator("html").get_attribute("lang") == "ar"
    found = [f"{too_wide} px too wide"] if (too_wide := overflow(page)) else []
    return found if is_arabic and page.viewport_size["width"] > 360 else found + axe(page, colours=not is_arabic)


def faults_in_looks(page, axe, language: str) -> list[str]:
    return [f"{look}: {fault}" for look in in_looks(page, language) for fault in faults_in_look(page, axe)]


@pytest.mark.parametrize("language", LOOKS)
def test_pages_fit_the_screen_and_axe_finds_no_fault(open_page, axe, language):
    make.recommendation()
    page = open_page("/", language=language)
    faults = {path: faults_in_looks(page, axe, language) for path in PUBLIC if page.goto(path)}
    assert faults == dict.fromkeys(PUBLIC, [])


@pytest.mark.parametrize("width", [360, 1366])
def test_the_picture_at_the_head_of_the_home_page_leaves_the_banner_of_the_demonstration_free(open_page, width):
    Instance.objects.create(pk=1, name="Office", is_demonstration=True)
    page = open_page("/", width=width)
    top_of_picture, end_of_banner = page.evaluate(
        """() => {
          const picture = document.querySelector(".welcome");
          const drawnAbove = parseFloat(getComputedStyle(picture).clipPath.slice("inset(".length));
          const banner = document.querySelector(".demo-banner").getBoundingClientRect();
          return [picture.getBoundingClientRect().top + drawnAbove, banner.bottom];
        }"""
    )
    assert top_of_picture >= end_of_banner - 1


@pytest.mark.parametrize("language", LOOKS)
def test_pages_of_the_desk_fit_the_screen_and_axe_finds_no_fault(logged_in, axe, language):
    page = logged_in(make.user(Role.ADMINISTRATOR), "/desk/", language=language)
    faults = {path: faults_in_looks(page, axe, language) for path in DESK if page.goto(path)}
    assert faults == dict.fromkeys(DESK, [])
    assert page.troubles == []


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_the_head_of_a_page_and_a_filter_fit_when_its_text_is_four_times_as_big(logged_in, language):
    """1280 pixels at 400 % are 320."""
    page = logged_in(make.user(Role.ADMINISTRATOR, name="Ana Primer"), "/desk/", width=320, language=language)
    assert overflow(page) <= 0
    for menu in page.locator(".site-tools > .menu").all():
        menu.locator("summary").click()
        box = menu.locator(":scope > :not(summary)").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    page.set_viewport_size({"width": 360, "height": 800})
    tools = page.locator(".site-tools > *").all()
    assert len({round(tool.bounding_box()["y"]) for tool in tools if tool.is_visible()}) == 1  # all in one line
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(reverse("desk:updates"))  # the longest words in a menu of a filter
    assert overflow(page) <= 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_head_fits_a_telephone_with_a_long_name_of_system_and_person(logged_in, language):
    name = "National Mechanism for Implementation, Reporting and Follow-up of the Republic of Freedonia"
    Instance.objects.update_or_create(pk=1, defaults={"name": name})
    page = logged_in(make.user(Role.COORDINATOR, name="Cora (coordinator)"), "/desk/", width=360, language=language)
    assert overflow(page) <= 0
    page.goto(reverse("desk:imports"))
    assert overflow(page) <= 0
    box = page.locator(".brand").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


def test_a_person_logs_in_and_out_and_changes_the_language_without_script(open_page):
    make.user(email="ana@example.org", name="Ana Primer")
    page = open_page("/about/", script=False)
    page.get_by_role("link", name="Log in").click()
    page.get_by_label("Email").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    assert page.url.endswith("/about/")
    page.get_by_text("English", exact=True).first.click()
    page.get_by_role("button", name="العربيّة").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.url.endswith("/about/")
    page.get_by_text("Ana Primer").click()
    page.locator(f'form[action="{reverse("account_logout")}"] button').click()
    assert page.locator(".log-in-link").is_visible()


def test_the_keyboard_reaches_the_content_first(open_page):
    page = open_page("/about/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_mistake_in_a_form_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page("/account/login/")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_login"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_name_of_the_mechanism_fits_a_telephone(open_page, language):
    name_at_length()
    page = open_page("/", width=360, language=language)
    assert {path: overflow(page) for path in PUBLIC if page.goto(path)} == dict.fromkeys(PUBLIC, 0)
