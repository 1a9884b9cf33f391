"""Withdraw and restore rows of the network that have a version; the page of a withdrawn row shows the reason."""

from datetime import datetime
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import Versioned, save_version
from servanda.sources.printed.reasons import required_reason


class Withdrawable(Versioned, Protocol):
    withdrawn_at: datetime | None
    withdrawn_reason: str


def withdraw(locked: Withdrawable, action: str, *, reason: str, by: User) -> None:
    """Save a locked row as withdrawn; `action` is the line in the trail. Raises `FieldRefused` without a reason."""
    locked.withdrawn_at, locked.withdrawn_reason = timezone.now(), required_reason(reason)
    save_version(locked, action, by=by, difference={"reason": ["", locked.withdrawn_reason]})


def restore(locked: Withdrawable, action: str, *, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    save_version(locked, action, by=by, difference={})
