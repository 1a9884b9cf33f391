"""The runner of all changes of many records: previewed, applied in short steps, undone from their own page.

The change and the rows it is for are saved as the file of a batch, so that what runs is what was previewed, and a
job that was killed goes on where it stopped.
"""

import json
from collections.abc import Sequence
from itertools import batched

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.bulk.registry import AT_ONCE, BULK, BulkChange, Difference, kind_of
from servanda.recommendations.models import Recommendation, TextVersion, by_language
from servanda.trail.models import Event

IN_A_REQUEST = 500  # more records than this are changed by a task
FIRST_DIFFERENCES = 20
State = Batch.State


def affected_keys(change: BulkChange, rows: QuerySet) -> list[int]:
    return list(change.affected(rows).order_by("pk").values_list("pk", flat=True))


def first_differences(change: BulkChange, rows: QuerySet) -> list[Difference]:
    first = list(change.in_preview_order(change.affected(rows))[:FIRST_DIFFERENCES])
    records, values = [change.record_of(row) for row in first], change.old_and_new(first)
    texts = texts_of([record for record in records if isinstance(record, Recommendation)])
    return [
        Difference(label=record.code, text=texts.get(record.code), old=old, new=new)
        for record, (old, new) in zip(records, values, strict=False)
    ]


def texts_of(records: Sequence[Recommendation]) -> dict[str, TextVersion]:
    """The text of each record by its reference, in the reader's language where there is one."""
    full = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__in=records)
    codes = {record.pk: record.code for record in records}
    return {codes[text.recommendation_id]: text for text in reversed(by_language(full))}


def start_bulk(*, change: BulkChange, records: QuerySet, by: User) -> Batch:
    """Save the change with the records that it would change; it runs with `apply_bulk`.

    Raises `Refused` where the change does, and if it would change nothing.
    """
    return save_bulk(change=change, pks=affected_keys(change, records), by=by)


def save_bulk(*, change: BulkChange, pks: list[int], by: User) -> Batch:
    """Save the change with exactly the rows that were previewed; raises `Refused` as `start_bulk` does."""
    change.refuse(pks, by=by)
    if not pks:
        raise Refused(_("These records would not change. Select other records or another change."))
    name = change.title()[:255]
    batch = Batch(shape=change.shape, name=name, state=State.APPLYING, total=len(pks), created_by=by)
    content = json.dumps({"change": change.as_json(), "records": pks})
    batch.file.save(f"{batch.key}/bulk.json", ContentFile(content), save=False)
    batch.save()
    return batch


def read_bulk(batch: Batch) -> tuple[BulkChange, list[int]]:
    with batch.file.open("rb") as file:
        content = json.load(file)
    return kind_of(batch).from_json(content["change"]), content["records"]


def apply_bulk(batch: Batch) -> None:
    """Change the rows that have not been changed yet, then let all changes count at once."""
    change, pks = read_bulk(batch)
    for some in batched(pks[batch.done :], AT_ONCE):
        apply_some(batch, change, some)
    if switch_on(batch, change):
        change.settle(pks)


@transaction.atomic
def apply_some(batch: Batch, change: BulkChange, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    change.write(batch, change.still_affected(batch, pks))
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


@transaction.atomic
def switch_on(batch: Batch, change: BulkChange) -> bool:
    """Mark a change that has run as applied, with its one line in the trail; False if it was undone meanwhile."""
    switched = Batch.objects.filter(pk=batch.pk, state=State.APPLYING)
    if not switched.update(state=State.APPLIED, applied_at=timezone.now()):
        return False
    values = change.trail_values(batch)
    Event.record("records-changed-in-bulk", batch, by=batch.created_by, difference=values)
    batch.refresh_from_db()
    return True


@transaction.atomic
def undo_bulk(*, batch: Batch, by: User) -> None:
    """Take a whole change back: labels and positions stop counting at once, `clear_bulk` does the rest.

    Raises `Refused` if it was undone before.
    """
    applied = Batch.objects.filter(pk=batch.pk, shape__startswith=BULK, state__in=[State.APPLIED, State.APPLYING])
    if not applied.update(state=State.UNDONE):
        raise Refused(_("This change has already been undone."))
    Event.record("bulk-change-undone", batch, by=by, difference={"records": batch.total})


def clear_bulk(batch: Batch, *, by: User) -> int:
    """Remove what an undone change wrote; may be repeated if the worker dies.

    Returns how many rows were changed again since, which stay as they are.
    """
    change, pks = read_bulk(batch)
    steps = [pks] if change.is_undone_in_one_step else batched(pks, AT_ONCE)
    left = sum(clear_some(batch, change, some, by=by) for some in steps)
    change.settle(pks)
    return left


@transaction.atomic
def clear_some(batch: Batch, change: BulkChange, pks: Sequence[int], *, by: User) -> int:
    return change.take_back(batch, pks, by=by)
