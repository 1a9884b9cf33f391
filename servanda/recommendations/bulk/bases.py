"""What several kinds of changes have in common.

Labels and positions that they write carry the batch, and count from the moment it is applied.
"""

from collections.abc import Sequence
from itertools import batched
from typing import Any, ClassVar, Protocol

from django.db import transaction
from django.db.models import Model, QuerySet

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.recommendations.bulk.registry import AT_ONCE, BulkChange
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.follow_up_obligations import regroup
from servanda.recommendations.editing.publicity import (
    NO_EXPLANATION,
    Explanation,
    refuse_without_reason,
    signed_and_public,
)
from servanda.recommendations.editing.versioning import lock_all, save_versions, write_baselines
from servanda.recommendations.models import FieldChange, Position, Recommendation, Tagging
from servanda.recommendations.records.stands import refresh_stands


class ChangeOfParts(BulkChange, Protocol):
    """A change whose rows are not records but parts of records, such as their suggested labels."""

    model: ClassVar[type[Model]]

    def record_of(self, row: Any) -> Recommendation:
        return row.recommendation

    def open_parts(self, batch: Batch, parts: Any) -> QuerySet:
        """Those of these parts that no one has decided on yet."""
        ...

    def still_affected(self, batch: Batch, pks: Sequence[int]) -> Sequence[Any]:
        parts = self.model._default_manager.filter(pk__in=pks)
        lock_all(parts.order_by().values_list("recommendation", flat=True))
        on_kept_records = parts.filter(recommendation__in=Recommendation.every_kind.kept().order_by().values("pk"))
        return list(self.open_parts(batch, on_kept_records).select_related("recommendation"))


class VersionedChange(BulkChange, Protocol):
    """A change that each record keeps in its history."""

    @property
    def changed_fields(self) -> list[str]:
        """The fields of a record that it changes; none if it writes labels or positions."""
        return []

    @property
    def hides(self) -> bool:
        """Whether it takes records from the public: those with a signed assessment only with an explanation."""
        return False

    @property
    def explanation(self) -> Explanation:
        return NO_EXPLANATION

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        if self.hides and not self.explanation:
            refuse_signed(pks)

    def still_affected(self, batch: Batch, pks: Sequence[int]) -> Sequence[Any]:
        """Without records that were signed since the change was started: they stay public."""
        rows = super().still_affected(batch, pks)
        signed = signed_and_public(rows) if self.hides and not self.explanation else {}
        return [row for row in rows if row.pk not in signed]

    def write(self, batch: Batch, rows: Sequence[Any]) -> None:
        by_pk = {record.pk: record for record in map(self.record_of, rows)}
        records = [by_pk[pk] for pk in sorted(by_pk)]
        write_baselines(records)
        self.write_rows(batch, rows)
        save_versions(
            records,
            self.changed_fields,
            "records-changed-in-bulk",
            by=batch.created_by,
            explanation=self.explanation,
        )
        if "confidentiality" in self.changed_fields:
            regroup([record.pk for record in records], by=batch.created_by)
        invalidate_counts()

    def write_rows(self, batch: Batch, rows: Sequence[Any]) -> None:
        """Change these rows; `write` saves the versions of their records."""
        ...

    def written_records(self, batch: Batch, pks: Sequence[int]) -> QuerySet[Recommendation]:
        """The records that the change, made to these rows, has written."""
        records = Recommendation.objects.filter(pk__in=pks)
        changes = FieldChange.objects.filter(batch=batch).values("recommendation")
        return records.filter(pk__in=changes) if self.changed_fields else records

    def restore(self, batch: Batch, records: Sequence[Recommendation]) -> Sequence[Recommendation]:
        """Take back what it wrote besides labels and positions, except on records that were changed again since.
        Returns the others."""
        return records

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        records = list(self.written_records(batch, pks).select_for_update().order_by("pk"))
        for model in (Tagging, Position):
            rows = model.objects.filter(recommendation__in=records)
            rows.filter(added_by=batch).delete()
            rows.filter(ended_by=batch).update(ended_by=None)
        restored = self.restore(batch, records)
        if restored:
            save_versions(restored, self.changed_fields, "bulk-change-undone", by=by)
            if "confidentiality" in self.changed_fields:
                regroup([record.pk for record in restored], by=by)
        invalidate_counts()
        return len(records) - len(restored)


def refuse_signed(pks: Sequence[int]) -> None:
    """Raises `Refused` for a record that an institution has assessed on its own signature."""
    for some in batched(pks, AT_ONCE):
        records = Recommendation.objects.in_bulk(some)
        for pk, institutions in signed_and_public(records.values()).items():
            refuse_without_reason(records[pk], institutions)


def refresh_positions(pks: Sequence[int]) -> None:
    """Let the positions written for these records take effect, or no longer."""
    for some in batched(pks, AT_ONCE):
        with transaction.atomic():
            refresh_stands(some)
            invalidate_counts()
