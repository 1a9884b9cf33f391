"""Ids of other people's things: the answer is that of an id that no one has, and nothing is read or written."""

import re
from dataclasses import is_dataclass

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.urls import reverse

from servanda.people.access import ROLES, Can, Role
from servanda.people.models import User
from servanda.recommendations.models import SavedView
from servanda.recommendations.register import saved_views
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import DO, MEMBERS, PART, Address
from tests.house.answers import said
from tests.house.asking import Watching
from tests.house.kinds import KINDS, STRANGERS, granted
from tests.house.marked_fields import OURS, cells
from tests.house.once import rows_in
from tests.house.scene import Scene
from tests.house.test_addresses import GUARDS, who_finds_nothing
from tests.house.voices_addresses import SIGN_NOTHING

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MISSING = 99_999_999
FORMATS = ("csv", "docx", "xlsx", "fr", "late")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def missing(argument: object) -> object:
    """An id of the same kind that no one has."""
    if isinstance(argument, int):
        return MISSING
    return "00000000-0000-4000-8000-000000000000" if UUID.fullmatch(str(argument)) else "nobody-has-this"


def elsewhere(address: Address, scene: Scene) -> Address:
    """The same address with the last id of its path exchanged; a format or a number at the end is no id."""
    arguments = address.arguments(scene)
    place = max(place for place, value in enumerate(arguments) if value not in FORMATS)
    other = [*arguments[:place], missing(arguments[place]), *arguments[place + 1 :]]
    return address._replace(arguments=lambda _scene: other)


def of_things(scene: Scene) -> dict[str, Address]:
    """Addresses that end in the id of a row."""
    return {
        name: address
        for name, address in ADDRESSES.items()
        if any(isinstance(value, int) or UUID.fullmatch(str(value)) for value in address.arguments(scene))
    }


def ask(client, method: str, url: str) -> str:
    client.cookies.pop("messages", None)  # what the deed before had to say
    with transaction.atomic():
        answer = said(client.generic(method, url, headers=PART))
        transaction.set_rollback(True)
    return answer


def is_written(client, url: str) -> bool:
    """Whether sending this form changes a row, those of the session aside."""
    with transaction.atomic(), connection.execute_wrapper(watching := Watching()):
        client.post(url)
        transaction.set_rollback(True)
    written = [model for model in OURS if model._meta.db_table in watching.written]
    if all("session" in model._meta.db_table for model in written):
        return False
    with transaction.atomic():
        before = cells(written)
        client.post(url)
        after = cells(written)
        transaction.set_rollback(True)
    return any(after.get(key) != value for key, value in before.items() if "session" not in key[0])


def is_there(client, method: str, url: str) -> bool:
    """Whether they find it, which is known before a page is drawn."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Template, "render", lambda *_drawn, **_with: "")
        return not ask(client, method, url).startswith("404")


class Watched:
    """A scene that knows which of its rows were asked for."""

    def __init__(self, things: object, seen: list):
        self.things, self.seen = things, seen

    def __getattr__(self, name: str) -> object:
        found = getattr(self.things, name)
        if is_dataclass(found) or isinstance(found, tuple):
            return Watched(found, self.seen)
        self.seen.append(found)
        return found


def is_owned(address: Address, scene: Scene, owner: User) -> bool:
    """Whether the address names a row that belongs to one person, by their key or their address."""
    address.arguments(Watched(scene, seen := []))
    values = [
        getattr(row, field.attname) == (owner.pk if field.related_model is User else owner.email)
        for row in rows_in(seen)
        for field in row._meta.concrete_fields
    ]
    return any(values)


def may_be_foreign(name: str, kind: str) -> bool:
    """As the table of addresses has it, where the scene is their own; here, those who sign have no colleague."""
    return kind in who_finds_nothing(name) or name in SIGN_NOTHING or ADDRESSES[name].who == MEMBERS


def faults(client, kind: str, scene: Scene, owner: User) -> list[str]:
    """Where a person is told that a thing exists which is not theirs, or changes it. A guard refuses before anyone
    looks for the thing. That they find all else, is seen in test_addresses.py."""
    found = []
    for name, address in of_things(scene).items():
        method = "POST" if address.methods == DO else "GET"
        url, absent_url = address.url(name, scene), elsewhere(address, scene).url(name, scene)
        if GUARDS.get(name, Can.READ_PUBLISHED) not in granted(kind, ROLES):
            continue
        if not (may_be_foreign(name, kind) or is_owned(address, scene, owner)) or is_there(client, method, url):
            continue
        if ask(client, method, url).replace(url, absent_url) != ask(client, method, absent_url):
            found.append(f"{name} tells")
        if "POST" in address.methods and is_written(client, url):
            found.append(f"{name} writes")
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in STRANGERS])
def test_a_thing_of_somebody_else_is_as_one_that_is_not_there(
    client, scene_for, set_before, refusals_drawn_once, kind
):
    client.force_login(KINDS[kind]())
    assert faults(client, kind, scene_for(), set_before.owner) == []


def test_a_list_of_somebody_else_that_can_be_renamed_is_seen(client, scene_for, monkeypatch):
    monkeypatch.setattr(saved_views, "views_of", lambda _user: SavedView.objects.all())
    client.force_login(make.user(Role.READER))
    scene = scene_for()
    url = reverse("desk:delete_view", args=[scene.view.pk])
    assert ask(client, "POST", url).startswith("302")
    assert is_written(client, url)
