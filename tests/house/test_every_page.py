"""Each page is drawn once for a person, in one of the languages, and several facts are looked for in it.

It opens or not as the table of addresses says, its head says what it has to, and it asks the database at most twenty
questions; it has help, it weighs little, it shows the short name of the review in its language; each file that is
downloaded is named after the State and the day; and measures of courts change not one byte of it.
"""

import re
from collections.abc import Collection
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.kit.pages.help import file_of
from servanda.people.models import Instance
from servanda.recommendations.search import encoding
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import plain
from tests.house.answers import body_of, said_of
from tests.house.asking import KEPT_OF_EACH, Page, Watching, asking_about, look_at
from tests.house.kinds import KINDS
from tests.house.replaying import Baseline, QueryLog
from tests.house.test_addresses import COUNTED, faults_at, is_asked
from tests.house.test_file_names import NAME, NAMED_OTHERWISE
from tests.house.test_query_budget import ALLOWED, FILES, MOST
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
from tests.measures_make import fifty_measures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# A page that shows a code shows it in all four, and a page in these weighs no less than in English.
LANGUAGES = ["es", "fr", "pt", "ar"]
WITHOUT_HELP = {"portal:page_help"}  # it is the help
IN_ENGLISH = {"api:documentation"}
CODES = {"vocab:bodies", "vocab:delete_body", "vocab:unconfirmed", "exchange:received"}  # beside the names
LISTS = ("?q=quarantine", "?q=rights", "?year=2031", "?kind=recommendation", "?theme=Health", "?by=review")
OF_MEASURES = {"desk:ordered_measures", "desk:ordered_measures_export", "desk:link_case_measures"}
OF_MEASURES |= {"desk:add_report", "desk:edit_report"}  # which offer a report on the measures of a body
OWN_VISITS = ("/people/trail", "/people/me/personal-data/")  # each page and file that was read is a line there
DATED = "/exchange/peers/parcel.zip"  # dated and signed at each download
OF_THE_VISIT = re.compile(
    r'<time datetime="[^"]*">[^<]*</time>|(?<=name="form_key" value=")[^"]*|(?<=name="opened" value=")[^"]*|'
    r'(?<="written_at": ")[^"]*'
)


class Walk:
    """All addresses that answer this person more than the refusal of a guard, and narrowed lists."""

    def __init__(self, client, scene_for, kind: str):
        Instance.objects.create(pk=1, name="Office", state_code="SVN")
        set_upr()
        for number in range(60):
            make.recommendation(f"Protect the rights of group {number}, " * 12)
        make.term("Health")
        make.country("FJI", "Fiji")
        make.body("ECtHR-CM", "court")
        encoding.encode_missing()
        person = KINDS[kind]()
        self.client, self.kind, self.scene = client, kind, scene_for(person)
        client.force_login(person)
        self.urls = self.named() | {url: url for url in narrowed()}
        self.asked: dict[str, QueryLog] = {}
        self.pages = self.read(self.urls)

    def named(self) -> dict[str, str]:
        looked_at = [name for name, address in ADDRESSES.items() if "GET" in address.methods]
        return {name: ADDRESSES[name].url(name, self.scene) for name in looked_at if is_asked(name, self.kind)}

    def read(self, names: Collection[str]) -> dict[str, Page]:
        return {name: self.look_at(name) for name in self.urls if name in names}

    def language_of(self, name: str) -> str:
        return LANGUAGES[list(self.urls).index(name) % len(LANGUAGES)]

    def look_at(self, name: str) -> Page:
        headers = self.in_language_of(name)
        with connection.execute_wrapper(asked := QueryLog()):
            page = look_at(self.client, self.urls[name], **headers)
        self.asked[name] = asked
        return page

    def visit(self, name: str) -> None:
        """So that it is known that this person was there."""
        body_of(self.client.get(self.urls[name], headers=self.in_language_of(name)))

    def in_language_of(self, name: str) -> dict[str, str]:
        language = self.client.cookies["django_language"] = self.language_of(name)
        return {"accept-language": language}


def narrowed() -> list[str]:
    register, search, records = (reverse(f"desk:{name}") for name in ("register", "search", "find_records"))
    asked = [f"{search}?q=quarantine", f"{records}?field=codes&codes_words=pay"]
    return [*(register + question for question in LISTS), *asked]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", COUNTED)
