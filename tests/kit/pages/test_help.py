"""Help on every page in every language, and the words of the field explained where they stand."""

import json
import re
from pathlib import Path

import lxml.html
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver, reverse
from django.utils import translation
from django.utils.html import format_html

from servanda.kit.pages import glossary
from servanda.kit.pages.help import FOLDER, address, file_of, help_for, pages_with_help, rendered, shared
from servanda.people.access import Can, Role, can
from tests import make
from tests.house.addresses import ADDRESSES, THIRD_PARTY
from tests.house.addressing import EVERYBODY, LOGGED_IN, plain

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FILES = sorted(path.name for path in (FOLDER / "en").glob("*.md"))
HELPED = [page for page in (*ADDRESSES, *shared()) if file_of(page, "en").is_file()]
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
LABEL = re.compile(r"\*\*(.+?)\*\*")
ARABIC = re.compile(r"[\u0600-\u06ff]")
SPELLED = re.compile(r"[\w'’-]+")
# Pages of packages that no one is led to, or that only lead on.
BARE = {"account_email_verification_sent", "account_confirm_email", "account_email", "account_confirm_login_code"}
BARE |= {"account_reset_password_from_key_done", "mfa_download_recovery_codes"}


def text_of(name: str, language: str) -> str:
    return (FOLDER / language / name).read_text(encoding="utf-8")


def targets(text: str) -> list[str]:
    return sorted(target for _words, target in LINK.findall(text))


