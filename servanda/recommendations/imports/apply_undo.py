"""What follows when a batch is applied or undone: derived columns, the index, and deleting rows.

Each step works in short transactions and can be repeated, so a killed job loses nothing.
"""

from collections.abc import Iterable
from datetime import date
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.recommendations.counting import counts
from servanda.recommendations.editing.follow_up_obligations import hand_over, obligations_of, release, retain
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.versioning import write_baselines
from servanda.recommendations.models import (
    ClusterMember,
    FieldChange,
    FollowUp,
    Likeness,
    Link,
    Note,
    Position,
    Recommendation,
    RecommendingState,
    Signature,
    SourceRecord,
    Suggestion,
    Tagging,
    TextVector,
    TextVersion,
    WaitingAnswer,
)
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import complete_code, restore_code
from servanda.recommendations.records.stands import refresh_stands
from servanda.recommendations.search import fulltext
from servanda.sources.models import Document
from servanda.sources.units import obligations, questions

CHILDREN = (SourceRecord, TextVersion, RecommendingState, Position, Tagging, FollowUp)
AT_ONCE = 500


def refresh_records(batch: Batch) -> None:
    """Update the records that an applied batch changed: fields, position, index."""
    move_fields(batch, to_new=True)
    refresh(affected_records(batch))


def affected_records(batch: Batch) -> set[int]:
    """Records of other origin that the batch added something to, its own that others added something to, and those
    that got a national code, by which search finds them."""
    coded = FieldChange.objects.filter(batch=batch, field="national_code")
    pks: set[int] = set(coded.values_list("recommendation_id", flat=True))
    for model in (TextVersion, Position):
        on_other_records = model.objects.filter(Q(added_by=batch) | Q(ended_by=batch)).exclude(
            recommendation__added_by=batch
        )
        on_own_records = model.objects.filter(recommendation__added_by=batch).exclude(added_by=batch)
        pks.update(on_other_records.values_list("recommendation_id", flat=True))
        pks.update(on_own_records.values_list("recommendation_id", flat=True))
    return pks


def number_changed(batch: Batch) -> int:
    """Records of other imports that a batch gave or ended a part of, or changed a field of; a copy of the row in the
    file is no change. For imports without a preview, whose rows are not stored."""
    written = [model.objects.filter(Q(added_by=batch) | Q(ended_by=batch)) for model in CHILDREN[1:]]
    first, *others = (
        rows.exclude(recommendation__added_by=batch).order_by().values("recommendation")
        for rows in (FieldChange.objects.filter(batch=batch), *written)
    )
    return first.union(*others).count()


def refresh(pks: Iterable[int]) -> None:
    for some in batched(sorted(pks), AT_ONCE):
        with transaction.atomic():
            refresh_stands(some)
            reindex(some)
            counts.invalidate_counts()


def move_fields(batch: Batch, *, to_new: bool) -> None:
    changes = FieldChange.objects.filter(batch=batch).exclude(field__in=Recommendation.NATIONAL).order_by("pk")
    renamed: set[int] = set()
    for some in batched(changes.iterator(AT_ONCE), AT_ONCE):
        with transaction.atomic():
            # Read again for each chunk: a record may have changes in two, and the later must not undo the earlier.
            named = Recommendation.objects.select_related("country", "body", "review")
            records = named.in_bulk({change.recommendation_id for change in some})
            write_baselines(records.values())
            for change in some:
                record = records[change.recommendation_id]
                set_field(record, change.field, change.new if to_new else change.old)
                if complete_code(record) if to_new else restore_code(record):
                    record.save()
                    renamed.add(record.pk)
            counts.invalidate_counts()
    refresh(renamed)


def set_field(record: Recommendation, name: str, value: str) -> None:
    if name == "date":
        record.date = date.fromisoformat(value) if value else None
        record.year = record.date.year if record.date else year_of_review(record)
    elif name == "paragraph":
        record.paragraph = value
        record.order_key = codes.order_key(codes.prefix_of(record.code_stem), value)
    elif name == "kind":
        record.kind = value
    elif name == "document_id":
        record.document = Document.objects.get(symbol=value) if value else None
    else:
        raise ValueError(f"an import does not change {name}")
    record.version += 1
    record.save()


def year_of_review(record: Recommendation) -> int | None:
    return (record.review.year or None) if record.review else None


