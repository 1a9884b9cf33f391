"""What hangs on one record, given to another as well: to each piece of a split, to the survivor of a merge."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.recommendations.models import (
    FollowUp,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)

Model = (
    type[SourceRecord] | type[TextVersion] | type[RecommendingState] | type[Position] | type[Tagging] | type[FollowUp]
)
PARTS: tuple[Model, ...] = (SourceRecord, RecommendingState, Position, Tagging, FollowUp)
# Two rows of one record with the same answer say the same thing.
SAYS: dict[Model, Callable] = {
    SourceRecord: lambda row: (row.scheme, row.external_id),
    TextVersion: lambda row: (row.language, row.form),
    RecommendingState: lambda row: row.country_id,
    Position: lambda row: (row.stand, row.date, row.words, row.symbol, row.paragraph, row.comment, row.is_draft),
    Tagging: lambda row: row.term_id,
    FollowUp: lambda row: (*row.says, row.replied_on, row.reply),
}


def copy_to_piece(whole: Recommendation, piece: Recommendation) -> None:
    for model in PARTS:
        model.objects.bulk_create(given(present(model, whole), piece, None))


def copy_to_survivor(absorbed: Recommendation, survivor: Recommendation, merge: Batch) -> None:
    """Give the survivor what it lacks; all of it carries the merge, so that undoing the merge takes it away again."""
    for model, says in SAYS.items():
        there = {says(row) for row in present(model, survivor)}
        missing = [row for row in present(model, absorbed) if says(row) not in there]
        copies = given(missing, survivor, merge)
        for copy in copies:
            if isinstance(copy, TextVersion):
                copy.is_original = False
        model.objects.bulk_create(copies)
    # A later import finds a record by its source: that must be the survivor.
    present(SourceRecord, absorbed).update(ended_by=merge)


def present(model: Model, record: Recommendation) -> QuerySet:
    return model.objects.current().filter(recommendation=record)


def given(rows: Iterable, to: Recommendation, batch: Batch | None) -> list:
    rows = list(rows)
    for row in rows:
        row.pk, row._state.adding = None, True
        row.recommendation, row.added_by, row.ended_by = to, batch, None
    return rows


def has_reply_since(merge: Batch, absorbed: Recommendation) -> bool:
    """Whether a reply was recorded on what the survivor got, which the absorbed record does not know of."""
    known = {SAYS[FollowUp](row) for row in present(FollowUp, absorbed)}
    replied = FollowUp.objects.filter(added_by=merge).replied()
    return any(SAYS[FollowUp](row) not in known for row in replied)


def take_back(merge: Batch) -> None:
    """Delete the copies of a merge and let its sources be those of the absorbed record again."""
    for model in SAYS:
        model.objects.filter(added_by=merge).delete()
        model.objects.filter(ended_by=merge).update(ended_by=None)