def labels_of(language: str) -> dict[str, set[str]]:
    """The messages of the interface in English, with their translations in all contexts."""
    labels: dict[str, set[str]] = {}
    with (Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if isinstance(message.id, str) and isinstance(message.string, str):
                labels.setdefault(message.id, set()).add(message.string)
    return labels


def test_pages_of_packages_have_help_too():
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    shown = {name for name in names if name.startswith(("account_", "mfa_", "usersessions_"))} - BARE
    assert len(shown) > 15
    assert [name for name in sorted(shown) if help_for(name, "en") is None] == []


@pytest.mark.django_db
def test_a_page_whose_help_is_missing_shows_none(client, monkeypatch, tmp_path):
    (tmp_path / "shared.csv").write_text("page,help\n", encoding="utf-8")
    monkeypatch.setattr("servanda.kit.pages.help.FOLDER", tmp_path)
    for kept in (help_for, shared, pages_with_help):
        kept.cache_clear()
    try:
        assert 'class="help' not in client.get(reverse("portal:about")).content.decode()
    finally:
        for kept in (help_for, shared, pages_with_help):
            kept.cache_clear()


@pytest.mark.django_db
def test_the_help_of_a_page_is_a_part_for_the_page_and_a_page_of_its_own(client):
    shown = client.get(reverse("portal:treaties"), headers={"accept-language": "ar"}).content.decode()
    (link,) = lxml.html.fromstring(shown).xpath('//details[@class="help no-print"]/a')
    assert link.get("href") == reverse("portal:page_help", args=["portal:treaties"])
    for headers, is_page in (({}, True), ({"hx-request": "true"}, False)):
        answer = client.get(link.get("href"), headers={"accept-language": "ar", **headers})
        body = answer.content.decode()
        assert ("<html" in body, help_for("portal:treaties", "ar").html in body) == (is_page, True)
        assert "HX-Request" in answer["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["portal:nothing", "..", "..%5C..%5Cx", "portal.treaties", "en/portal.about"])
def test_there_is_no_help_of_what_is_no_page(client, page):
    assert client.get(f"/help/{page}/").status_code == 404


def test_shared_help_is_of_pages_that_are_there_and_is_written():
    rooms = tuple(THIRD_PARTY)
    assert [page for page in shared() if page not in ADDRESSES and not page.startswith(rooms)] == []
    assert [page for page, kept in shared().items() if f"{kept.replace(':', '.')}.md" not in FILES] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_complete_in_each_language(language):
    assert sorted(path.name for path in (FOLDER / language).glob("*.md")) == FILES
    for name in FILES:
        text, english = text_of(name, language), text_of(name, "en")
        assert targets(text) == targets(english), name
        assert re.findall(r"^#+ ", text, re.MULTILINE) == re.findall(r"^#+ ", english, re.MULTILINE), name
        assert text.count("\n\n") == english.count("\n\n"), name
        assert len(SPELLED.findall(LINK.sub(r"\1", text))) in range(18, 110), name


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_help_is_translated(language):
    assert [name for name in FILES if text_of(name, language) == text_of(name, "en")] == []
    if language == "ar":
        assert [name for name in FILES if len(ARABIC.findall(text_of(name, "ar"))) < 60] == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_help_quotes_labels_of_the_interface(language):
    """What is in bold type is a message of the interface, and its translation in the other languages."""
    labels = labels_of(language)
    for name in FILES:
        english, quoted = LABEL.findall(text_of(name, "en")), LABEL.findall(text_of(name, language))
        assert [label for label in english if not labels.get(label, set()) & set(quoted)] == [], name
        assert len(quoted) == len(english), name


def test_french_keeps_its_signs_of_two_parts_on_the_line_of_their_word():
    texts = {name: text_of(name, "fr") for name in FILES}
    texts |= {slug: entry.definition for slug, entry in glossary.by_slug("fr").items()}
    assert [name for name, text in texts.items() if re.search(r" [:;?!»]|« ", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_help_lead_to_pages_and_to_words_of_the_glossary(language):
    terms = glossary.by_slug(language)
    for name in FILES:
        for target in targets(text_of(name, language)):
            if target.startswith("term:"):
                assert target.removeprefix("term:") in terms, (name, target)
            else:
                assert address(target).startswith("/"), (name, target)


def is_opened_by(person, who: str | Can) -> bool:
    if isinstance(who, Can):
        return can(person, who)
    return who == EVERYBODY or (who == LOGGED_IN and person.is_authenticated)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", *Role.values])
def test_help_leads_only_to_pages_that_its_readers_may_open(client, role):
    person = make.user(role) if role else AnonymousUser()
    if role:
        client.force_login(person)
    leads: dict[str, set[str]] = {}
    for name, entry in ADDRESSES.items():
        file = file_of(plain(name), "en")
        if is_opened_by(person, entry.who) and file.is_file():
            for target in targets(text_of(file.name, "en")):
                leads.setdefault(target, set()).add(name)
    pages = {target: names for target, names in leads.items() if not target.startswith("term:")}
    assert {target: names for target, names in pages.items() if client.get(address(target)).status_code != 200} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_shown_without_signs_of_its_notation(language):
    for page in HELPED:
        shown = help_for(page, language)
        assert (shown.language, shown.is_fallback) == (language, False), page
        assert shown.direction == ("rtl" if language == "ar" else "ltr")
        assert not re.search(r"\]\(|term:", shown.html), page


def test_a_language_without_help_gets_the_english_and_is_told():
    shown = help_for("portal:about", "de")
    assert (shown.language, shown.is_fallback) == ("en", True)


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        "[press](javascript:alert(1))",
        "[press](JaVaScRiPt:alert(1))",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)" onclick="alert(1)">press</a>',
        "![picture](https://elsewhere.example/x.png)",
    ],
)
def test_markup_in_help_does_nothing(planted):
    html = rendered(f"Read this. {planted}", "en")
    assert html.startswith("<p>Read this.")
    assert not re.search(r"<(?!/?p>)", html)


def test_what_a_word_is_called_in_help_is_escaped():
    html = rendered("[a <b>record</b>](term:record)", "en")
    assert "<b>" not in html
    assert 'popovertarget="help-record"' in html


# The glossary.


def entries() -> dict[str, dict]:
    return json.loads(Path(glossary.FILE).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_is_complete_in_each_language(language):
    shown = glossary.entries(language)
    assert len(shown) == len(entries()) > 40
    for entry in shown:
        assert entry.language == language, entry.slug
        assert len(entry.definition) > 25, entry.slug
        assert len(entry.others) == len(LANGUAGES) - 1, entry.slug
        assert re.fullmatch(r"[a-z-]+", entry.slug)
        assert language != "ar" or all(map(ARABIC.search, (entry.label, entry.definition))), entry.slug
    assert len({entry.label.casefold() for entry in shown}) == len(shown)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_definition_is_left_in_english(language):
    english = glossary.by_slug("en")
    assert [
        entry.slug for entry in glossary.entries(language) if entry.definition == english[entry.slug].definition
    ] == []


def test_the_field_calls_a_focal_point_so():
    names = {language: glossary.by_slug(language)["focal-point"].label for language in LANGUAGES}
    assert names == {
        "en": "focal point",
        "es": "punto focal",
        "fr": "point focal",
        "pt": "ponto focal",
        "ar": "نقطة اتصال",
    }


def test_a_word_that_a_body_has_defined_says_where():
    defined = {slug: kept["source"] for slug, kept in entries().items() if kept.get("source")}
    assert defined["upr"] == "Human Rights Council, resolution 5/1"
    assert {"nmirf", "treaty-body", "special-procedure", "indicator", "sdg", "nhri"} <= set(defined)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_glossary_has_each_term_under_its_address(client, language):
    page = client.get(reverse("portal:glossary"), headers={"accept-language": language}).content.decode()
    assert [slug for slug in entries() if f'<dt id="{slug}">' not in page] == []
    assert "Human Rights Council, resolution 5/1" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "slug"), [("foco punto", None), ("PUNTO FOCAL", "focal-point"), ("نقطة", "focal-point")]
)
def test_the_glossary_finds_a_word_in_any_language(client, asked, slug):
    page = client.get(reverse("portal:glossary"), {"q": asked}).content.decode()
    assert (f'<dt id="{slug}">' in page) == (slug is not None)
    assert ("No term contains these words" in page) == (slug is None)


@pytest.mark.parametrize(
    ("language", "text", "explained"),
    [
        ("en", "Each record has a position. A record is kept.", ["record"]),
        ("en", "Recording recordings.", []),
        ("ar", "سجل فيه توصية وبطاقة", ["recommendation", "register"]),
    ],
)
def test_a_word_in_a_sentence_is_explained_where_it_stands_first(language, text, explained):
    with translation.override(language):
        html = glossary.explain(format_html("{}", text), language, "lead")
    assert sorted(re.findall(r'popovertarget="lead-([\w-]+)"', html)) == explained


def test_a_line_does_not_begin_with_the_full_stop_after_an_explained_word():
    page = lxml.html.fromstring(glossary.explain(format_html("<p>{}</p>", "This is a record."), "en", "lead"))
    (explained,) = page.xpath('//*[@class="explained"]')
    assert (explained.xpath("string(button)"), explained[-1].tail, explained.tail) == ("record", ".", None)
