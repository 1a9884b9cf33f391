"""The language of texts is chosen apart from that of the pages; whoever gets another one is told so in words."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.kit.pages.text_language import COOKIE
from servanda.people.access import Role
from servanda.recommendations.models import TextVersion
from tests import make

pytestmark = pytest.mark.django_db
ARABIC = "حماية حقوق الطفل."


@pytest.fixture
def record():
    made = make.recommendation("Protect the rights of the child.")
    TextVersion.objects.create(recommendation=made, language="ar", text=ARABIC)
    return made


def choose(client, language: str, back: str = "/about/"):
    return client.post(reverse("portal:choose_text_language"), {"language": language, "next": back})


def page(client, address: str, language: str = "en", **headers) -> str:
    answer = client.get(address, headers={"accept-language": language, **headers})
    assert answer.status_code == 200
    return answer.content.decode()


def in_its_language(language: str, text: str) -> str:
    return f'<span class="langtext" lang="{language}" dir="auto">{text}</span>'


@pytest.fixture(params=["portal", "desk"])
def room(request, client) -> str:
    if request.param == "desk":
        client.force_login(make.user(Role.COORDINATOR))
    return request.param


def test_without_a_choice_texts_follow_the_language_of_the_page(client, room, record):
    for language, text in (("ar", ARABIC), ("en", "Protect the rights of the child.")):
        shown = page(client, reverse(f"{room}:register"), language)
        assert in_its_language(language, text) in shown


def test_pages_in_english_show_arabic_texts_to_whoever_chose_them(client, room, record):
    choose(client, "ar")
    shown = page(client, reverse(f"{room}:register"))
    assert '<html lang="en" dir="ltr">' in shown
    assert in_its_language("ar", ARABIC) in shown
    assert "Protect the rights of the child." not in shown
    whole = page(client, reverse(f"{room}:record" if room == "desk" else "portal:recommendation", args=[record.code]))
    assert whole.index(ARABIC) < whole.index("Protect the rights of the child.")
    assert "Shown in" not in whole


def test_the_panel_begins_with_the_chosen_text(client, record):
    choose(client, "ar")
    shown = page(client, reverse("portal:recommendation_panel", args=[record.code]), **{"hx-request": "true"})
    assert shown.index(ARABIC) < shown.index("Protect the rights of the child.")


def test_a_text_in_another_language_than_wanted_says_so_on_lists_and_pages(client, room):
    record = make.recommendation("Protect them.")
    choose(client, "ar")
    for name, arguments in (("register", []), ("record" if room == "desk" else "recommendation", [record.code])):
        shown = page(client, reverse(f"{room}:{name}", args=arguments))
        assert "Shown in English: there is no Arabic version." in shown
        assert re.search(r'lang="en"\s+dir="auto">\s*Protect them\.', shown)


def test_a_list_says_once_that_texts_are_in_other_languages_and_marks_their_rows(client, room):
    for number in range(3):
        make.recommendation(f"Protect them, {number}.")
    note = "Where there is no Arabic version, the text is in the language whose code follows the reference."
    assert note not in page(client, reverse(f"{room}:register"))
    choose(client, "ar")
    shown = page(client, reverse(f"{room}:register"))
    assert shown.count(note) == 1
    assert len(re.findall(r'<abbr class="result-language"[^>]*>EN</abbr>', shown)) == 3


def test_the_page_of_a_record_offers_the_languages_that_it_has(client, record):
    shown = re.sub(r"\s+>", ">", page(client, record.get_absolute_url()))
    offered = [
        code
        for code in ("ar", "en", "es", "fr")
        if f'<button type="submit" class="menu-item" name="language" value="{code}">' in shown
    ]
    assert offered == ["ar", "en"]


def test_a_choice_leads_back_to_the_same_list_and_an_empty_one_follows_the_page_again(client, record):
    list_url = reverse("portal:register") + "?sort=year"
    assert choose(client, "ar", list_url).url == list_url
    assert in_its_language("ar", ARABIC) in page(client, list_url)
    choose(client, "")
    assert in_its_language("en", "Protect the rights of the child.") in page(client, reverse("portal:register"))


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example/"])
def test_a_choice_leads_to_no_other_site(client, target):
    assert choose(client, "ar", target).url == "/"


@pytest.mark.parametrize("strange", ["<b>", "en-GB", "x" * 300, "é"])
def test_what_is_no_code_of_a_language_is_not_kept(client, strange):
    assert COOKIE not in choose(client, strange).cookies


def test_a_cookie_that_somebody_wrote_by_hand_changes_nothing(client, record):
    client.cookies[COOKIE] = '"><script>'
    assert in_its_language("en", "Protect the rights of the child.") in page(client, reverse("portal:register"))


def test_a_public_list_is_kept_for_no_other_choice(client, record):
    assert "Cookie" in client.get(reverse("portal:register"))["Vary"]


def test_a_list_costs_the_same_for_one_record_and_for_many(client, record):
    choose(client, "ar")
    address = reverse("portal:register")
    page(client, address)
    with CaptureQueriesContext(connection) as few:
        page(client, address)
    for number in range(20):
        made = make.recommendation(f"Protect child {number}.")
        TextVersion.objects.create(recommendation=made, language="ar", text=ARABIC)
    page(client, address)
    with CaptureQueriesContext(connection) as many:
        page(client, address)
    assert len(many) == len(few)
