import re
from functools import lru_cache

from django.db import transaction
from django.http import HttpResponse

from tests.house.addresses import ADDRESSES
from tests.house.addressing import PART
from tests.house.answers import body_of
from tests.house.scene import Scene

WRITTEN = re.compile(r'\b(?:INTO|DELETE FROM|(?<!FOR )UPDATE)\s+"?(\w+)', re.IGNORECASE)
NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)


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
    """The tables that were asked about, and those written; everything that reaches the engine passes here."""

    def __init__(self):
        self.tables: set[str] = set()
        self.written: set[str] = set()

    def __call__(self, execute, sql, *rest):
        named, written = tables_in(sql)
        self.tables.update(named)
        self.written.update(written)
        return execute(sql, *rest)


@lru_cache(maxsize=2_000)
def tables_in(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """Those that a statement names, and those that it writes; pages ask the same again and again."""
    return frozenset(NAMED.findall(sql)), frozenset(WRITTEN.findall(sql))
