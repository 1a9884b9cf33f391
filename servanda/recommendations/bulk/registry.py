"""The interface of a change of many records, and its kinds: each room registers its own when the process starts."""

from collections.abc import Callable, Sequence
from dataclasses import Field, asdict
from typing import Any, ClassVar, Protocol, Self, TypedDict

from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock_all
from servanda.recommendations.models import Recommendation, TextVersion

BULK = "bulk"  # the shape of the register's own changes; those of other kinds begin with it
AT_ONCE = 100  # rows that are changed in one transaction


class Difference(TypedDict):
    """One row of a preview."""

    label: str
    text: TextVersion | None  # of a record
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
        """Its values, without those that are empty."""
        return {name: value for name, value in asdict(self).items() if value}

    def title(self) -> str:
        """What the change does, in one line."""
        ...

    def affected(self, rows: QuerySet) -> QuerySet:
        """The rows among these that the change would change."""
        ...

    def in_preview_order(self, affected: QuerySet) -> QuerySet:
        return affected.order_by("order_key", "pk")

    def record_of(self, row: Any) -> Recommendation:
        return row

    def old_and_new(self, first: Sequence[Any]) -> list[tuple[str, str]]:
        """For each of the first affected rows: how it is now, and how it would be. None if there is no preview."""
        ...

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        """Raises `Refused` if this person may not start the change, or it makes no sense."""
        return

    def still_affected(self, batch: Batch, pks: Sequence[int]) -> Sequence[Any]:
        """Those of these rows that the change still affects, read again after their records were locked."""
        lock_all(pks)
        return list(self.affected(Recommendation.every_kind.kept().filter(pk__in=pks)))

    def write(self, batch: Batch, rows: Sequence[Any]) -> None:
        """Change the rows that are still affected, in the transaction of one step."""
        ...

    def settle(self, pks: Sequence[int]) -> None:
        """Bring up to date what depends on the change, once it is applied or taken back as a whole."""
        return

    def in_codes(self) -> dict[str, Any]:
        """Its values for the trail: codes stay the same when names change."""
        return self.as_json()

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return self.in_codes() | {"records": batch.total}

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
