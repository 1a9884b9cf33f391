"""The switch of languages leads back to the page that was shown, with everything that stood in its address."""

import re
from html import unescape

import pytest
from django.urls import reverse

from servanda.people.access import Role
from tests import make

pytestmark = pytest.mark.django_db
SWITCH = re.compile(r'<form method="post" action="/language/">\s*<input type="hidden" name="next" value="([^"]*)">')
BUTTON = '<button class="menu-item" name="language" value="ar"'


@pytest.fixture
def record():
    make.recommendation(stand="supported", paragraph="140.2")
    return make.recommendation(stand="noted", paragraph="140.1")


def of_record(name: str):
    return lambda record: reverse(name, args=[record.code])


PAGES = {
    "a page of text": lambda _record: reverse("portal:about"),
    "a filtered list": lambda _record: reverse("portal:register") + "?stand=noted&by=body&size=20&q=",
    "words with accents": lambda _record: reverse("portal:search") + "?q=ni%C3%B1os+%26+%22derechos%22",
    "a record": of_record("portal:recommendation"),
    "log in with a way back": lambda _record: (
        reverse("account_login") + "?next=/desk/recommendations/%3Fstand%3Dnoted"
    ),
    "a filtered list of the desk": lambda _record: reverse("desk:register") + "?stand=noted&sort=year",
    "a record of the desk": of_record("desk:record"),
}


@pytest.mark.parametrize("where", PAGES)
def test_the_switch_keeps_the_page_and_its_question(client, record, where):
    if "desk" in where:
        client.force_login(make.user(Role.COORDINATOR))
    address = PAGES[where](record)
    before = client.get(address, headers={"accept-language": "en"}).content.decode()
    [back] = SWITCH.findall(before)
    assert BUTTON in before
    answer = client.post("/language/", {"language": "ar", "next": unescape(back)})
    assert answer.url == address
    after = client.get(answer.url, headers={"accept-language": "en"})
    assert '<html lang="ar" dir="rtl"' in after.content.decode()


def test_a_filtered_list_stays_filtered_in_the_other_language(client, record):
    address = PAGES["a filtered list"](record)
    client.post("/language/", {"language": "ar", "next": address})
    shown = client.get(address).content.decode()
    assert record.code in shown
    assert "140.2" not in shown
