"""Whatever the check of the format lets through can be accepted and shown: the longest texts, the largest numbers,
and days at both ends of the calendar."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from servanda.exchange.decisions.services import decide_received
from servanda.exchange.format.checking import FileChecks
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Received
from servanda.people.access import Role
from tests import make
from tests.exchange_make import SITE, Sender, peer, receive

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EXAMPLES = Path(__file__).parents[3] / "docs/exchange/examples"
LONG = ["é" * length for length in (21, 101, 201, 256, 301, 501, 1001, 4001)]
NUMBERS = [-1, 2**15, 2**31, 2**63, 10**30, 10**4000, 1e308, 2025.0]
ODD = ["", "0001-01-01", "9999-12-31", "{{ 7 }}", "javascript:alert(1)", "../..", "QQQ", [], {}, None, {"items": "x"}]
PAGES = [
    *("desk:peer_entries", "desk:mechanisms", "desk:mechanisms_map", "desk:practices", "desk:assistance"),
    *("desk:training", "desk:meetings", "exchange:directory", "exchange:compare_peers", "exchange:search_registers"),
]


def example(kind: str) -> dict[str, Any]:
    for file in EXAMPLES.glob("*.jsonld"):
        content = json.loads(file.read_text(encoding="utf-8"))
        for value in content.get("@graph", [content]):
            if value.get("type") == KINDS[kind].type:
                return {key: inside for key, inside in value.items() if key != "@context"}
    raise LookupError(kind)


def places(value: Any, at: tuple = ()) -> Iterator[tuple]:
    yield at
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from places(inside, (*at, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*at, 0))


def changed(value: dict[str, Any], place: tuple, new: Any) -> dict[str, Any]:
    *way, last = place
    made = deepcopy(value)
    inside = made
    for key in way:
        inside = inside[key]
    inside[last] = new
    return made


def variants(kind: str) -> Iterator[dict[str, Any]]:
    """Those of the example that the check lets through."""
    shown = example(kind)
    for place in places(shown):
        if place and place[0] not in ("id", "type", "code"):
            for new in (*LONG, *NUMBERS, *ODD):
                code = str(uuid4())
                value = changed(shown, place, new) | {"id": f"{SITE}/exchange/{kind}/{code}", "code": code}
                if not list(FileChecks().faults_of(value)):
                    yield value


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_check_lets_through_is_accepted_and_shown(client, kind):
    by, sender, values = make.user(Role.COORDINATOR), Sender(), list(variants(kind))
    assert len(values) > 20
    trusted = peer(sender, by, kinds=" ".join(KINDS), country=make.country("HRV", "Croatia"))
    for value in values:
        sender.tell("Create", value)
    arrived = receive(sender.parcel(), by)
    assert arrived.refused == 0
    assert decide_received(peer=trusted, rows=Received.objects.waiting(), state="accepted", by=by) == len(values)
    client.force_login(by)
    assert {page: client.get(reverse(page)).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
