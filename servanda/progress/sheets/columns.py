"""The follow-up that a spreadsheet brings: a status becomes the government's assessment, measures become updates.

Importing publishes nothing. An assessment is published by its assessor, with evidence. An update is approved by its
institution, unless the file is that institution's own.
"""

from collections.abc import Sequence
from itertools import batched

from django.db.models import Q, QuerySet

from servanda.intake.columns.kinds import Cell, Column, SheetContext, SheetRow
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.pages.translations import listed
from servanda.people.models import User
from servanda.progress.models import (
    Assessment,
    ContributionRecommendation,
    EvidenceRecommendation,
    InputItem,
    Update,
    UpdateRecommendation,
)
from servanda.progress.sheets.cells import columns
from servanda.progress.sheets.existing import Memory, Present
from servanda.progress.sheets.follow_up import SheetFollowUp, write_follow_up
from servanda.progress.sheets.measures import read_measures
from servanda.progress.sheets.statuses import read_status
from servanda.recommendations.models import Note

AT_ONCE = 500
CODES_NAMED = 10


class FollowUpColumns:
    """Status, its day, percentage and remarks; measures that institutions have taken."""

    code = "progress"

    def columns(self) -> Sequence[Column]:
        return columns()

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[Cell]:
        return read_rows(rows, context).cells

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        for some in batched(rows, AT_ONCE):
            write_follow_up(read_rows(some, context), context)

    def why_not_undone(self, batch: Batch) -> list[str]:
        return [
            sentence % {"codes": listed_codes(codes)}
            for sentence, codes in (
                (
                    _("Assessments of this import were published, changed or withdrawn: %(codes)s."),
                    assessed(batch),
                ),
                (_("Updates of this import were edited, submitted or published: %(codes)s."), updated(batch)),
                (_("Follow-up was added to records of this import: %(codes)s."), added(batch)),
            )
            if codes
        ]

    def undo(self, batch: Batch, *, by: User | None) -> None:
        """Nothing was published, so neither the latest assessments nor the last updates change."""
        Note.objects.filter(brought_by=batch).delete()
        Assessment.objects.filter(brought_by=batch).delete()
        Update.objects.filter(brought_by=batch, from_file=True).delete()


def read_rows(rows: Sequence[SheetRow], context: SheetContext) -> SheetFollowUp:
    """Read the cells of these rows that are not empty; used by both `judge` and `write`."""
    memory = context.memory.setdefault(FollowUpColumns.code, Memory())
    result, present = SheetFollowUp(), Present.read(rows, context)
    for row in rows:
        read_status(row, present, context, memory, result)
        read_measures(row, present, context, memory, result)
    return result


def assessed(batch: Batch) -> list[str]:
    imported = Assessment.objects.filter(brought_by=batch, origin=Assessment.Origin.IMPORTED)
    return codes_of(imported.touched(), "recommendation")


def updated(batch: Batch) -> list[str]:
    """Codes of records whose imported updates changed since: each step raises the version."""
    imported = Update.objects.filter(brought_by=batch, from_file=True)
    touched = imported.filter(Q(version__gt=1) | Q(evidence__isnull=False) | Q(actions__isnull=False))
    return codes_of(UpdateRecommendation.objects.filter(update__in=touched.values("pk")), "recommendation")


def added(batch: Batch) -> list[str]:
    """Codes of records of this import with follow-up by people or other imports, which would be deleted."""
    codes: set[str] = set()
    for model in (Assessment, UpdateRecommendation, ContributionRecommendation, EvidenceRecommendation, InputItem):
        rows = model._default_manager.filter(recommendation__added_by=batch)
        codes.update(codes_of(rows.filter(Q(brought_by=None) | ~Q(brought_by=batch)), "recommendation"))
    return sorted(codes)


def codes_of(rows: QuerySet, to_record: str) -> list[str]:
    ordered = rows.order_by(f"{to_record}__order_key").values_list(f"{to_record}__code", flat=True)
    return list(dict.fromkeys(ordered))


def listed_codes(codes: Sequence[str]) -> str:
    more = len(codes) - CODES_NAMED
    return listed(codes[:CODES_NAMED]) + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
