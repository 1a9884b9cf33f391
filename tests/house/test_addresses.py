"""Strangers: every address, with every method, as every kind of person, compared with the one table; and what the
heads of all these answers say."""

from copy import copy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import path, resolve, reverse

from servanda.intake.sheets.kinds import kind_named
from servanda.people.access import ROLES, Can, Role, can
from tests import make
from tests.house import addresses
from tests.house.action_addresses import LED
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, KEY, LOGGED_IN, LOOK, MEMBERS, Address, plain
from tests.house.answers import body_of
from tests.house.heads import faults, faults_signed_in
from tests.house.kinds import KINDS, STRANGERS, granted
from tests.house.obligation_addresses import OF_STEPS
from tests.house.proceeding_addresses import NOT_NAMED
from tests.house.question_addresses import OF_INSTITUTION
from tests.house.report_addresses import NOT_WRITING
from tests.house.round_addresses import FIND_NOTHING
from tests.house.sheet_addresses import SHEETS
from tests.house.voices_addresses import SIGN_NOTHING

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
TRIED = [method for method in METHODS if method != "HEAD"]
KEYS = {"program that may read": "read", "program that may write": "write"}
PEOPLE = [*KINDS, *KEYS]
# These go to every address, the others where the answer follows from no other.
TRY_EVERYTHING = {"anonymous", "administrator"}
APPOINTED = "focal point of the institution"
# What these get is looked at in test_every_page.py, where their pages are drawn and the questions counted; what the
# administrator sends, in test_odd_input.py.
COUNTED = ("administrator", APPOINTED)
LOOKED_AT = {*(("GET", kind) for kind in COUNTED), ("POST", "administrator")}
# What these get inside is drawn and looked at in test_canary.py.
LISTENING = {"without any role", "contributor", "reader", "focal point for another body", "authority", "auditor"}
# A guard refuses everyone alike whom the table does not grant its permission; this one holds none.
REFUSED = "without any role"
# What everybody reads says the same to all, besides the links around it.
IN_PUBLIC = {"anonymous", REFUSED, "contributor", *COUNTED}
# For these pages are drawn, as they are for COUNTED and LISTENING. For the others a view has decided before its page
# is drawn, and one of these has the role that they have.
DRAWN_FOR = {"anonymous", REFUSED, "contributor", "coordinator", *KEYS}
# The record of the scene is not one of the bodies that one kind is appointed for.
INTERNAL_SIDE = {"desk:record_history", "desk:record_as_of", "desk:refuse_assignment", "desk:propose_position"}
INTERNAL_SIDE |= {
    "desk:record_file",
    "desk:record_follow_up",
    "desk:record_practices",
    "desk:answer_with_action",
    "desk:stop_answering",
    "desk:answer_again",
}
# Nor are its obligation's files.
INTERNAL_SIDE |= {"desk:obligation_file"}
# Nor is that of its action.
INTERNAL_SIDE |= {"desk:action", "desk:edit_action", "desk:set_status", "desk:set_milestones"}
INTERNAL_SIDE |= {"desk:withdraw_action", "desk:restore_action", "desk:answer_recommendations"}
# What only the people of one institution see, and those above it.
OWN = {"desk:withdraw_proposal", *OF_STEPS, *OF_INSTITUTION}
OTHER_BODY = "focal point for another body"
ELSEWHERE = {"focal point of one below it", "focal point of one beside it", OTHER_BODY}
LEAD_TO_LOG_IN = {"people:end_sessions"}  # as a deed that succeeded
# The permission that `requires` asks for before the view runs.
GUARDS = {
    name: pattern.callback.permission
    for name, pattern in addresses.our_patterns()
    if getattr(pattern.callback, "permission", Can.READ_PUBLISHED) != Can.READ_PUBLISHED  # which everyone holds
}
# The pages of spreadsheets ask for the permission of their kind. Everyone knocks at those of one kind.
GUARDS |= {name: kind.permission for name in SHEETS if (kind := kind_named(name.partition("@")[2]))}
FIRST_OF_EACH_GUARD = set({(guard, ADDRESSES[name].methods): name for name, guard in GUARDS.items()}.values())
EXCEPTIONS = {*FIND_NOTHING, *SIGN_NOTHING, *NOT_WRITING, *NOT_NAMED, *INTERNAL_SIDE, *OWN, *LED, *LEAD_TO_LOG_IN}
NAMES_NOTHING = Address._field_defaults["arguments"]


