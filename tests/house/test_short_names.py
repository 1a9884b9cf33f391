"""The UPR has another short name in each language: no page in them shows the English one.

That no page does is seen in test_every_page.py.
"""

import re

import pytest

from servanda.vocab.models import Body
from servanda.vocab.services.loading import body_fields, rows_of
from tests import make

pytestmark = pytest.mark.django_db

SHORT_NAMES = {"en": "UPR", "es": "EPU", "fr": "EPU", "pt": "EPU", "ar": "الاستعراض"}
NOT_SEEN = re.compile(r"<script.*?</script>|<style.*?</style>|<[^>]*>", re.DOTALL)
# References, names of files, reviews in the audit trail, and the organisation that is called so.
SAME_IN_ALL_LANGUAGES = re.compile(r"[A-Z]{3}[ -]UPR[ -]?\d|UPR Info")


def set_upr() -> None:
    make.body()
    row = next(row for row in rows_of("bodies") if row["code"] == "UPR")
    Body.objects.filter(code="UPR").update(**body_fields(row))


def seen_in(html: str) -> str:
    return SAME_IN_ALL_LANGUAGES.sub("", NOT_SEEN.sub(" ", html))


def english_short_name(page: bytes) -> str:
    """Some words around the first; empty if there is none."""
    seen = seen_in(page.decode())
    hit = re.search(r"\bUPR\b", seen)
    return " ".join(seen[max(hit.start() - 60, 0) : hit.end() + 40].split()) if hit else ""


@pytest.mark.parametrize(("language", "short_name"), SHORT_NAMES.items())
def test_the_register_shows_the_short_name_of_the_language(client, language, short_name):
    set_upr()
    make.recommendation(is_published=True)
    client.cookies["django_language"] = language
    html = client.get("/recommendations/").content.decode()
    assert re.search(rf">\s*[^<]*\b{short_name}\b", html)
