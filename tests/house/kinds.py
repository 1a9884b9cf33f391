"""The kinds of people that the tests of access knock as, around one institution that is named on the records."""

from collections.abc import Callable
from datetime import date

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


def granted(kind: str, table: dict[str, set[Can]]) -> set[Can]:
    return table[ROLE_OF.get(kind, Role.PUBLIC)]
