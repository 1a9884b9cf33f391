"""The kinds of people that the tests of access knock as, around one institution that is named on the records."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

import pytest

from servanda.people.access import Can, Role
from servanda.people.models import Institution, User
from tests import make

NAMED = "mfa"  # the institution that restricted records name


def place(code: str) -> Institution:
    """A small State: a government, two ministries, and an agency below the one that is named."""
    parents = {"mfa": "government", "moj": "government", "mfa-agency": "mfa"}
    made = make.institution(code)
    if code in parents and made.parent_id is None:
        made.parent = place(parents[code])
        made.save()
    return made


def focal_point(code: str, **appointment) -> User:
    person = make.user(Role.PUBLIC)
    make.appointment(person, place(code), "principal", **appointment)
    return person


KINDS: dict[str, Callable[[], User | None]] = {
    "anonymous": lambda: None,
    "without any role": lambda: make.user(Role.PUBLIC),
    "reader": lambda: make.user(Role.READER, place("moj")),
    "contributor": lambda: make.user(Role.CONTRIBUTOR, place(NAMED)),
    "focal point of the institution": lambda: focal_point(NAMED),
    "focal point of one above it": lambda: focal_point("government"),
    "focal point of one below it": lambda: focal_point("mfa-agency"),
    "focal point of one beside it": lambda: focal_point("moj"),
    "focal point for another body": lambda: focal_point(NAMED, bodies="CRC"),
    "focal point whose appointment ended": lambda: focal_point(NAMED, end=date(2026, 2, 1)),
    "focal point whose appointment has not begun": lambda: focal_point(NAMED, start=date(2999, 1, 1)),
    "authority": lambda: make.user(Role.AUTHORITY, place(NAMED)),
    "coordinator": lambda: make.user(Role.COORDINATOR),
    "auditor": lambda: make.user(Role.AUDITOR),
    "administrator": lambda: make.user(Role.ADMINISTRATOR),
    "disabled coordinator": lambda: make.user(Role.COORDINATOR, is_active=False),
}
ROLE_OF: dict[str, str] = {
    "reader": Role.READER,
    "contributor": Role.CONTRIBUTOR,
    "focal point of the institution": Role.FOCAL_POINT,
    "focal point of one above it": Role.FOCAL_POINT,
    "focal point of one below it": Role.FOCAL_POINT,
    "focal point of one beside it": Role.FOCAL_POINT,
    "focal point for another body": Role.FOCAL_POINT,
    "authority": Role.AUTHORITY,
    "coordinator": Role.COORDINATOR,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}
STRANGERS = {"anonymous", "disabled coordinator"}  # who are sent to log in
EVERYWHERE = {"coordinator", "auditor", "administrator"}
INSIDE = EVERYWHERE | {
    "reader",
    "focal point of the institution",
    "focal point of one above it",
    "focal point of one below it",
    "focal point of one beside it",
    "authority",
}
NAMED_ON_IT = EVERYWHERE | {"focal point of the institution", "focal point of one above it", "authority"}

# Whose questions are put to PostgreSQL as well: those for each shape that a query of what may be seen can have, which
# are what is public, a scope (of those who read, and of those who write), a scope narrowed to bodies, and everything.
# For the kinds of one shape the engine gets the same words with other numbers in them; and that the records are the
# right ones for each role, scope and state is asked of both engines in test_agreement.py, row by row.
ON_BOTH = {
    "anonymous",
    "reader",
    "focal point of the institution",
    "focal point for another body",
    "coordinator",
}


def asked_of_both_databases(kinds: Iterable[str], on_both: Collection[str] = ON_BOTH) -> list:
    """These kinds as parameters of a test; some of them are asked of PostgreSQL too."""
    return [pytest.param(kind, marks=[pytest.mark.database] if kind in on_both else []) for kind in kinds]


def granted(kind: str, table: dict[str, set[Can]]) -> set[Can]:
    return table[ROLE_OF.get(kind, Role.PUBLIC)]
