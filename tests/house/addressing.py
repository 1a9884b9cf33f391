"""What the table of addresses is written with."""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from servanda.people.access import Can
from tests.house.scene import Scene

EVERYBODY = "everybody"
KEY = "whose key writes"  # a cookie opens nothing there: a person at the desk is a stranger like any other
MEMBERS = "peers that are members"  # who sign each request: for everybody else there is nothing
LOGGED_IN = "everybody who is logged in"  # pages about oneself, whatever the role
LOOK = frozenset({"GET", "HEAD"})
DO = frozenset({"POST"})
FORM = LOOK | DO
PART = {"hx-request": "true"}  # as htmx asks for a part of a page; without it some lead to the whole page


class Address(NamedTuple):
    methods: frozenset[str]
    who: str | Can
    arguments: Callable[[Scene], list] = lambda _there: []

    def url(self, name: str, there: Scene) -> str:
        return reverse(plain(name), args=self.arguments(there))


def plain(name: str) -> str:
    """The name of an address, which stands in the table several times where it opens for different people."""
    return name.partition("@")[0]


def of_record(there: Scene) -> list:
    return [there.record.code]


def of_sheet(there: Scene) -> list:
    return [there.sheet.key]


def of_further_sheet(there: Scene) -> list:
    return [there.sheet.key, 1]


def of_change(there: Scene) -> list:
    return [there.change.key]


def of_text(there: Scene) -> list:
    return [there.record.code, there.text.pk]


def of_label(there: Scene) -> list:
    return [there.record.code, there.label.pk]


def of_follow_up(there: Scene) -> list:
    return [there.record.code, there.follow_up.pk]


def of_likeness(there: Scene) -> list:
    return [there.record.code, there.likeness.pk]


def of_position(there: Scene) -> list:
    return [there.record.code, there.draft.pk]


def of_note(there: Scene) -> list:
    return [there.record.code, there.note.pk]


def of_assignment(there: Scene) -> list:
    return [there.record.code, there.assignment.pk]


def of_view(there: Scene) -> list:
    return [there.view.pk]


def of_token(there: Scene) -> list:
    return [there.token.pk]


def of_session(there: Scene) -> list:
    return [there.session.pk]


def of_person(there: Scene) -> list:
    return [there.person.pk]


def of_institution(there: Scene) -> list:
    return [there.ministry.pk]


def of_appointment(there: Scene) -> list:
    return [there.appointment.pk]


def of_hand_over(there: Scene) -> list:
    return [there.hand_over.pk]


def of_body(there: Scene) -> list:
    return [there.body.pk]


def of_treaty(there: Scene) -> list:
    return [there.reservation.status.instrument.code]


def of_reservation(there: Scene) -> list:
    return [*of_treaty(there), there.reservation.pk]


def of_rule(there: Scene) -> list:
    return [there.rule.code]


def of_taxonomy(there: Scene) -> list:
    return [there.taxonomy.code]


def of_term(there: Scene) -> list:
    return [there.taxonomy.code, there.term.pk]
