"""Who needs a second factor, and who has one."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from servanda.people.access import Role
from servanda.people.models import Instance, User

ALWAYS = frozenset({Role.COORDINATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR})


def is_needed(person: User) -> bool:
    """Required for every role that writes or approves; for focal points and contributors, as the instance is set."""
    if not person.roles or is_off():
        return False
    if person.roles & ALWAYS:
        return True
    instance = Instance.current()
    chosen = {
        Role.FOCAL_POINT: instance.second_factor_for_focal_points,
        Role.CONTRIBUTOR: instance.second_factor_for_contributors,
    }
    return any(chosen.get(Role(role), False) for role in person.roles)


def is_off() -> bool:
    """Off in demonstrations, whose accounts are shared."""
    return settings.MODE == "demo" and Instance.current().is_demonstration


def is_missing(person: User) -> bool:
    return is_needed(person) and not has_one(person)


def has_one(person: User) -> bool:
    """The user of a session is annotated with the answer (`backend.py`)."""
    known = getattr(person, "has_second_factor", None)
    if known is not None:
        return known
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