def clean(batch: Batch) -> None:
    """Delete what a batch wrote, in short transactions, once no one may see it any more."""
    changed = affected_records(batch)
    if batch.applied_at:
        move_fields(batch, to_new=False)
    FieldChange.objects.filter(batch=batch).delete()
    questions.remove_questions(batch)
    referred_to = obligations_of(FollowUp.objects.filter(Q(added_by=batch) | Q(ended_by=batch)))
    delete_in_chunks(TextVector.objects.filter(text__added_by=batch))
    for model in (*CHILDREN, WaitingAnswer):
        delete_in_chunks(model.objects.filter(added_by=batch))
        release_in_chunks(model.objects.filter(ended_by=batch))
    own = Recommendation.objects.filter(added_by=batch)
    while pks := list(own.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            fulltext.remove(pks)
            Recommendation.also_concerns.through.objects.filter(recommendation__in=pks).delete()
            texts = TextVersion.objects.filter(recommendation__in=pks).values("pk")
            TextVector.objects.filter(text__in=texts)._raw_delete("default")
            Likeness.objects.filter(Q(one__in=pks) | Q(other__in=pks))._raw_delete("default")
            ClusterMember.objects.filter(recommendation__in=pks)._raw_delete("default")
            Suggestion.objects.filter(recommendation__in=pks)._raw_delete("default")
            for model in CHILDREN:
                model.objects.filter(recommendation__in=pks)._raw_delete("default")
            Recommendation.objects.filter(pk__in=pks)._raw_delete("default")
        changed.difference_update(pks)
    with transaction.atomic():
        hand_over(batch)
        obligations.remove_obligations(batch)
        release(referred_to, by=batch.created_by)
        retain(referred_to, by=batch.created_by)
    refresh(changed)
    Batch.objects.filter(pk=batch.pk).update(cleaned=True, done=0)
    batch.refresh_from_db()


def clean_leftovers() -> None:
    """Finish the cleaning that a killed job began, so that matching finds no rows of batches that are not applied."""
    for batch in Batch.objects.filter(cleaned=False).exclude(state__in=[Batch.State.APPLYING, Batch.State.APPLIED]):
        clean(batch)


def delete_in_chunks(rows: QuerySet) -> None:
    while pks := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=pks)._raw_delete("default")


def release_in_chunks(rows: QuerySet) -> None:
    while pks := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=pks).update(ended_by=None)


def why_not_undone(batch: Batch) -> str:
    """Why a batch cannot be undone any more, or ""."""
    in_register = signed_of(batch) or changed_since(batch)
    return in_register or obligations.why_not_undone(batch) or questions.why_not_undone(batch)


def changed_since(batch: Batch) -> str:
    own = Recommendation.objects.filter(added_by=batch)
    by_hand = Recommendation.history.filter(id__in=own.values("pk")).exclude(history_user=None)
    if edited := own.filter(pk__in=by_hand.values("id")).first():
        return _("%(code)s was edited after the import, so the import can no longer be undone.") % {
            "code": edited.code
        }
    if Link.objects.filter(Q(from_recommendation__in=own) | Q(to_recommendation__in=own)).exists():
        return _("Records of this import are linked with others, so it can no longer be undone.")
    by_others = Q(brought_by=None) | ~Q(brought_by=batch)
    if note := Note.objects.filter(by_others, recommendation__in=own).select_related("recommendation").first():
        return _("%(code)s has an internal note, so the import can no longer be undone.") % {
            "code": note.recommendation.code
        }
    for model in CHILDREN:
        if row := from_elsewhere(model, batch).select_related("recommendation").first():
            return _("Other data were added to %(code)s after this import. Undo that change first.") % {
                "code": row.recommendation.code
            }
        ended = model.objects.filter(added_by=batch).exclude(ended_by=None, ended_at=None)
        if (
            row := ended.exclude(ended_by=batch)
            .exclude(ended_by__applied_at__lt=batch.applied_at)
            .select_related("recommendation")
            .first()
        ):
            return changed_after(row)
    return ""


def signed_of(batch: Batch) -> str:
    """Why a published assessment of an accredited institution prevents undoing the batch, or ""."""
    signed = Signature.objects.filter(recommendation__added_by=batch).select_related("recommendation", "institution")
    if (first := signed.first()) is None:
        return ""
    sentence = _(
        "%(code)s has a published assessment signed by %(institution)s, so the import can no longer be undone. "
        "Withdraw individual records with a public reason instead."
    )
    return sentence % {"code": first.recommendation.code, "institution": first.institution}


def changed_after(row: Any) -> str:
    return _("%(code)s was changed after this import. Undo that change first.") % {"code": row.recommendation.code}


def from_elsewhere(model: Any, batch: Batch) -> QuerySet:
    """Rows that others added to its records, except answers that had waited for it and suggested labels."""
    later = model.objects.filter(recommendation__added_by=batch).exclude(added_by=batch)
    if model is Tagging:
        return later.exclude(origin=Tagging.Origin.MACHINE)
    if model is SourceRecord or model is Position:
        return later.exclude(pk__in=earlier_answers(model, batch))
    return later


def earlier_answers(model: type[SourceRecord] | type[Position], batch: Batch) -> QuerySet:
    """Positions that had waited for this import: they are older, so they do not depend on it."""
    return model.objects.filter(recommendation__added_by=batch, added_by__applied_at__lt=batch.applied_at).values(
        "pk"
    )
