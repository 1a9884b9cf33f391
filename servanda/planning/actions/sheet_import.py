"""A spreadsheet of actions on its way: received, tried out, applied, taken back."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from django.core.files import File
from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.services import drop_file, sentence_on_refused, sentence_on_staying
from servanda.kit.refusal import Refused, Unreadable
from servanda.kit.server.full_disk import removed_unless_saved
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.actions.sheet_reading import ActionSheet, Row, read_action_sheet, split, steps_in
from servanda.planning.actions.sheet_rows import (
    ActionSheetContext,
    Outcome,
    Verdict,
    all_cells,
    change,
    codes_named,
    ground_for,
    records_of,
    write_rows,
)
from servanda.planning.models import Action, ActionCluster, ActionInstitution, ActionRecommendation, Milestone
from servanda.trail.models import Event

SHAPE = "actions"
MOST_BYTES = 10_000_000
State = Batch.State
WAITING = {State.UPLOADED, State.PREVIEWED, State.FAILED}
TO_BE_READ = {State.UPLOADED, State.PREVIEWING}
OWN_ROWS = {ActionCluster, ActionInstitution, ActionRecommendation, Milestone}


def action_sheets(user: User) -> QuerySet[Batch]:
    sheets = Batch.objects.filter(shape=SHAPE)
    return sheets.select_related("created_by") if can(user, Can.EDIT_PLAN) else sheets.none()


def send_action_sheet(*, file: File, name: str, by: User) -> Batch:
    """Keep the file until it is applied or discarded."""
    if file.size > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)d MB. Please split it.") % {"most": MOST_BYTES // 1_000_000})
    batch = Batch(name=name[:255], shape=SHAPE, size=file.size, created_by=by, publish=False)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/actions", file, save=False)
    with removed_unless_saved(batch.file), transaction.atomic():
        batch.save()
        Event.record("action-sheet-sent", batch, by=by, difference={"size": ["", batch.size]})
    return batch


def preview_action_sheet(batch: Batch) -> None:
    """Apply the file, look at what that did, and let the database forget it: a preview that cannot be wrong."""
    Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWING, message="")
    try:
        sheet = read_action_sheet(Path(batch.file.path))
    except Unreadable as problem:
        give_up(batch, str(problem))
        return
    with transaction.atomic():
        by = User.objects.get(pk=batch.created_by_id or 0)
        outcomes = write_rows(sheet, ground_for(codes_named(sheet), by=by, batch=batch))
        transaction.set_rollback(True)
    with transaction.atomic():
        stage(batch, outcomes)
        Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWED, message=remark_on(sheet))


def give_up(batch: Batch, reason: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=reason)
    drop_file(batch)


def remark_on(sheet: ActionSheet) -> str:
    if not sheet.ignored:
        return ""
    sentence = _("These columns are not known and are left out: %(columns)s.")
    return sentence % {"columns": ", ".join(dict.fromkeys(sheet.ignored))}


def stage(batch: Batch, outcomes: Sequence[Outcome]) -> None:
    batch.rows.all().delete()
    StagedRow.objects.bulk_create(
        StagedRow(
            batch=batch,
            number=number,
            where=outcome.row.where,
            verdict=outcome.verdict,
            code=outcome.row.text("code")[:80],
            summary=outcome.row.text("title")[:240],
            reason=outcome.remark,
            difference=json.dumps({"pk": outcome.pk, "cells": outcome.cells}, ensure_ascii=False),
        )
        for number, outcome in enumerate(outcomes, 1)
    )
    Batch.objects.filter(pk=batch.pk).update(total=len(outcomes), done=len(outcomes))


@transaction.atomic
def start_action_sheet(*, batch: Batch, accept_refused: bool) -> None:
    """Say that the file may be applied; a job does it."""
    refused = batch.rows.filter(verdict=Verdict.REFUSED).count()
    if refused and not accept_refused:
        raise Refused(sentence_on_refused(refused))
    started = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED).update(
        state=State.APPLYING, accept_refused=accept_refused
    )
    if not started:
        raise Refused(_("This import cannot be applied now: it is %(state)s.") % {"state": batch.get_state_display()})


def apply_action_sheet(*, batch: Batch, by: User) -> None:
    """All rows in one transaction, and one line in the trail."""
    sheet = read_action_sheet(Path(batch.file.path))
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != State.APPLYING:
            return
        outcomes = write_rows(sheet, ground_for(codes_named(sheet), by=by, batch=held))
        counts = Counter(outcome.verdict for outcome in outcomes)
        is_kept = held.accept_refused or not counts[Verdict.REFUSED]
        if is_kept:
            stage(held, outcomes)
            Batch.objects.filter(pk=held.pk).update(state=State.APPLIED, applied_at=timezone.now(), message="")
            said = {str(name): ["", number] for name, number in counts.items()}
            Event.record("action-sheet-applied", held, by=by, difference=said)
        else:
            transaction.set_rollback(True)
    if is_kept:
        drop_file(held)
    else:
        preview_action_sheet(held)  # what is refused now was not when the person looked


def discard_action_sheet(*, batch: Batch, by: User) -> None:
    """Give the file up; nothing was applied, and nothing of it is kept."""
    with transaction.atomic():
        changed = Batch.objects.filter(pk=batch.pk, state__in=WAITING).update(state=State.DISCARDED)
        if not changed:
            raise Refused(_("Only an import that is not applied can be discarded."))
        batch.rows.all().delete()
        Event.record("action-sheet-discarded", batch, by=by)
    drop_file(batch)


@transaction.atomic
def undo_action_sheet(*, batch: Batch, by: User) -> int:
    """Restore what the file changed; rows that somebody changed since, or built upon, are named and stay.

    Answers how many stay.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != State.APPLIED:
        raise Refused(_("Only an applied import can be undone."))
    rows = list(held.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED]).order_by("-number"))
    stay = take_back(rows, by=by, batch=held)
    Batch.objects.filter(pk=held.pk).update(state=State.UNDONE, message=sentence_on_staying(stay))
    difference = {"rows": ["", len(rows)], "stay": ["", [row.where for row in stay]]}
    Event.record("action-sheet-undone", held, by=by, difference=difference)
    return len(stay)


