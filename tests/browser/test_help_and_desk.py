"""Help, words explained where they stand, the tour, the first steps and the page for the minister, in a browser."""

from datetime import date

import pypdfium2
import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A4 = (595, 842)


def is_open(page) -> bool:
    return page.locator("#help-position").evaluate("one => one.matches(':popover-open')")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_word_of_the_field_is_explained_by_key_and_by_pointer_without_script(open_page, language):
    page = open_page("/recommendations/", language=language, script=False)
    page.locator("details.help > summary").focus()
    page.keyboard.press("Enter")
    page.locator("details.help > a").click()
    word = page.locator('button[popovertarget="help-position"]')
    word.focus()
    page.keyboard.press("Enter")
    explanation = page.locator("#help-position")
    assert explanation.is_visible()
    assert explanation.locator("a").get_attribute("href") == reverse("portal:glossary") + "#position"
    page.keyboard.press("Escape")
    assert not explanation.is_visible()
    assert word.evaluate("one => one === document.activeElement")
    word.click()
    assert explanation.is_visible()
    page.locator("h1").click()
    page.mouse.move(0, 0)
    assert not explanation.is_visible()


def test_a_word_of_the_field_is_explained_by_touch(chromium, live_server):
    telephone = {"has_touch": True, "viewport": {"width": 360, "height": 740}, "base_url": live_server.url}
    with chromium.new_context(**telephone) as context:
        page = context.new_page()
        page.goto("/recommendations/")
        page.locator("details.help > summary").tap()
        page.locator('button[popovertarget="help-position"]').tap()
        box = page.locator("#help-position").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        page.touchscreen.tap(3, 20)
        assert not is_open(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_help_that_is_open_has_no_fault(open_page, axe, language):
    page = open_page("/recommendations/", language=language, width=360)
    page.emulate_media(reduced_motion="reduce")  # no colours that pass into each other
    page.locator("details.help > summary").click()
    page.locator('button[popovertarget="help-position"]').click()
    assert is_open(page)
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert (colours, axe(page)) == (colours, [])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_tour_is_walked_without_script(open_page, language):
    Instance.objects.create(pk=1, name="Office", is_demonstration=True)
    make.recommendation()
    page = open_page("/", language=language, script=False)
    page.locator('.demo-banner a[href="/tour/"]').click()
    steps = 1
    while page.locator('.pager a[rel="next"]').count():
        page.locator('.pager a[rel="next"]').click()
        steps += 1
    assert steps == page.locator("main ol > li").count() > 8
    page.locator('main ol a[href="?step=3"]').click()
    page.locator("main .panel a.btn-primary").click()
    assert "/recommendations/SVN-" in page.url
    assert page.locator('.demo-banner a[href="/tour/"]').is_visible()
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def test_the_first_steps_are_hidden_without_script(logged_in, axe):
    page = logged_in(make.user(Role.COORDINATOR), "/desk/")
    assert axe(page) == []
    page = logged_in(make.user(Role.COORDINATOR), "/desk/", script=False)
    assert page.locator(".first-run > ol > li").count() == 5
    page.locator(".first-run form button").click()
    assert page.locator(".first-run").count() == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_register_on_one_page_is_one_page_on_paper(logged_in, axe, language):
    Instance.objects.create(
        pk=1, name="Interministerial Office for Human Rights", state_code="SVN", languages="en,ar"
    )
    for number in range(10):
        body = make.body(f"T{number}")
        body.name = f"Committee on the Elimination of All Forms of Discrimination and Neglect {number}"
        body.save()
        make.recommendation(body=body, stand="pending", decide_by=date(2026, 5, 1 + number), date=date(2025, 1, 1))
        ministry = make.institution(
            f"m{number}", name=f"Ministry of Labour, Family, Social Affairs and Equality {number}"
        )
        make.recommendation(confidentiality="restricted").restricted_to.set([ministry])
    page = logged_in(make.user(Role.AUTHORITY, make.institution("m0")), reverse("desk:brief"), language=language)
    assert page.locator("[data-print]").is_visible()
    assert axe(page) == []
    (sheet,) = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert tuple(map(round, sheet.get_size())) == A4
    text = sheet.get_textpage().get_text_range()
    assert "Interministerial Office" in text
    assert "Committee on the Elimination of All Forms of Discrimination and Neglect 3" in " ".join(text.split())
    assert page.troubles == []


def test_a_question_mark_tells_the_keys(open_page):
    page = open_page("/about/")
    page.keyboard.press("?")
    page.locator("#shortcuts dt").first.wait_for()
    told = page.locator("#shortcuts dt").all_inner_texts()
    page.keyboard.press("Escape")
    page.goto("/shortcuts/")
    assert page.locator("main dt").all_inner_texts() == told
    assert len(told) > 7
