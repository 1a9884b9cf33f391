"""The keys that are told are the keys that the script knows."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

pytestmark = pytest.mark.django_db
KEY = re.compile(r'^\s+(?:"(.)"|(\w)):', re.MULTILINE)


def keys_of_the_script() -> set[str]:
    """The tables of the script, with the one pair that begins with g."""
    script = Path(finders.find("js/keys.js")).read_text()
    single = re.search(r"const KEYS = \{\n(.*?)\n  \};", script, re.DOTALL)[1]
    after_g = re.search(r"const AFTER_G = \{(.*?)\};", script)[1]
    keys = {quoted or letter for quoted, letter in KEY.findall(single)}
    pairs = {f"g {letter}" for letter in re.findall(r"(\w): \(\)", after_g)}
    assert "g" in keys
    return keys - {"g"} | pairs


def keys_told(page: str) -> set[str]:
    told = [re.findall(r"<kbd[^>]*>([^<]+)</kbd>", term) for term in re.findall(r"<dt>(.*?)</dt>", page, re.DOTALL)]
    return {" ".join(keys) for keys in told}


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}], ids=["page", "dialog"])
@pytest.mark.parametrize("language", settings.LANGUAGES, ids=lambda pair: pair[0])
def test_the_page_and_the_dialog_tell_every_key_of_the_script_and_no_other(client, headers, language):
    answer = client.get(reverse("portal:shortcuts"), headers=headers | {"accept-language": language[0]})
    page = answer.content.decode()
    assert ("<html" in page) == (not headers)
    assert keys_told(page) == keys_of_the_script() | {"Ctrl K ⌘ K"}


def test_every_key_has_words_of_its_own(client):
    page = client.get(reverse("portal:shortcuts")).content.decode()
    words = re.findall(r"<dd>(.*?)</dd>", page)
    assert len(set(words)) == len(words) == len(keys_of_the_script()) + 1
