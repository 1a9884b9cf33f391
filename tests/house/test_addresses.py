"""Strangers: every address, with every method, as every kind of person, compared with the one table."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import path, reverse

from servanda.people.access import ROLES, Role
from servanda.people.models import User
from tests import make
from tests.house import addresses
from tests.house.addresses import ADDRESSES, EVERYBODY, KEY, LOGGED_IN, Address, set_scene
from tests.house.answers import body_of

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
ANONYMOUS, DISABLED = "anonymous", "disabled coordinator"
PEOPLE = [ANONYMOUS, *Role.values, DISABLED]


def person_of(kind: str) -> User | None:
    if kind == ANONYMOUS:
        return None
    if kind == DISABLED:
        return make.user(Role.COORDINATOR, is_active=False)
    return make.user(kind, institution=make.institution() if kind in (Role.FOCAL_POINT, Role.AUTHORITY) else None)


def expected(address: Address, method: str, kind: str) -> str:
    if method not in address.methods:
        return "method"
    if address.who == EVERYBODY:
        return "ok"
    if address.who == KEY:
        return "key"
    if kind in (ANONYMOUS, DISABLED):
        return "log-in"
    if address.who == LOGGED_IN:
        return "ok"
    return "ok" if address.who in ROLES[kind] else "denied"


def outcome(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer.url.startswith(reverse("account_login")):
        return "log-in"
    return {401: "key", 403: "denied", 404: "missing", 405: "method"}.get(answer.status_code, "ok")


def knock(client, method: str, url: str) -> str:
    """Ask, look at the answer, and leave everything as it was."""
    with transaction.atomic():
        answer = client.generic(method, url)
        body_of(answer)
        transaction.set_rollback(True)
    return outcome(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PEOPLE)
def test_each_address_answers_this_person_as_the_table_says(client, kind):
    person = person_of(kind)
    if person:
        client.force_login(person)
    there = set_scene(person)
    wrong = []
    for name, address in ADDRESSES.items():
        url = address.url(name, there)
        found = {method: knock(client, method, url) for method in METHODS}
        wrong += [
            f"{method} {name}: {found[method]}, not {wanted}"
            for method in METHODS
            if found[method] != (wanted := expected(address, method, kind))
        ]
    assert wrong == []


def test_the_table_names_every_address_and_no_other():
    assert {name for name, _pattern in addresses.our_patterns()} == set(ADDRESSES)


def test_an_address_that_is_missing_from_the_table_is_seen():
    planted = path("planted/", HttpResponse, name="planted")
    found = {name for name, _pattern in addresses.our_patterns([planted], "desk")}
    assert found - set(ADDRESSES) == {"desk:planted"}


@pytest.mark.django_db
def test_a_page_that_forgets_its_guard_is_seen(client):
    open_page = Address(frozenset({"GET"}), "edit-register")
    found = knock(client, "GET", reverse("portal:about"))
    assert (found, expected(open_page, "GET", ANONYMOUS)) == ("ok", "log-in")
