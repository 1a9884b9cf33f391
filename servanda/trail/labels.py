"""Labels of the keys of differences that are no fields of the object: rooms whose keys are data register them."""

from collections.abc import Callable

type FindLabel = Callable[[str], object]  # the label of a key, or None

_finders: dict[str, FindLabel] = {}


def register_labels(object_type: str, find: FindLabel) -> None:
    """`object_type` is the label of a model in lower case, as in an event; for events without an object, the action.
    The last registration counts."""
    _finders[object_type] = find


def registered_label(object_type: str, key: str) -> object:
    find = _finders.get(object_type)
    return find(key) if find else None
