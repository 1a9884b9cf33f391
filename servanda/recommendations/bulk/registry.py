"""The kinds of changes of many records: each room says how its own are done and taken back."""

from collections.abc import Callable
from typing import NamedTuple

from servanda.intake.models import Batch


class BulkKind(NamedTuple):
    apply: Callable[[Batch], None]  # may be called again after a crash, and goes on where it stopped
    clear: Callable[..., int]  # (batch, by=): takes an undone change back; returns how many were changed again since


_kinds: dict[str, BulkKind] = {}


def register(shape: str, *, apply: Callable[[Batch], None], clear: Callable[..., int]) -> None:
    """Called once by the room, when the process starts; `shape` is that of the batches of this kind."""
    _kinds[shape] = BulkKind(apply, clear)


def kind_of(batch: Batch) -> BulkKind:
    return _kinds[batch.shape]


def shapes() -> list[str]:
    return list(_kinds)