def take_back(rows: list[StagedRow], *, by: User, batch: Batch) -> list[StagedRow]:
    """Last row first; what others of the file still stand upon is tried again. Answers the rows that stay."""
    waiting = rows
    cells = [json.loads(row.difference)["cells"] for row in rows]
    codes = {code for one in cells if "recommendations" in one for code in split(one["recommendations"][0])}
    while waiting:
        ground = ground_for(sorted(codes), by=by, batch=batch)
        stay = [row for row in waiting if not restored(row, ground)]
        if len(stay) == len(waiting):
            break
        waiting = stay
    StagedRow.objects.bulk_update(waiting, ["reason"])
    return waiting


def restored(row: StagedRow, ground: ActionSheetContext) -> bool:
    try:
        with transaction.atomic():
            restore(json.loads(row.difference), row, ground)
    except Refused as refusal:
        row.reason = str(refusal)
        return False
    return True


def restore(said: dict, row: StagedRow, ground: ActionSheetContext) -> None:
    action = Action.objects.select_for_update().filter(pk=said["pk"]).first()
    if action is None:
        if row.verdict == Verdict.NEW:
            return
        raise Refused(_("It is gone."))
    now = all_cells(action)
    names = now if row.verdict == Verdict.NEW else said["cells"]
    if any(now[name] != said["cells"].get(name, ["", ""])[1] for name in names):
        raise Refused(_("It was changed since."))
    if row.verdict == Verdict.NEW:
        remove(action)
        return
    cells = {name: before or "-" for name, (before, _after) in said["cells"].items()}
    back = Row(row.number, cells | {"code": action.code})
    steps = steps_in(back.text("milestones")) if "milestones" in cells else None
    change(back, action, records_of(back, ground), steps, ground)


def remove(action: Action) -> None:
    """Only what nothing of any room points to: no part, no indicator, no update."""
    relations = [one for one in action._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    pointing = [one for one in relations if one.related_model not in OWN_ROWS and not is_history(one)]
    if any(one.related_model._base_manager.filter(**{one.field.name: action.pk}).exists() for one in pointing):
        raise Refused(_("It is used by now."))
    action.delete()


def is_history(relation: ForeignObjectRel) -> bool:
    """What was is told of also when the thing is gone."""
    return getattr(relation, "on_delete", None) is models.DO_NOTHING
