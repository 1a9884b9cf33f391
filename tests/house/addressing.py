"""What the table of addresses is written with."""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from servanda.people.access import Can
from tests.house.scene import Scene

EVERYBODY = "everybody"
KEY = "whose key writes"  # a cookie opens nothing there: a person at the desk is a stranger like any other
MEMBERS = "peers that are members"  # who sign each request: for everyone else there is nothing
LOGGED_IN = "everybody who is logged in"  # pages about oneself, whatever the role
LOOK = frozenset({"GET", "HEAD"})
DO = frozenset({"POST"})
FORM = LOOK | DO
PART = {"hx-request": "true"}  # as htmx asks for a part of a page; without it some lead to the whole page


class Address(NamedTuple):
    methods: frozenset[str]
    who: str | Can
    arguments: Callable[[Scene], list] = lambda _scene: []

    def url(self, name: str, scene: Scene) -> str:
        return reverse(plain(name), args=self.arguments(scene))


def plain(name: str) -> str:
    """The name of an address, which stands in the table several times where it opens for different people."""
    return name.partition("@")[0]


def of_record(scene: Scene) -> list:
    return [scene.record.code]


def of_sheet(scene: Scene) -> list:
    return [scene.sheet.key]


def of_further_sheet(scene: Scene) -> list:
    return [scene.sheet.key, 1]


def of_change(scene: Scene) -> list:
    return [scene.change.key]


def of_text(scene: Scene) -> list:
    return [scene.record.code, scene.text.pk]


def of_label(scene: Scene) -> list:
    return [scene.record.code, scene.label.pk]


def of_follow_up(scene: Scene) -> list:
    return [scene.record.code, scene.follow_up.pk]


def of_likeness(scene: Scene) -> list:
    return [scene.record.code, scene.likeness.pk]


def of_position(scene: Scene) -> list:
    return [scene.record.code, scene.draft.pk]


def of_note(scene: Scene) -> list:
    return [scene.record.code, scene.note.pk]


def of_assignment(scene: Scene) -> list:
    return [scene.record.code, scene.assignment.pk]


def of_view(scene: Scene) -> list:
    return [scene.view.pk]


def of_token(scene: Scene) -> list:
    return [scene.token.pk]


def of_session(scene: Scene) -> list:
    return [scene.session.pk]


def of_person(scene: Scene) -> list:
    return [scene.person.pk]


def of_institution(scene: Scene) -> list:
    return [scene.ministry.pk]


def of_appointment(scene: Scene) -> list:
    return [scene.appointment.pk]


def of_hand_over(scene: Scene) -> list:
    return [scene.hand_over.pk]


def of_body(scene: Scene) -> list:
    return [scene.body.pk]


def of_treaty(scene: Scene) -> list:
    return [scene.reservation.status.instrument.code]


def of_reservation(scene: Scene) -> list:
    return [*of_treaty(scene), scene.reservation.pk]


def of_rule(scene: Scene) -> list:
    return [scene.rule.code]


def of_taxonomy(scene: Scene) -> list:
    return [scene.taxonomy.code]


def of_term(scene: Scene) -> list:
    return [scene.taxonomy.code, scene.term.pk]