def expected(name: str, address: Address, method: str, kind: str) -> str:
    if method not in address.methods:
        return "method"
    if name.startswith("api:") and (address.who == KEY or method not in LOOK):
        return {"program that may read": "denied", "program that may write": "ok"}.get(kind, "key")
    if address.who == EVERYBODY:
        return "ok"
    if address.who == MEMBERS:
        return "missing"
    if kind in STRANGERS or kind in KEYS:
        return "log-in"
    if kind in who_finds_nothing(name):
        return "missing"
    if name in LEAD_TO_LOG_IN and address.who in granted(kind, ROLES):
        return "log-in"
    return "ok" if address.who == LOGGED_IN or address.who in granted(kind, ROLES) else "denied"


def who_finds_nothing(name: str) -> set[str]:
    """The kinds of people who hold the permission and whom this thing is not for all the same."""
    found = (
        set(FIND_NOTHING.get(name, ()))
        | NOT_WRITING.get(name, set())
        | SIGN_NOTHING.get(name, set())
        | NOT_NAMED.get(name, set())
    )
    found |= {OTHER_BODY} if name in INTERNAL_SIDE else set()
    found |= ELSEWHERE if name in OWN else set()
    found |= {"reader"} if name in OF_INSTITUTION else set()  # whose appointment is to another institution
    return found | (ELSEWHERE - {OTHER_BODY} if name in LED else set())


def is_asked(name: str, kind: str) -> bool:
    """Whether this answer follows from no other. A guard is the same for all pages and deeds behind its permission,
    so one of each tells how it opens, and to one person how it refuses. What names no thing opens for all who hold
    the permission, and offices find every thing that the administrator finds."""
    address = ADDRESSES[name]
    if kind in TRY_EVERYTHING:
        return True
    if address.who == EVERYBODY and not name.startswith("api:"):
        return kind in IN_PUBLIC
    if name not in GUARDS:
        return True
    if kind in STRANGERS or kind in KEYS or address.who not in granted(kind, ROLES):
        return name in FIRST_OF_EACH_GUARD and kind in {REFUSED, *STRANGERS, *KEYS}
    if name in EXCEPTIONS or name in FIRST_OF_EACH_GUARD:
        return True
    return kind != "coordinator" and (kind == APPOINTED or address.arguments is not NAMES_NOTHING)


def passes_guard(name: str, kind: str) -> bool:
    """Whether this kind of person gets more from an address than the refusal of its guard, which is the same at all
    addresses behind one permission; the first of them stands for those."""
    return name not in GUARDS or name in FIRST_OF_EACH_GUARD or ADDRESSES[name].who in granted(kind, ROLES)


def methods_tried(name: str, kind: str) -> list[str]:
    """The view itself refuses a method, and sends strangers to log in; of what is so, one is asked whole. HEAD is
    answered by what answers GET, to strangers and to programs."""
    address = ADDRESSES[name]
    if kind == "anonymous" and (name in FIRST_OF_EACH_GUARD or name.startswith("api:")):
        return list(METHODS)
    if kind == "anonymous" and name in GUARDS:
        return ["GET" if "GET" in address.methods else "POST"]
    takes = METHODS if kind == "anonymous" or (kind in KEYS and name.startswith("api:")) else TRIED
    is_listened_to = kind in LISTENING and address.who != EVERYBODY
    looked_at = {method for method in takes if (method, kind) in LOOKED_AT or (method == "GET" and is_listened_to)}
    return [method for method in takes if method in address.methods and method not in looked_at]


