import re
from collections.abc import Collection
from copy import copy
from functools import lru_cache
from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse

from servanda.trail.models import ChainHead, Event, RepeatedRefusal
from tests.house.addresses import ADDRESSES
from tests.house.addressing import PART
from tests.house.answers import body_of
from tests.house.scene import Scene

SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN")
# What is kept of each visit, and is nothing that the next one finds instead of making it, or shows to such a person.
KEPT_OF_EACH = {model._meta.db_table for model in (Session, Event, ChainHead, RepeatedRefusal)}

WRITTEN = re.compile(r'\b(?:INTO|DELETE FROM|(?<!FOR )(?<!DO )UPDATE)\s+"?(\w+)', re.IGNORECASE)
NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|(?<!DO )UPDATE)\s+"?(\w+)', re.IGNORECASE)


def ask(client, name: str, scene: Scene) -> HttpResponse:
    """One request of the first method that the table allows; afterwards everything is as it was."""
    address = ADDRESSES[name]
    method = "GET" if "GET" in address.methods else "POST"
    with transaction.atomic():
        answer = client.generic(method, address.url(name, scene), headers=PART)
        body_of(answer)
        transaction.set_rollback(True)
    return answer


class Watching:
    """The questions, the tables that they were about, and those written; everything that reaches the engine passes
    here."""

    def __init__(self):
        self.tables: set[str] = set()
        self.written: set[str] = set()
        self.questions: list[str] = []

    def __call__(self, execute, sql, *rest):
        if not sql.startswith(SAVEPOINTS):
            self.questions.append(sql)
        named, written = tables_in(sql)
        self.tables.update(named)
        self.written.update(written)
        return execute(sql, *rest)


@lru_cache(maxsize=2_000)
def tables_in(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """Those that a statement names, and those that it writes; pages ask the same again and again."""
    return frozenset(NAMED.findall(sql)), frozenset(WRITTEN.findall(sql))


class Page(NamedTuple):
    """What an address says, and what it asked of the database for that."""

    answer: HttpResponse
    body: bytes
    tables: set[str]
    written: set[str]
    questions: list[str]


def look_at(client, url: str, **headers: str) -> Page:
    """Ask, and leave everything as it was, also what the browser keeps."""
    cookies = copy(client.cookies)
    with transaction.atomic(), connection.execute_wrapper(watching := Watching()):
        answer = client.get(url, headers=headers)
        body = body_of(answer)
        transaction.set_rollback(True)
    client.cookies = cookies
    return Page(answer, body, watching.tables, watching.written, watching.questions)


def asking_about(pages: dict[str, Page], tables: Collection[str]) -> list[str]:
    """Those that can change when these tables are written: the others never asked about them."""
    return [name for name, page in pages.items() if not page.tables.isdisjoint(tables)]
