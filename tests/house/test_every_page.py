"""Each page is drawn once, in one of the languages, and several facts are looked for in it.

It has help, it weighs little, it shows the short name of the review in its language; and each file that is downloaded
is named after the State and the day.
"""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.utils import timezone
from lxml import html

from servanda.kit.pages.help import file_of
from servanda.people.access import Role
from servanda.people.models import Instance
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import plain
from tests.house.answers import body_of
from tests.house.test_file_names import NAME, NAMED_OTHERWISE
from tests.house.test_short_names import english_short_name, set_upr
from tests.house.test_weight import (
    FIRST,
    FIRST_ARABIC,
    files_of,
    heaviest,
    is_whole_page,
    page_of,
    sent_as,
    too_heavy,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# A page that shows a code shows it in all four, and a page in these weighs no less than in English.
LANGUAGES = ["es", "fr", "pt", "ar"]
WITHOUT_HELP = {"portal:page_help"}  # it is the help
IN_ENGLISH = {"api:documentation"}
CODES = {"vocab:bodies", "vocab:delete_body", "vocab:unconfirmed", "exchange:received"}  # beside the names


class Walk:
    """All that an administrator finds, and a coordinator where an administrator is refused."""

    def __init__(self, client, scene_for):
        Instance.objects.create(pk=1, name="Office", state_code="SVN")
        set_upr()
        for number in range(60):
            make.recommendation(f"Protect the rights of group {number}, " * 12)
        administrator = make.user(Role.ADMINISTRATOR)
        self.client, self.scene = client, scene_for(administrator)
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.opened: set[str] = set()
        self.files: dict[str, str] = {}
        client.force_login(administrator)
        refused = [name for name in names() if self.look_at(name).status_code == 403]
        client.force_login(make.user(Role.COORDINATOR))
        for name in refused:
            self.look_at(name)
        client.force_login(administrator)

    def look_at(self, name: str) -> HttpResponse:
        language = LANGUAGES[names().index(name) % len(LANGUAGES)]
        self.client.cookies["django_language"] = language
        answer = self.client.get(ADDRESSES[name].url(name, self.scene), headers={"accept-language": language})
        found = NAME.search(answer.get("Content-Disposition", ""))
        if found and "attachment" in answer["Content-Disposition"]:
            self.files[name] = found[1]
        elif answer.get("Content-Type", "").startswith("text/html"):
            self.pages[name] = language, body_of(answer)
            self.opened |= {name} if answer.status_code == 200 else set()
        answer.close()
        return answer


def names() -> list[str]:
    return [name for name, address in ADDRESSES.items() if "GET" in address.methods]


@pytest.mark.timeout(300)
def test_each_page_has_what_every_page_has(client, scene_for):
    walk = Walk(client, scene_for)
    whole = {name: body for name, (_language, body) in walk.pages.items() if is_whole_page(body)}
    assert (len(whole) > 60, len(walk.files) > 30) == (True, True)
    opened = walk.opened & whole.keys()
    assert {name for name in opened if b'<details class="help' not in whole[name]} == WITHOUT_HELP
    assert {name for name in opened if not file_of(plain(name), "en").is_file()} == WITHOUT_HELP
    assert weighing_too_much(walk, {name: body for name, body in whole.items() if not name.startswith("api:")}) == []
    shown = {name: body for name, (_language, body) in walk.pages.items() if name not in IN_ENGLISH | CODES}
    assert {name: seen for name, body in shown.items() if (seen := english_short_name(body))} == {}
    assert wrongly_named(walk.files) == []


def weighing_too_much(walk: Walk, whole: dict[str, bytes]) -> list[str]:
    """Those of a quarter are in Arabic already: without its fonts they may weigh no more than the others."""
    arabic = {name: body for name, body in whole.items() if walk.pages[name][0] == "ar"}
    others = {name: body for name, body in whole.items() if name not in arabic}
    fonts = set().union(*map(fetched, arabic.values())).difference(*map(fetched, others.values()))
    walk.client.cookies["django_language"] = "ar"
    again = {name: page_of(walk.client, name, walk.scene, "ar") for name in heaviest(others)}
    assert len(again) > 5
    weighed = [(others, FIRST), (arabic, FIRST + sum(map(sent_as, fonts))), (again, FIRST_ARABIC)]
    return [
        fault
        for pages, first in weighed
        for name, body in pages.items()
        for fault in (too_heavy(name, body, first=first) if body else ())
    ]


def fetched(body: bytes) -> set[Path]:
    return set(files_of(html.fromstring(body)))


def wrongly_named(files: dict[str, str]) -> list[str]:
    day = timezone.localdate().isoformat()
    return [
        f"{name}: {file}"
        for name, file in files.items()
        if plain(name) not in NAMED_OTHERWISE and not ("SVN" in file and day in file)
    ]
