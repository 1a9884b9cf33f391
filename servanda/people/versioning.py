"""Concurrent changes: detect that another user has saved, and save the next version with its author."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import models
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.trail.models import Event


class ChangedMeanwhile(Refused):
    """Another user has saved since this person opened the form."""


class Versioned(Protocol):
    version: int

    def save(self) -> None: ...


def refuse_if_changed(current: object, seen: object, sentence: str) -> None:
    """Raises `ChangedMeanwhile` if the current version differs from `seen`, the version that the person was shown.
    `seen` is None for actions that do not depend on it."""
    if seen is not None and current != seen:
        raise ChangedMeanwhile(sentence)


def overwriting_conflict(what: str = "") -> str:
    """The sentence for a form that keeps what was typed and whose next save replaces the other change."""
    if not what:
        return _(
            "Another user changed this while you were editing. Your text is kept below. Saving replaces their"
            " changes."
        )
    sentence = _(
        "Another user changed %(code)s while you were editing. Your text is kept below. Saving replaces their"
        " changes."
    )
    return sentence % {"code": what}


def unread_conflict() -> str:
    """The sentence for a button, where nothing was typed: what it applies to is no longer what the person read."""
    return _("Another user changed this after you opened the page. Open the page again and check the change first.")


def attribute(row: object, *, by: User | None, reason: str | None = None) -> None:
    """Set the author and the reason for the history: django-simple-history reads these attributes when the row is
    saved."""
    vars(row).update(_history_user=by, _change_reason=reason)


def save_version(
    row: Versioned, action: str, *, by: User | None, difference: dict | None = None, reason: str = ""
) -> None:
    """Save a locked row as its next version, with its author. With a `difference`, even an empty one, the trail gets
    an event; without, the caller records one. The reason in the history is the action, unless another is given."""
    row.version += 1
    attribute(row, by=by, reason=reason or action)
    row.save()
    if difference is not None:
        Event.record(action, row, by=by, difference=difference)


def version_of(row: models.Model) -> int:
    """The version of a row without a version field: the key of its newest history entry."""
    newest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


def difference_of(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list]:
    """The facts that differ, each with its value before and after."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def changed_since(model: type[models.Model], action: str, moment: datetime) -> set[int]:
    """The keys of rows without a history on which the trail has this action after the moment."""
    events = Event.objects.filter(object_type=model._meta.label_lower, action=action, at__gt=moment).order_by()
    return {int(key) for key in events.values_list("object_id", flat=True)}
