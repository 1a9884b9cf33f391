"""Spreadsheets of all kinds: receive, preview, apply, undo, discard."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from servanda.intake.comments import save_comments
from servanda.intake.models import Batch, StagedRow
from servanda.intake.services import tell_sender
from servanda.intake.sheets.kinds import Run, SheetKind, kind_of, kinds
from servanda.intake.sheets.reading import Sheet
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined, renamed, shortened
from servanda.kit.refusal import FieldRefused, Refused, Unreadable
from servanda.kit.server.full_disk import removed_unless_saved
from servanda.people.models import User
from servanda.trail.models import Event

State, Verdict = Batch.State, StagedRow.Verdict
WAITING = {State.UPLOADED, State.PREVIEWED, State.FAILED}
TO_BE_READ = {State.UPLOADED, State.PREVIEWING}
CHANGING = [Verdict.NEW, Verdict.CHANGED]
KEPT = timedelta(days=30)


def send_sheet(
    *, kind: SheetKind, file: File, name: str, by: User, subject: Any = None, values: Mapping[str, Any] | None = None
) -> Batch:
    """Keep the file until it is applied or discarded; `values` are what the form says beside it.

    Raises `Refused` if the file is too large, or where the kind does.
    """
    values = values or {}
    kind.refuse_sending(subject, values, by=by)
    if file.size > kind.most_bytes:
        sentence = _("The file is larger than %(most)d MB. Split it.")
        raise FieldRefused("file", sentence % {"most": kind.most_bytes // 1_000_000})
    batch = Batch(name=name[:255], shape=kind.shape, size=file.size, created_by=by, publish=False)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/{batch.key.hex}", file, save=False)
    with removed_unless_saved(batch.file), transaction.atomic():
        batch.save()
        kind.save_details(batch, subject, values)
        record(batch, "sent", by=by, difference={"size": ["", batch.size]})
    return batch


def record(batch: Batch, what: str, *, by: User, difference: Mapping[str, Any] | None = None) -> None:
    kind = kind_of(batch)
    Event.record(f"{kind.trail}-{what}", kind.trail_object(batch), by=by, difference=difference)


def preview_sheet(batch: Batch) -> None:
    """Say of each row what applying would do with it.

    The rows are written, looked at and rolled back: such a preview cannot be wrong.
    """
    kind = kind_of(batch)
    Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWING, message="")
    try:
        sheet = read_sheet(batch)
    except Unreadable as problem:
        give_up(batch, str(problem))
        return
    run = Run(batch, by=User.objects.get(pk=batch.created_by_id or 0))
    rows = kind.judge(sheet, run) if kind.applies_row_by_row else rolled_back(kind, sheet, run)
    with transaction.atomic():
        stage(batch, rows)
        save_comments(batch)
        Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWED, message=sheet.message)
        tell(batch, State.PREVIEWED)


def read_sheet(batch: Batch) -> Sheet:
    """Raises `Unreadable`, in words with the name that the file had where it came from."""
    path = Path(batch.file.path)
    try:
        return kind_of(batch).read(path)
    except Unreadable as problem:
        raise Unreadable(renamed(str(problem), path.name, batch.name)) from problem


@transaction.atomic
def rolled_back(kind: SheetKind, sheet: Sheet, run: Run) -> list[StagedRow]:
    rows = kind.write(sheet, run)
    transaction.set_rollback(True)
    return rows


def stage(batch: Batch, rows: Sequence[StagedRow]) -> None:
    """Save rows numbered in the order of writing; they are restored in the opposite order."""
    batch.rows.all().delete()
    for number, row in enumerate(rows, 1):
        row.batch, row.number = batch, number
        row.where, row.code, row.summary = shortened(row.where, 120), row.code[:80], row.summary[:240]
    StagedRow.objects.bulk_create(rows)
    Batch.objects.filter(pk=batch.pk).update(total=len(rows), done=0)


def give_up(batch: Batch, reason: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=reason)
    tell(batch, State.FAILED)
    drop_file(batch)


def tell(batch: Batch, state: str) -> None:
    if notice := kind_of(batch).notices.get(state):
        tell_sender(batch, notice)


def drop_file(batch: Batch) -> None:
    batch.file.delete(save=False)
    Batch.objects.filter(pk=batch.pk).update(file="")


@transaction.atomic
def start_sheet(*, batch: Batch, options: Mapping[str, Any]) -> None:
    """Queue the file for applying.

    Raises `Refused` if rows are refused without `accept_refused`, or if the batch cannot be applied.
    """
    kind, accept_refused = kind_of(batch), bool(options.get("accept_refused"))
    refused = batch.rows.filter(verdict=Verdict.REFUSED).count()
    if refused and not accept_refused:
        raise Refused(sentence_on_refused(refused))
    if kind.must_change and batch.state == State.PREVIEWED and not batch.rows.filter(verdict__in=CHANGING).exists():
        raise Refused(_("This file would change nothing."))
    kind.refuse_start(batch, options)
    started = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED)
    if not started.update(state=State.APPLYING, accept_refused=accept_refused):
        raise Refused(_("This import cannot be applied now: it is %(state)s.") % {"state": batch.get_state_display()})


def sentence_on_refused(refused: int) -> str:
    sentence = ngettext(
        "%(count)d row is refused. Correct the file, or choose to apply the rest.",
        "%(count)d rows are refused. Correct the file, or choose to apply the rest.",
        refused,
    )
    return sentence % {"count": refused}


def apply_sheet(*, batch: Batch, by: User, options: Mapping[str, Any] | None = None, origin: str = "") -> None:
    """Do what was previewed, with one line in the trail for all rows."""
    run = Run(batch, by=by, options=options or {}, origin=origin)
    if kind_of(batch).applies_row_by_row:
        apply_rows(run)
    else:
        apply_at_once(run)


def apply_at_once(run: Run) -> None:
    """All rows in one transaction. Where they do something else than was previewed, they are previewed again."""
    sheet = read_sheet(run.batch)
    with transaction.atomic():
        batch = run.batch = Batch.objects.select_for_update().get(pk=run.batch.pk)
        if batch.state != State.APPLYING:
            return
        kind, before = kind_of(batch), list(batch.rows.all())
        rows = kind.write(sheet, run)
        is_kept = kind.is_as_previewed(before, rows)
        if is_kept:
            stage(batch, rows)
            finish(run)
        else:
            transaction.set_rollback(True)
    if is_kept:
        drop_file(batch)
        return
    preview_sheet(batch)
    message = _(
        "Data changed since the preview, and the rows were read again. Check them before you apply the import."
    )
    Batch.objects.filter(pk=batch.pk).update(message=joined([message, sheet.message]))


def apply_rows(run: Run) -> None:
    """Apply row by row, each whole; when started again, it continues where it stopped. Refused rows get a reason."""
    kind, batch = kind_of(run.batch), run.batch
    for row in batch.rows.filter(verdict__in=CHANGING, number__gt=batch.done):
        apply_row(kind, row, run)
    with transaction.atomic():
        batch = run.batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != State.APPLYING:
            return
        finish(run)
    drop_file(batch)


@transaction.atomic
def apply_row(kind: SheetKind, row: StagedRow, run: Run) -> None:
    try:
        with transaction.atomic():
            kind.write_row(row, run)
    except Refused as refusal:
        row.verdict, row.reason = Verdict.REFUSED, kind.sentence_of(refusal)
    row.save(update_fields=["difference", "verdict", "reason"])
    Batch.objects.filter(pk=row.batch_id).update(done=row.number)


def finish(run: Run) -> None:
    batch = run.batch
    counts = Counter(batch.rows.order_by().values_list("verdict", flat=True))
    applied = {"state": State.APPLIED, "applied_at": timezone.now(), "done": counts.total(), "message": ""}
    Batch.objects.filter(pk=batch.pk).update(**applied)
    tell(batch, State.APPLIED)
    figures = {str(verdict): ["", number] for verdict, number in counts.items()}
    record(batch, "applied", by=run.by, difference=figures | run.figures)


def discard_sheet(*, batch: Batch, by: User) -> None:
    """Discard a file that was not applied, with all its rows. Raises `Refused` once it is applied."""
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state__in=WAITING).update(state=State.DISCARDED):
            raise Refused(_("Only an import that is not applied can be discarded."))
        batch.rows.all().delete()
        batch.cell_comments.all().delete()
        record(batch, "discarded", by=by)
    drop_file(batch)


@transaction.atomic
def undo_sheet(*, batch: Batch, by: User) -> int:
    """Restore what the file changed; rows that were changed or used since stay, and are listed.

    Returns how many stay. Raises `Refused` if the file is not applied, or its rows are forgotten.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.APPLIED:
        raise Refused(_("Only an applied import can be undone."))
    if not batch.rows.exists():
        raise Refused(_("This import is too old to be undone: its rows are no longer kept."))
    rows = list(batch.rows.filter(verdict__in=CHANGING).order_by("-number"))
    stay = kind_of(batch).restore_all(rows, Run(batch, by=by))
    StagedRow.objects.bulk_update(stay, ["reason"], batch_size=200)
    Batch.objects.filter(pk=batch.pk).update(state=State.UNDONE, message=sentence_on_staying(stay))
    record(batch, "undone", by=by, difference={"rows": ["", len(rows)], "stay": ["", [row.where for row in stay]]})
    return len(stay)


def sentence_on_staying(stay: Sequence[StagedRow]) -> str:
    if not stay:
        return ""
    sentence = _("These rows were not undone; each shows the reason: %(rows)s.")
    return sentence % {"rows": "; ".join(row.where for row in reversed(stay))}


def forget_old_sheets(*, on: datetime) -> int:
    """Discard what no one applied for a month; of kinds that name people, forget the rows of the others as well.

    Returns of how many sheets something was deleted.
    """
    forgotten = 0
    for kind in kinds():
        old = Batch.objects.filter(shape=kind.shape, created_at__lt=on - KEPT).exclude(state=State.APPLYING)
        if not kind.names_people:
            old = old.filter(state__in=WAITING)
        for batch in old.filter(~Q(file="") | Q(rows__isnull=False)).distinct():
            batch.rows.all().delete()
            batch.cell_comments.all().delete()
            drop_file(batch)
            forgotten += 1
        old.filter(state__in=WAITING).update(state=State.DISCARDED)
    return forgotten
