"""Two people on one record: whoever is second is told, keeps their words, and overwrites nothing."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing.services import edit_recommendation
from servanda.recommendations.editing.texts import write_text
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search import fulltext
from servanda.trail.models import Event
from tests import make
from tests.threads import at_once


class Editor:
    """A person who opens a record, thinks, and saves; at the desk, or through a program."""

    def __init__(self):
        self.person = make.user(Role.COORDINATOR)
        self.key = make.token(self.person, scope="write")
        self.browser = Client()
        self.browser.force_login(self.person)
        self.fields: dict[str, list[str]] = {}
        self.version = ""

    def open(self, way: str, record: Recommendation) -> None:
        """Read what is there, in the way in which it will be changed."""
        if way in PAGES:
            answer = self.browser.get(page(PAGES[way], record), {"language": "en"})
            self.fields = fields_of(answer.content.decode())
        else:
            answer = Client().get(reverse("api:recommendation", args=[record.code]), headers=self.headers())
            self.version = answer["ETag"]

    def edit_page(self, record: Recommendation, words: str) -> HttpResponse:
        return self.browser.post(page("edit_recommendation", record), {**self.fields, "symbol": words})

    def write_page(self, record: Recommendation, words: str) -> HttpResponse:
        return self.browser.post(page("write_text", record), {**self.fields, "text": words})

    def edit_api(self, record: Recommendation, words: str) -> HttpResponse:
        return self.send("PATCH", reverse("api:recommendation", args=[record.code]), {"symbol": words})

    def write_api(self, record: Recommendation, words: str) -> HttpResponse:
        return self.send("PUT", reverse("api:write_text", args=[record.code, "en"]), {"text": words})

    def send(self, method: str, url: str, body: dict) -> HttpResponse:
        headers = self.headers() | {"if-match": self.version}
        return Client().generic(method, url, json.dumps(body), content_type="application/json", headers=headers)

    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}


INPUT = re.compile(r"<input [^>]*>")
TEXTAREA = re.compile(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', re.DOTALL)
SELECT = re.compile(r'<select name="(\w+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r"<option [^>]*selected[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def page(deed: str, record: Recommendation) -> str:
    return reverse(f"desk:{deed}", args=[record.code])


def fields_of(html: str) -> dict[str, list[str]]:
    """The form as a browser would send it back."""
    form = html[html.index('<div class="panel record-form">') :]
    sent: dict[str, list[str]] = {}
    for tag in INPUT.findall(form):
        data = dict(ATTRIBUTE.findall(tag))
        is_box = data.get("type") in ("checkbox", "radio")
        if not is_box or " checked" in tag:
            sent.setdefault(data["name"], []).append(unescape(data.get("value", "on" if is_box else "")))
    for name, text in TEXTAREA.findall(form):
        sent[name] = [unescape(text).removeprefix("\n")]
    for found in SELECT.finditer(form):
        sent[found[1]] = [dict(ATTRIBUTE.findall(tag))["value"] for tag in CHOSEN.findall(found[0])]
    return sent


WAYS: dict[str, Callable[[Editor, Recommendation, str], HttpResponse]] = {
    "edit on a page": Editor.edit_page,
    "text on a page": Editor.write_page,
    "edit by key": Editor.edit_api,
    "text by key": Editor.write_api,
}
PAGES = {"edit on a page": "edit_recommendation", "text on a page": "write_text"}
# Who is first and who is second.
PAIRS = [(first, second) for first in WAYS for second in WAYS]
ROUNDS, RACES = len(PAIRS), 2 * len(PAIRS)


def told(second: str, answer: HttpResponse) -> bool:
    if second in PAGES:
        return (
            answer.status_code == 409
            and "Another user saved this record while you were editing" in answer.content.decode()
        )
    return answer.status_code == 412


def kept(second: str, answer: HttpResponse, words: str) -> bool:
    """Their words come back: in the form that can be sent again, or beside what is saved."""
    if second in PAGES:
        sent = fields_of(answer.content.decode())
        return words in sent["text" if second.startswith("text") else "symbol"]
    return words in answer.json()["sent"].values()


def saved(record: Recommendation) -> tuple[str, str, int]:
    now = Recommendation.objects.select_related("document").get(pk=record.pk)
    text = TextVersion.objects.current().get(recommendation=record)
    return now.document.symbol, text.text, now.version


@pytest.mark.django_db
def test_whoever_is_second_is_told_each_time_and_nothing_is_overwritten():
    editor, other = Editor(), Editor()
    found: Counter[str] = Counter()
    sides: Counter[bool] = Counter()
    for number in range(ROUNDS):
        first, second = PAIRS[number % len(PAIRS)]
        record = make.recommendation("Ratify.")
        editor.open(first, record)
        other.open(second, record)
        done = WAYS[first](editor, record, f"First {number}.")
        assert done.status_code == (302 if first in PAGES else 200), done.content
        after_first = saved(record)
        assert f"First {number}." in after_first
        answer = WAYS[second](other, record, f"Second {number}.")
        found["told"] += told(second, answer)
        found["kept"] += kept(second, answer, f"Second {number}.")
        found["nothing overwritten"] += saved(record) == after_first
        sides[second in PAGES] += 1
    assert found == {"told": ROUNDS, "kept": ROUNDS, "nothing overwritten": ROUNDS}
    assert abs(sides[True] - sides[False]) <= 4
    deeds = Event.objects.filter(action__in=["recommendation-edited", "text-written"])
    assert set(deeds.values_list("actor", flat=True)) == {editor.person.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("second", WAYS)
def test_who_was_told_may_save_on_top_of_what_they_were_shown(second):
    editor, other, record = Editor(), Editor(), make.recommendation("Ratify.")
    other.open(second, record)
    editor.open("edit by key", record)
    editor.edit_api(record, "A/HRC/60/1")
    answer = WAYS[second](other, record, "Second.")
    assert told(second, answer)
    if second in PAGES:
        other.fields = fields_of(answer.content.decode())
    else:
        other.version = answer["ETag"]
    assert WAYS[second](other, record, "Second.").status_code in (200, 302)
    assert "Second." in saved(record)
    assert saved(record)[2] == 3


@pytest.mark.django_db
@pytest.mark.parametrize("second", WAYS)
def test_a_deed_that_forgets_the_version_is_seen(second, monkeypatch):
    editor, other, record = Editor(), Editor(), make.recommendation("Ratify.")
    other.open(second, record)
    editor.open("edit by key", record)
    editor.edit_api(record, "A/HRC/60/1")
    forget_the_version(monkeypatch)
    assert not told(second, WAYS[second](other, record, "Second."))


def forget_the_version(monkeypatch) -> None:
    """The flaw that this file is there to find."""

    def lock(recommendation, *, version=None):
        return Recommendation.objects.get(pk=recommendation.pk)

    for module in ("services", "texts"):
        monkeypatch.setattr(f"servanda.recommendations.editing.{module}.lock", lock)
    monkeypatch.setattr("servanda.api.writing.version_read", lambda _request: 2)


def edit_by_service(editor: Editor, record: Recommendation, words: str) -> None:
    facts = {"kind": "recommendation", "symbol": words, "paragraph": "1", "date": None, "language": "en"}
    facts |= {"decide_by": None, "confidentiality": "public"}
    others = dict.fromkeys(["restricted_to", "also_concerns", "recommending"], ())
    edit_recommendation(recommendation=record, version=1, **facts, **others, by=editor.person)


def write_by_service(editor: Editor, record: Recommendation, words: str) -> None:
    facts = dict.fromkeys(["is_original", "is_machine", "is_reviewed"], False)
    text = {"language": "en", "form": "full", "source": "", "text": words}
    write_text(recommendation=record, version=1, **text, **facts, by=editor.person)


def tell(second: str, editor: Editor, record: Recommendation, words: str) -> bool:
    """Whether they were told that a person was faster.

    SQLite in memory, as the tests have it, locks readers out too, where a file would let them wait: a request can
    break off after it has written. There the deeds race that requests lead to, and who was locked out tries again.
    """
    if connection.vendor == "postgresql":
        answer = WAYS[second](editor, record, words)
        return told(second, answer) and kept(second, answer, words)
    while True:
        try:
            (write_by_service if second.startswith("text") else edit_by_service)(editor, record, words)
        except OperationalError:
            continue
        except ChangedMeanwhile:
            return True
        return False


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_in_the_same_moment_exactly_one_wins():
    one, other = Editor(), Editor()
    for number in range(RACES):
        ways = PAIRS[number % len(PAIRS)]
        record = make.recommendation("Ratify.")
        words = [f"{name} {number}." for name in ("One", "Other")]
        for editor, way in zip((one, other), ways, strict=True):
            if connection.vendor == "postgresql":  # see `tell`
                editor.open(way, record)
        who = zip(ways, (one, other), words, strict=True)
        answers = at_once([partial(tell, way, editor, record, text) for way, editor, text in who])
        assert sorted(answers) == [False, True], ways
        now = saved(record)
        assert [word in now for word in words] == [not was_told for was_told in answers]
        assert now[2] == 2
    fulltext.remove(Recommendation.objects.values_list("pk", flat=True))  # the index of words outlives the rows
