"""On paper: black on white, with what is folded opened, and without what can only be pressed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdfium2 import PdfDocument

from servanda.people.access import Role
from servanda.recommendations.models import Position, Tagging
from tests import assessing_make, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["portal:home", "portal:register", "portal:overview", "desk:home", "desk:register", "desk:vacancies"]
PAGES += ["desk:follow_up", "desk:brief"]
PAPER = 700  # pixels between the margins of A4

FAULTS = """() => {
  const shown = (one) => one.checkVisibility({ checkVisibilityCSS: true });
  const named = "header, nav, footer, button:not(.term), select, dialog";
  const pressed = [...document.querySelectorAll(named)].filter(shown);
  const folded = [...document.querySelectorAll("main details:not(.no-print) > :not(summary)")]
    .filter((one) => shown(one.parentElement) && !shown(one));
  const wide = document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [];
  // In a line one cell less than in the head: its figures stand under the words of others.
  const cells = (line) => [...line.cells].filter(shown).reduce((sum, one) => sum + one.colSpan, 0);
  const shifted = [...document.querySelectorAll("main table:has(thead) > tbody > tr")]
    .filter((line) => shown(line) && cells(line) !== cells(line.closest("table").tHead.rows[0]));
  const grey = getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)" ? [] : [document.body];
  return [...pressed, ...folded, ...wide, ...shifted, ...grey].map((one) => one.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("language", ["en", "fr"])  # with the longest names of a status
def test_pages_are_fit_to_be_printed_whatever_the_screen_shows(logged_in, language):
    record = make.recommendation(stand="supported")
    page = logged_in(make.user(Role.ADMINISTRATOR), "/about/", width=PAPER, dark=True, language=language)
    page.emulate_media(media="print")
    found = {}
    for url in [*map(reverse, PAGES), reverse("desk:record", args=[record.code])]:
        page.goto(url)
        found[url] = page.evaluate(FAULTS)
    assert {url: wrong for url, wrong in found.items() if wrong} == {}


def test_a_printed_record_has_no_large_voids(open_page):
    record = make.recommendation("Strengthen the efforts to combat domestic violence (Iraq)", stand="supported")
    Position.objects.create(recommendation=record, stand="supported", date=date(2025, 3, 24))
    for word in ("Health", "Education", "Housing", "Work", "Water"):
        Tagging.objects.create(recommendation=record, term=make.term(word), origin="source", scheme="uhri")
    for voice in ("government", "mechanism", "independent"):
        assessing_make.assessment(record, "partial", voice, reason="The law is in force in all regions. " * 5)
    page = open_page(record.get_absolute_url())
    paper = PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(paper) <= 2
    paper.close()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_dashboard_takes_two_pages_of_a4_however_many_institutions_and_themes(logged_in, language):
    today = timezone.localdate()
    for number in range(24):
        body = make.body(f"B{number % 14}", "treaty-body")
        record = make.recommendation(body=body, review=None, stand="supported")
        for taxonomy in ("uhri-theme", "sdg"):
            Tagging.objects.create(
                recommendation=record,
                term=make.term(f"{taxonomy} {number}", taxonomy),
                origin="source",
                scheme="uhri",
            )
        name = f"Ministry of Labour, Family and Equal Opportunities {number}"
        make.assignment(record, make.institution(f"m{number}", name=name), due_on=today)
        for voice in ("government", "mechanism", "independent"):
            assessing_make.assessment(record, "partial", voice, date=today - timedelta(days=400 - 30 * (number % 12)))
    page = logged_in(make.user(Role.COORDINATOR), reverse("desk:follow_up"), language=language)
    paper = PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(paper) <= 2
    paper.close()


def test_a_page_of_the_screen_would_not_do(open_page):
    assert len(open_page("/about/", width=PAPER, dark=True).evaluate(FAULTS)) > 3
