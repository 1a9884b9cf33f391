"""Every address of a record, in every state that a record can be in, asked for by every kind of person."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import ROLES
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from tests import make
from tests.house.addresses import ADDRESSES, our_patterns
from tests.house.addressing import EVERYBODY, LOGGED_IN, Address, of_record
from tests.house.asking import ask
from tests.house.kinds import (
    EVERYWHERE,
    INSIDE,
    KINDS,
    NAMED,
    NAMED_ON_IT,
    STRANGERS,
    asked_of_both_databases,
    granted,
    place,
)
from tests.house.replaying import QueryLog, Results
from tests.house.scene import Scene
from tests.house.test_addresses import INTERNAL_SIDE, OWN, outcome

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# No public page asks who it is that is signed in, except whether they contribute. Of people inside, those ask who
# read everything, write for an institution, or read in the narrowest scope; and all who are not inside.
PUBLIC_ASKED_BY = {*KINDS} - {"administrator", "auditor", "authority", "reader"}
PUBLIC_ASKED_BY -= {f"focal point of one {where} it" for where in ("above", "below", "beside")}
STATES: dict[str, Callable[[], dict]] = {
    "published": dict,
    "unpublished": lambda: {"is_published": False},
    "internal": lambda: {"confidentiality": "internal"},
    "restricted": lambda: {"confidentiality": "restricted"},
    "withdrawn": lambda: {"withdrawn_at": timezone.now(), "withdrawn_reason": "Printed twice."},
    "withdrawn, restricted": lambda: {**STATES["withdrawn"](), "confidentiality": "restricted"},
    "merged": lambda: {"merged_into": make.recommendation()},
    "not yet applied": lambda: {"added_by": batch("applying")},
    "undone": lambda: {"added_by": batch("undone")},
}
EVERYONE = set(KINDS)
SEEN_BY: dict[str, set[str]] = {
    "published": EVERYONE,
    "unpublished": INSIDE,
    "internal": INSIDE,
    "restricted": NAMED_ON_IT,
}
# Of what has left the register, its page at the desk and its history still tell.
REMEMBERED_BY: dict[str, set[str]] = {
    "withdrawn": INSIDE,
    "withdrawn, restricted": EVERYWHERE,
    "merged": INSIDE,
}
TELL_OF_FORMER = {"desk:record", "desk:record_history", "desk:restore_recommendation", "desk:unmerge_recommendation"}
OF_PUBLIC_RECORDS = {"desk:sign_assessment"}  # for people inside, and yet of no record that is not public
ONLY_FORMER = {"desk:restore_recommendation", "desk:unmerge_recommendation"}


def batch(state: str) -> Batch:
    return Batch.objects.create(name=state, state=state, sha256=state)


def in_state(scene: Scene, state: str) -> None:
    """The record of the scene, with all that hangs on it, goes into this state and names the institution."""
    fields = STATES[state]()
    Recommendation.objects.filter(pk=scene.record.pk).update(**fields)
    if state == "merged":
        Batch.objects.create(shape="merge", name=scene.record.code, state=Batch.State.APPLIED)
    scene.record.restricted_to.add(place(NAMED))


def finds(name: str, kind: str, state: str) -> bool:
    if name == "portal:recommendation" and state == "merged":
        return True  # it leads to the record that took it in
    seen_by = SEEN_BY.get(state, set()) & (INSIDE if name in INTERNAL_SIDE else EVERYONE)
    if name in OWN:
        seen_by = seen_by & NAMED_ON_IT
    is_kept = kind in seen_by and name not in ONLY_FORMER
    is_told = kind in REMEMBERED_BY.get(state, ()) and name in TELL_OF_FORMER
    return is_kept or is_told


def expected(name: str, address: Address, kind: str, state: str) -> str:
    is_public_page = address.who == EVERYBODY
    if is_public_page:
        return "ok" if state == "published" or finds(name, "anonymous", state) else "missing"
    kind = "anonymous" if name in OF_PUBLIC_RECORDS else kind
    return "ok" if finds(name, kind, state) else "missing"


def of_records(scene: Scene, kind: str) -> dict[str, Address]:
    """Of the addresses with a code that this person may open, those of this record, alone or with something that
    hangs on it. The coordinator finds as many records as the administrator, and asks for all that both may open; to
    all others a guard says the same before a record is looked for."""
    named = {
        name: ADDRESSES[name]
        for name, pattern in our_patterns()
        if "<str:code>" in str(pattern.pattern) or ADDRESSES[name].arguments is of_record
    }
    may = (set() if kind in STRANGERS else {LOGGED_IN}) | granted(kind, ROLES)
    may |= {EVERYBODY} if kind in PUBLIC_ASKED_BY else set()
    may -= granted("coordinator", ROLES) if kind == "administrator" else set()
    return {
        name: address
        for name, address in named.items()
        if address.who in may and address.arguments(scene)[0] == scene.record.code
    }


class Outcome(NamedTuple):
    """What came of asking once, what the database was asked for that, and its answers in this state of the record."""

    found: str
    asked: QueryLog
    results: list


def wrong(client, scene_for, kind: str, states: Iterable[str]) -> list[str]:
    """One scene for all states: the record leaves each of them again."""
    person = KINDS[kind]()
    if person:
        client.force_login(person)
    scene = scene_for(person)
    scene.withdrawn = scene.merged = scene.record
    found, known = [], {name: [] for name in of_records(scene, kind)}
    for state in states:
        with transaction.atomic():
            in_state(scene, state)
            results = Results()
            outcomes = {name: outcome_of(client, name, scene, before, results) for name, before in known.items()}
            transaction.set_rollback(True)
        found += wrong_in(state, kind, outcomes)
    return found


def outcome_of(client, name: str, scene: Scene, before: list[Outcome], results: Results) -> str:
    """As it was in a state in which the database answered the same, or else asked for."""
    for visit in before:
        if all(map(results.match, visit.asked.queries, visit.results)):
            return visit.found
    with connection.execute_wrapper(asked := QueryLog()):
        found = outcome(ask(client, name, scene))
    if asked.only_reads:
        before.append(Outcome(found, asked, results.of_all(asked)))
    return found


def wrong_in(state: str, kind: str, outcomes: dict[str, str]) -> list[str]:
    return [
        f"{state}, {name}: {found}, not {wanted}"
        for name, found in outcomes.items()
        if found != (wanted := expected(name, ADDRESSES[name], kind, state))
    ]


# The kinds for whom pages are drawn in every state: who reads only what is public, who reads in a narrow scope, and
# who reads everything.
DRAWN_FOR = {"anonymous", "focal point for another body", "coordinator"}


# The kind whose query has every part that one can have; those of the others are parts of it. That the records are the
# right ones for each is asked of both engines, row by row, in test_agreement.py.
@pytest.mark.parametrize("kind", asked_of_both_databases(KINDS, {"focal point for another body"}))
def test_each_address_of_a_record_answers_as_the_tables_say(
    client, scene_for, refusals_drawn_once, monkeypatch, kind
):
    if kind not in DRAWN_FOR:
        # A view has decided before its page is drawn; while the record is published, it is drawn for each role in
        # test_addresses.py.
        monkeypatch.setattr(Template, "render", lambda *_drawn, **_with: "")
    assert wrong(client, scene_for, kind, STATES) == []


def test_a_state_that_is_forgotten_is_seen(client, scene_for, monkeypatch):
    monkeypatch.setattr(RecommendationQuerySet, "visible_to", lambda records, _user: records.kept())
    assert wrong(client, scene_for, "focal point of one beside it", ["restricted"]) != []
