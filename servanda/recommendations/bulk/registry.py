"""The interface of a change of many records, and its kinds: each room registers its own when the process starts."""

from collections.abc import Callable, Sequence
from dataclasses import Field, asdict
from typing import Any, ClassVar, Protocol, Self, TypedDict

from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.people.models import User

BULK = "bulk"  # the shape of the register's own changes; those of other kinds begin with it
AT_ONCE = 100  # rows that are changed in one transaction


class Difference(TypedDict):
    """One row of a preview."""

    label: str
    old: str
    new: str


class BulkChange(Protocol):
    """One change with its values, in plain types that a job can carry; `services` runs it.

    It is for rows of the register, or of another table whose keys its batch then keeps.
    """

    shape: ClassVar[str]  # of its batches; stored
    is_undone_in_one_step: ClassVar[bool] = False
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        make: Callable[..., Self] = cls
        return make(**values)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def title(self) -> str:
        """What the change does, in one line."""
        ...

    def affected(self, rows: QuerySet) -> QuerySet:
        """The rows among these that the change would change."""
        ...

    def in_preview_order(self, affected: QuerySet) -> QuerySet:
        return affected.order_by("order_key", "pk")

    def differences(self, first: Sequence[Any]) -> list[Difference]:
        """The first of the affected rows as they are now, and as they would be."""
        ...

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        """Raises `Refused` if this person may not start the change, or it makes no sense."""
        return

    def apply_to(self, batch: Batch, pks: Sequence[int]) -> None:
        """Change those of these rows that are affected still, in the transaction of one step."""
        ...

    def settle(self, pks: Sequence[int]) -> None:
        """Bring up to date what depends on the change, once it is applied or taken back as a whole."""
        return

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        """What the trail records of it, in codes, which stay the same when names change."""
        return self.as_json() | {"records": batch.total}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """Remove what was written for these rows; may be repeated. Returns how many rows were changed again since,
        which stay as they are."""
        ...


_kinds: dict[str, type[BulkChange]] = {}


def register(kind: type[BulkChange]) -> None:
    _kinds[kind.shape] = kind


def kind_of(batch: Batch) -> type[BulkChange]:
    return _kinds[batch.shape]


def shapes() -> list[str]:
    return list(_kinds)