def test_each_page_has_what_every_page_has(client, scene_for, refusals_drawn_once, kind):
    walk = Walk(client, scene_for, kind)
    found = {
        "answers as the table of addresses says": wrong_heads(walk),
        "asks at most twenty questions": over_the_budget(walk),
        **(faults_of_pages(walk) if kind == "administrator" else {}),
        "is not changed by measures": changed_by_measures(walk),
    }
    assert {promise: faults for promise, faults in found.items() if faults} == {}


def wrong_heads(walk: Walk) -> list[str]:
    named = {name: page for name, page in walk.pages.items() if name in ADDRESSES}
    return [fault for name, page in named.items() for fault in faults_at(page.answer, name, "GET", walk.kind)]


def over_the_budget(walk: Walk) -> dict[str, int]:
    """What is found once and kept, such as the kinds of things, is no question of this page: it is asked for again
    when it seems to ask too much."""
    found = {}
    for name, page in walk.pages.items():
        is_page = not name.startswith("api:") and not any(part in name for part in FILES)
        most = ALLOWED.get((name, walk.kind), MOST)
        if is_page and len(page.questions) > most and len(again := walk.look_at(name).questions) > most:
            found[name] = len(again)
    return found


def faults_of_pages(walk: Walk) -> dict[str, object]:
    named = {name: page for name, page in walk.pages.items() if name in ADDRESSES}
    pages = {name: page.body for name, page in named.items() if is_html(page)}
    whole = {name: body for name, body in pages.items() if is_whole_page(body)}
    files = files_in(named)
    assert (len(whole) > 60, len(files) > 30) == (True, True)
    opened = {name for name in whole if named[name].answer.status_code == 200} - WITHOUT_HELP
    shown = {name: body for name, body in pages.items() if name not in IN_ENGLISH | CODES}
    return {
        "has help": {name for name in opened if b'<details class="help' not in whole[name]},
        "has a text of help": {name for name in opened if not file_of(plain(name), "en").is_file()},
        "weighs little": weighing_too_much(walk, {name: body for name, body in whole.items() if "api:" not in name}),
        "shows the short name": {name: seen for name, body in shown.items() if (seen := english_short_name(body))},
        "has the name of a file": wrongly_named(files),
    }


def is_html(page: Page) -> bool:
    return page.answer.get("Content-Type", "").startswith("text/html")


def files_in(pages: dict[str, Page]) -> dict[str, str]:
    """The names of the files that are downloaded."""
    heads = {name: page.answer.get("Content-Disposition", "") for name, page in pages.items()}
    found = {name: NAME.search(head) for name, head in heads.items() if "attachment" in head}
    return {name: match[1] for name, match in found.items() if match}


def weighing_too_much(walk: Walk, whole: dict[str, bytes]) -> list[str]:
    """Those of a quarter are in Arabic already: without its fonts they may weigh no more than the others."""
    arabic = {name: body for name, body in whole.items() if walk.language_of(name) == "ar"}
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


def changed_by_measures(walk: Walk) -> list[str]:
    """What a visit makes, as the key of a copy, it makes once: those pages are visited, and all that tell of it read
    again. Of the others, those can change whose questions are answered otherwise because of the measures."""
    made = set().union(*(page.written for page in walk.pages.values())) - KEPT_OF_EACH
    for name in [name for name, page in walk.pages.items() if page.written - KEPT_OF_EACH]:
        walk.visit(name)
    compared = {name: page for name, page in walk.pages.items() if is_compared(name, walk.urls[name])}
    compared |= walk.read(asking_about(compared, made))
    baseline = Baseline({name: walk.asked[name] for name in compared})
    with connection.execute_wrapper(watching := Watching()):
        fifty_measures(walk.scene.record)
    cache.clear()
    assert len(asking_about(compared, watching.written)) > 100
    can_change = walk.read(baseline.to_draw_again(compared))
    return [name for name, page in can_change.items() if told_by(page) != told_by(compared[name])]


def is_compared(name: str, url: str) -> bool:
    return name not in OF_MEASURES and not url.startswith((*OWN_VISITS, DATED))


def told_by(page: Page) -> str:
    return OF_THE_VISIT.sub("", said_of(page.answer, page.body))
