"""One change made to many records: previewed, applied in short steps, undone from its own page.

The change and the records it is for are kept as the file of a batch, so that what runs is what was
previewed and a killed job goes on where it stopped. Labels and positions carry the batch and count
from the moment it is applied; fields are changed record by record, with what they were before.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import batched

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.recommendations.bulk.changes import (
    FIELD_OF,
    Change,
    Deed,
    affected,
    apply_field,
    stored,
    title,
)
from servanda.recommendations.counting.counts import touch
from servanda.recommendations.editing.publicity import is_marked_public, refuse_without_reason, signed_and_public
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import FieldChange, Position, Recommendation, Tagging
from servanda.recommendations.records.stands import refresh_stands
from servanda.trail.models import Event

BULK = "bulk"  # the shape of such a batch; that of others of their kind, from the rooms above, begins with it
AT_ONCE = 100
IN_A_REQUEST = 500  # more records than this are left to a job
HIDING_WHEN_UNDONE = (Deed.PUBLISH, Deed.SET_CONFIDENTIALITY)
State = Batch.State


def start_bulk(*, change: Change, records: QuerySet, by: User) -> Batch:
    """Keep the change with the records that it is for; it runs with `apply_bulk`."""
    pks = list(affected(change, records).order_by("pk").values_list("pk", flat=True))
    if change.hides and not change.explanation:
        refuse_signed(pks)
    return keep_order(shape=BULK, name=title(change), change=change.as_json(), pks=pks, by=by)


def refuse_signed(pks: Sequence[int]) -> None:
    for some in batched(pks, AT_ONCE):
        records = Recommendation.objects.in_bulk(some)
        for pk, institutions in signed_and_public(records.values()).items():
            refuse_without_reason(records[pk], institutions)


def keep_order(*, shape: str, name: str, change: dict, pks: list[int], by: User) -> Batch:
    if not pks:
        raise Refused(_("This would change nothing. Choose other records or another change."))
    batch = Batch(shape=shape, name=name[:255], state=State.APPLYING, total=len(pks), created_by=by)
    kept = json.dumps({"change": change, "records": pks})
    batch.file.save(f"{batch.key}/bulk.json", ContentFile(kept), save=False)
    batch.save()
    return batch


def read_kept(batch: Batch) -> tuple[dict, list[int]]:
    with batch.file.open("rb") as file:
        kept = json.load(file)
    return kept["change"], kept["records"]


def read_bulk(batch: Batch) -> tuple[Change, list[int]]:
    change, pks = read_kept(batch)
    return Change(**change), pks


def apply_bulk(batch: Batch) -> None:
    """Change the records that are still to be changed, then let everything count at once."""
    change, pks = read_bulk(batch)
    for some in batched(pks[batch.done :], AT_ONCE):
        apply_some(batch, change, some)
    if switch_on(batch, said=change.as_json() | {"records": len(pks)}):
        settle(change, pks)


@transaction.atomic
def switch_on(batch: Batch, *, said: dict) -> bool:
    """The end of a change that ran: from now on it stands, and the trail has its one line."""
    switched = Batch.objects.filter(pk=batch.pk, state=State.APPLYING)
    if not switched.update(state=State.APPLIED, applied_at=timezone.now()):
        return False
    Event.record("records-changed-in-bulk", batch, by=batch.created_by, difference=said)
    batch.refresh_from_db()
    return True


@transaction.atomic
def apply_some(batch: Batch, change: Change, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    held = list(affected(change, Recommendation.objects.kept().filter(pk__in=pks)).select_for_update())
    if change.hides and not change.explanation:  # signed since the change was started: these stay public
        signed = signed_and_public(held)
        held = [record for record in held if record.pk not in signed]
    write_baselines(held)
    fields: list[str] = []
    if change.deed == Deed.ADD_LABEL:
        add_label(batch, change, held)
    elif change.deed == Deed.REMOVE_LABEL:
        present_labels(change, held).update(ended_by=batch)
    elif change.deed == Deed.ADD_POSITION:
        Position.objects.bulk_create(change.position(recommendation=record, added_by=batch) for record in held)
    else:
        fields = [FIELD_OF[change.deed]]
        change_fields(batch, change, held)
    save_versions(held, fields, "records-changed-in-bulk", by=batch.created_by, explanation=change.explanation)
    touch()
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def add_label(batch: Batch, change: Change, held: Sequence[Recommendation]) -> None:
    """A suggestion of the machine that is confirmed this way ends with the batch."""
    present_labels(change, held).update(ended_by=batch)
    Tagging.objects.bulk_create(
        Tagging(
            recommendation=record,
            term_id=change.term,
            origin=Tagging.Origin.PERSON,
            said_by=batch.created_by,
            added_by=batch,
        )
        for record in held
    )


def present_labels(change: Change, held: Sequence[Recommendation]) -> QuerySet:
    return Tagging.objects.current().filter(recommendation__in=held, term=change.term)


def change_fields(batch: Batch, change: Change, held: Sequence[Recommendation]) -> None:
    changes = []
    for record in held:
        old = stored(record, change.deed)
        apply_field(record, change.deed, change.new_value())
        new = stored(record, change.deed)
        changes.append(FieldChange(batch=batch, recommendation=record, field=FIELD_OF[change.deed], old=old, new=new))
    FieldChange.objects.bulk_create(changes)


def settle(change: Change, pks: Iterable[int]) -> None:
    """A position in force changes where the record stands; done after the switch, in short steps."""
    if change.deed != Deed.ADD_POSITION:
        return
    for some in batched(pks, AT_ONCE):
        with transaction.atomic():
            refresh_stands(some)
            touch()


@transaction.atomic
def undo_bulk(*, batch: Batch, by: User) -> None:
    """Take a whole change back: labels and positions stop to count at once, `clear_bulk` does the rest."""
    applied = Batch.objects.filter(pk=batch.pk, shape__startswith=BULK, state__in=[State.APPLIED, State.APPLYING])
    if not applied.update(state=State.UNDONE):
        raise Refused(_("This change was already undone."))
    Event.record("bulk-change-undone", batch, by=by, difference={"records": batch.total})


def clear_bulk(batch: Batch, *, by: User) -> int:
    """Remove what an undone change wrote; may be repeated, so a killed job loses nothing.

    Returns how many records were changed again since: those stay as they are.
    """
    change, pks = read_bulk(batch)
    left = 0
    for some in batched(pks, AT_ONCE):
        left += clear_some(batch, change, some, by=by)
    settle(change, pks)
    return left


@transaction.atomic
def clear_some(batch: Batch, change: Change, pks: Sequence[int], *, by: User) -> int:
    held = {record.pk: record for record in Recommendation.objects.select_for_update().filter(pk__in=pks)}
    for model in (Tagging, Position):
        mine = model.objects.filter(recommendation__in=pks)
        mine.filter(added_by=batch).delete()
        mine.filter(ended_by=batch).update(ended_by=None)
    made = list(FieldChange.objects.filter(batch=batch, recommendation__in=pks))
    as_left = [one for one in made if stored(held[one.recommendation_id], change.deed) == one.new]
    staying = kept_public(change, as_left, held)
    as_left = [one for one in as_left if one.recommendation_id not in staying]
    for one in as_left:
        apply_field(held[one.recommendation_id], change.deed, one.old)
    FieldChange.objects.filter(pk__in=[one.pk for one in made]).delete()
    changed = [held[one.recommendation_id] for one in as_left] if change.deed in FIELD_OF else list(held.values())
    if changed:
        save_versions(
            changed, [FIELD_OF[change.deed]] if change.deed in FIELD_OF else [], "bulk-change-undone", by=by
        )
    touch()
    return len(made) - len(as_left)


def kept_public(
    change: Change, made: Sequence[FieldChange], held: dict[int, Recommendation]
) -> dict[int, list[Institution]]:
    """Records that the change made public and that carry a signed assessment since: undoing it leaves them public."""
    if change.deed not in HIDING_WHEN_UNDONE:
        return {}
    records = [held[one.recommendation_id] for one in made]
    return signed_and_public(record for record in records if is_marked_public(record))
