"""The UPR has another short name in each language: no page in them shows the English one."""

import re

import pytest

from servanda.people.access import Role
from servanda.vocab.models import Body
from servanda.vocab.services.loading import body_fields, rows_of
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.answers import body_of
from tests.house.scene import set_scene

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300), pytest.mark.slow]

SHORT_NAMES = {"en": "UPR", "es": "EPU", "fr": "EPU", "pt": "EPU", "ar": "الاستعراض"}
NOT_SEEN = re.compile(r"<script.*?</script>|<style.*?</style>|<[^>]*>", re.DOTALL)
# References, names of files, reviews in the audit trail, and the organisation that is called so.
SAME_IN_ALL_LANGUAGES = re.compile(r"[A-Z]{3}[ -]UPR[ -]?\d|UPR Info")
PAGES = [name for name, address in ADDRESSES.items() if "GET" in address.methods and not name.startswith("api:")]
LANGUAGES = ["es", "fr", "pt", "ar"]
# These pages list the codes themselves, beside the names.
CODES = {"vocab:bodies", "vocab:delete_body", "vocab:unconfirmed", "exchange:received"}


@pytest.fixture
def upr():
    make.body()
    row = next(row for row in rows_of("bodies") if row["code"] == "UPR")
    Body.objects.filter(code="UPR").update(**body_fields(row))


def seen_in(html: str) -> str:
    return SAME_IN_ALL_LANGUAGES.sub("", NOT_SEEN.sub(" ", html))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_the_english_short_name_in_another_language(client, upr, language):
    """A page that shows the code shows it in all four languages, so each page is asked for in one of them."""
    person = make.user(Role.ADMINISTRATOR, language=language)
    scene = set_scene(person)
    client.force_login(person)
    client.cookies["django_language"] = language
    found = {}
    for name in PAGES[LANGUAGES.index(language) :: len(LANGUAGES)]:
        if name in CODES:
            continue
        answer = client.get(ADDRESSES[name].url(name, scene))
        if "text/html" in answer.headers.get("content-type", ""):
            seen = seen_in(body_of(answer).decode())
            if hit := re.search(r"\bUPR\b", seen):
                found[name] = " ".join(seen[max(hit.start() - 60, 0) : hit.end() + 40].split())
    assert found == {}


@pytest.mark.parametrize(("language", "short_name"), SHORT_NAMES.items())
def test_the_register_shows_the_short_name_of_the_language(client, upr, language, short_name):
    make.recommendation(is_published=True)
    client.cookies["django_language"] = language
    html = client.get("/recommendations/").content.decode()
    assert re.search(rf">\s*[^<]*\b{short_name}\b", html)
