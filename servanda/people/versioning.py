"""Two people on one thing: refuse what was saved meanwhile, and save the next version with who did it."""

from collections.abc import Mapping
from typing import Protocol

from django.db import models
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.trail.models import Event


class ChangedMeanwhile(Refused):
    """Somebody else saved the thing after this person had opened it."""


class Versioned(Protocol):
    version: int

    def save(self) -> None: ...


def refuse_if_changed(current: object, seen: object, sentence: str) -> None:
    """Raises `ChangedMeanwhile` where the thing is no longer as the person was shown it. `seen` is None for actions
    that do not depend on what was shown."""
    if seen is not None and current != seen:
        raise ChangedMeanwhile(sentence)


def saved_meanwhile(code: str) -> str:
    sentence = _("%(code)s was saved by somebody else while you were writing. Nothing is lost: compare, save again.")
    return sentence % {"code": code}


def attribute(row: object, *, by: User | None, reason: str | None = None) -> None:
    """Tell the history who is about to save: django-simple-history looks for these names on the row itself."""
    vars(row).update(_history_user=by, _change_reason=reason)


def save_version(row: Versioned, action: str, *, by: User | None, difference: dict | None = None) -> None:
    """Save a locked row as its next version, with who did what. The trail gets a line if there is a difference to
    tell, even an empty one; without, the caller records the action as a whole."""
    row.version += 1
    attribute(row, by=by, reason=action)
    row.save()
    if difference is not None:
        Event.record(action, row, by=by, difference=difference)


def version_of(row: models.Model) -> int:
    """The newest version of a row whose versions only its history counts."""
    newest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


def difference_of(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list]:
    """What changed: for each fact that differs, what was there and what is now."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
