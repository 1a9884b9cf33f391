"""Copies the parts of a record to another one: to each piece of a split, or to the survivor of a merge."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.recommendations.editing.follow_up_obligations import obligations_of, regroup, release
from servanda.recommendations.models import (
    FollowUp,
    Position,
    Recommendation,
    RecommendingState,
    RecordInstrument,
    RecordReservation,
    SourceRecord,
    Tagging,
    TextVersion,
)

Model = (
    type[SourceRecord]
    | type[TextVersion]
    | type[RecommendingState]
    | type[Position]
    | type[Tagging]
    | type[FollowUp]
    | type[RecordInstrument]
    | type[RecordReservation]
)
TREATIES = (RecordInstrument, RecordReservation)
PARTS: tuple[Model, ...] = (SourceRecord, RecommendingState, Position, Tagging, FollowUp, *TREATIES)
# The identity of a row: two rows of one record with the same identity state the same.
IDENTITIES: dict[Model, Callable] = {
    SourceRecord: lambda row: (row.scheme, row.external_id),
    TextVersion: lambda row: (row.language, row.form),
    RecommendingState: lambda row: row.country_id,
    Position: lambda row: (row.stand, row.date, row.words, row.symbol, row.paragraph, row.comment, row.is_draft),
    Tagging: lambda row: row.term_id,
    FollowUp: lambda row: (row.kind, row.words, row.obligation_id),
    RecordInstrument: lambda row: row.instrument_id,
    RecordReservation: lambda row: row.reservation_id,
}


def copy_to_piece(original: Recommendation, piece: Recommendation) -> None:
    for model in PARTS:
        model.objects.bulk_create(copies_for(present(model, original), piece, None))


def copy_to_survivor(absorbed: Recommendation, survivor: Recommendation, merge: Batch) -> None:
    """Give the survivor what it lacks. The copies refer to the merge, so that undoing it deletes them."""
    for model, identity in IDENTITIES.items():
        existing = {identity(row) for row in present(model, survivor)}
        missing = [row for row in present(model, absorbed) if identity(row) not in existing]
        copies = copies_for(missing, survivor, merge)
        for copy in copies:
            if isinstance(copy, TextVersion):
                copy.is_original = False
        model.objects.bulk_create(copies)
    if absorbed.confidentiality != survivor.confidentiality or survivor.is_restricted:
        regroup([survivor.pk], by=merge.created_by)
    # Later imports find a record by its sources, so these must lead to the survivor only.
    present(SourceRecord, absorbed).update(ended_by=merge)


def present(model: Model, record: Recommendation) -> QuerySet:
    return model.objects.current().filter(recommendation=record)


def copies_for(rows: Iterable, to: Recommendation, batch: Batch | None) -> list:
    rows = list(rows)
    for row in rows:
        row.pk, row._state.adding = None, True
        row.recommendation, row.added_by, row.ended_by = to, batch, None
    return rows


def has_reply_since(merge: Batch, absorbed: Recommendation) -> bool:
    """Whether a reply was recorded for the survivor alone after the merge, which undoing the merge would lose."""
    replies = {reply_of(row) for row in FollowUp.objects.current().filter(recommendation=absorbed).with_obligation()}
    replied = FollowUp.objects.filter(added_by=merge).replied().with_obligation()
    return any(reply_of(row) not in replies for row in replied)


def reply_of(row: FollowUp) -> tuple:
    return row.kind, row.words, row.due_on, row.replied_on, row.reply


def delete_copies(merge: Batch) -> None:
    """Delete the copies of a merge, and give its sources back to the absorbed record."""
    obligations = obligations_of(FollowUp.objects.filter(added_by=merge))
    for model in IDENTITIES:
        model.objects.filter(added_by=merge).delete()
        model.objects.filter(ended_by=merge).update(ended_by=None)
    release(obligations, by=merge.created_by)
