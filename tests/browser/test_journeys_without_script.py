"""The core of the work with scripts switched off, and in Arabic by whoever reads nothing else."""

import csv
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from servanda.people.access import Role
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, SavedView, TextVersion
from tests import make
from tests.paths import SOURCES
from tests.prepared import put_vocabulary

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPORT = SOURCES / "uhri_export.json"
IN_ENGLISH = {"width": 1366, "language": "en"}
IN_ARABIC = {"width": 360, "language": "ar"}
ARABIC_LETTER = re.compile("[\u0621-\u064a]")
REFERENCE = re.compile(r"[A-Z]{3}-[A-Z]+-[0-9.-]+")


def downloaded(page, click) -> list[dict]:
    with page.expect_download() as waiting:
        click()
    with Path(waiting.value.path()).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def log_in(page, *, email: str, password: str, button: str) -> None:
    main = page.get_by_role("main")
    main.get_by_label(email, exact=True).fill("ana@example.org")
    main.get_by_label(password, exact=True).fill(make.PASSWORD)
    main.get_by_role("button", name=button, exact=True).click()


def unfold(main, words: str) -> None:
    """What opens with a click, and not the help that quotes its words."""
    main.locator("summary").and_(main.get_by_text(words, exact=True)).click()


def is_record(main, code: str, text: str) -> None:
    """The page of the record: its text is the heading, shortened if it is long, and its reference stands above."""
    title = main.locator("h1").inner_text()
    assert text == title or (title.endswith("…") and text.startswith(title.removesuffix("…").rstrip()))
    assert main.locator(".eyebrow").inner_text().split(" · ")[0] == code


def test_without_script_one_logs_in_imports_finds_reads_edits_and_exports(open_page):
    put_vocabulary()
    make.user(Role.COORDINATOR, email="ana@example.org", name="Ana Primer")
    page = open_page(f"{reverse('account_login')}?next=/desk/imports/", script=False, **IN_ENGLISH)
    log_in(page, email="Email", password="Password", button="Log in")
    main = page.get_by_role("main")
    main.get_by_role("heading", name="Code from your phone").wait_for()
    main.locator("form input[name=code]").fill(make.code_on_phone())
    main.get_by_role("button", name="Log in", exact=True).click()
    main.locator("input[type=file]").set_input_files(EXPORT)
    main.get_by_role("button", name="Send and check").click()
    main.get_by_role("button", name="Apply").click()
    assert Recommendation.objects.count() == 40

    page.goto("/desk/register/")
    words = TextVersion.objects.filter(language="en").first().text.split()[-1].strip(".();")
    main.get_by_label("Search the recommendations").fill(words)
    main.get_by_role("button", name="Search").click()
    found = int(main.get_by_role("heading", name=re.compile(r"^\d+ records?$")).inner_text().split()[0])
    assert 0 < found < 40
    unfold(main, "Download")
    rows = downloaded(page, main.get_by_role("link", name="CSV", exact=True).click)
    assert len(rows) == found

    row = main.locator("tbody th.result-main").first
    text, link = row.locator(".result-text").inner_text(), row.get_by_role("link", name=REFERENCE)
    code = link.inner_text().strip()
    assert REFERENCE.fullmatch(code)
    link.click()
    is_record(main, code, text)
    main.get_by_role("link", name="Edit", exact=True).click()
    main.get_by_label("Paragraph").fill("999.9")
    main.get_by_role("button", name="Save").click()
    is_record(main, code, text)
    assert Recommendation.objects.get(code=code).paragraph == "999.9"


def said(msgid: str) -> str:
    with translation.override("ar"):
        return gettext(msgid)


def is_arabic(page) -> None:
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl")
    headings = [
        words for words in page.locator("main :is(h1, h2)").all_inner_texts() if not REFERENCE.fullmatch(words)
    ]
    assert [words for words in headings if not (ARABIC_LETTER.search(words) or REFERENCE.fullmatch(words))] == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_whoever_reads_only_arabic_logs_in_finds_reads_saves_the_list_and_exports(open_page, script):
    make.user(Role.READER, email="ana@example.org", name="آنا مثال")
    record = make.recommendation("Protect every person from torture.")
    TextVersion.objects.create(recommendation=record, language="ar", text="احموا كل شخص من التعذيب.")
    other = make.recommendation("Build schools.")
    reindex([record.pk, other.pk])

    page = open_page("/", script=script, **IN_ARABIC)
    is_arabic(page)
    page.get_by_role("link", name=said("Log in")).click()
    is_arabic(page)
    log_in(page, email=said("Email"), password=said("Password"), button=said("Log in"))
    main = page.get_by_role("main")
    main.get_by_role("heading", name=said("My desk")).wait_for()
    is_arabic(page)

    main.get_by_label(said("Search the recommendations")).fill("التعذيب")
    main.get_by_role("button", name=said("Search")).click()
    with translation.override("ar"):
        one_record = ngettext("%(total)s record", "%(total)s records", 1) % {"total": 1}
    main.get_by_role("heading", name=one_record).wait_for()
    is_arabic(page)

    unfold(page, said("Save this list"))
    page.get_by_label(said("Name"), exact=True).fill("التعذيب في السجل")
    page.get_by_role("button", name=said("Save"), exact=True).click()
    main.get_by_text(said("List saved. It is shown under your saved lists.")).wait_for()
    assert "q=" in SavedView.objects.get(name="التعذيب في السجل").query
    page.get_by_role("link", name="التعذيب في السجل").click()
    main.get_by_role("heading", name=one_record).wait_for()

    unfold(main, said("More"))
    unfold(main, said("Download"))
    rows = downloaded(page, main.get_by_role("link", name=said("CSV"), exact=True).click)
    assert len(rows) == 1
    assert any("التعذيب" in (cell or "") for cell in rows[0].values())

    main.get_by_role("link", name=record.code).click()
    if script:
        page.get_by_role("link", name=said("Open the full page")).click()
    text = main.get_by_role("heading", name="احموا كل شخص من التعذيب.", level=1)
    text.wait_for()
    is_record(main, record.code, "احموا كل شخص من التعذيب.")
    is_arabic(page)
    assert text.evaluate("one => one.closest('[lang]').lang") == "ar"