def outcome(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer.url.startswith(reverse("account_login")):
        return "log-in"
    return {401: "key", 403: "denied", 404: "missing", 405: "method"}.get(answer.status_code, "ok")


def knock(client, method: str, url: str, key: str = "") -> HttpResponse:
    """Ask, and leave everything as it was, also who is logged in."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, url, headers={"authorization": f"Bearer {key}"} if key else {})
        body_of(answer)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def faults_of(answer: HttpResponse, name: str, kind: str) -> list[str]:
    """What the head of an answer does not say; a page that everyone reads leaves nothing with a stranger."""
    found = (faults if kind in KEYS or kind in STRANGERS else faults_signed_in)(answer, name)
    is_plain_page = ADDRESSES[name].who == EVERYBODY and ADDRESSES[name].methods == LOOK
    return found + (["no cookie"] if kind == "anonymous" and is_plain_page and answer.cookies else [])


def faults_at(answer: HttpResponse, name: str, method: str, kind: str) -> list[str]:
    found, wanted = outcome(answer), expected(name, ADDRESSES[name], method, kind)
    wrong = [f"{method} {name}: {found}, not {wanted}"] if found != wanted else []
    return wrong + [f"{method} {name} does not say: {fault}" for fault in faults_of(answer, name, kind)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PEOPLE)
def test_each_address_answers_this_person_as_the_table_says(
    client, scene_for, refusals_drawn_once, monkeypatch, kind
):
    person = None if kind in KEYS else KINDS[kind]()
    key = make.token(make.user(Role.COORDINATOR), scope=KEYS[kind]) if kind in KEYS else ""
    if person:
        client.force_login(person)
    scene = scene_for(person)
    if kind not in DRAWN_FOR:
        monkeypatch.setattr(Template, "render", lambda *_drawn, **_with: "")
    wrong = []
    for name, address in ADDRESSES.items():
        if not is_asked(name, kind):
            continue
        url = address.url(name, scene)
        for method in methods_tried(name, kind):
            wrong += faults_at(knock(client, method, url, key), name, method, kind)
    assert wrong == []


@pytest.mark.django_db
def test_each_view_refuses_other_methods_and_sends_strangers_to_log_in(scene_for):
    """By itself, whatever was asked of the request before; a method is refused before anyone looks who asks."""
    scene, wrong = scene_for(), []
    for name, address in ADDRESSES.items():
        url = address.url(name, scene)
        view, arguments, named = resolve(url)
        for method in METHODS if name in GUARDS else set(METHODS) - address.methods:
            request = RequestFactory().generic(method, url)
            if method in address.methods:
                request.user = AnonymousUser()
            found, wanted = outcome(view(request, *arguments, **named)), expected(name, address, method, "anonymous")
            wrong += [f"{method} {name}: {found}, not {wanted}"] if found != wanted else []
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_each_person_may_do_what_the_table_of_roles_grants(kind):
    person = KINDS[kind]() or AnonymousUser()
    assert {permission for permission in Can if can(person, permission)} == granted(kind, ROLES)


def test_each_guard_asks_for_the_permission_of_the_table():
    assert {name: ADDRESSES[name].who for name in GUARDS} == GUARDS
    assert len(GUARDS) > len(ADDRESSES) / 2


def test_the_table_names_every_address_and_no_other():
    assert {name for name, _pattern in addresses.our_patterns()} == {plain(name) for name in ADDRESSES}


def test_an_address_that_is_missing_from_the_table_is_seen():
    planted = path("planted/", HttpResponse, name="planted")
    found = {name for name, _pattern in addresses.our_patterns([planted], "desk")}
    assert found - set(ADDRESSES) == {"desk:planted"}


@pytest.mark.django_db
def test_a_page_that_forgets_its_guard_is_seen(client):
    open_page = Address(frozenset({"GET"}), "edit-register")
    found = outcome(knock(client, "GET", reverse("portal:about")))
    assert (found, expected("portal:about", open_page, "GET", "anonymous")) == ("ok", "log-in")
