"""The steps of an import: receive, preview, apply, undo."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.core.files import File
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import ngettext

from servanda.intake.columns.dates import DateOrder, dates_in_order
from servanda.intake.comments import save_comments
from servanda.intake.models import Batch, SenderMapping, StagedCell, StagedRow
from servanda.intake.services import tell_sender
from servanda.kit.database.bulk_rows import analyze_tables
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.kit.server.full_disk import removed_unless_saved
from servanda.people.models import Notification, User
from servanda.people.notifications.services import in_language_of
from servanda.recommendations.editing.follow_up_obligations import join_same, obligations_of, release
from servanda.recommendations.editing.turning import turned_paragraphs
from servanda.recommendations.imports import apply_undo
from servanda.recommendations.imports.cell_notes import CommentedRows
from servanda.recommendations.imports.checking import AT_REST, refuse_other_outcomes, refuse_unmapped_sheets
from servanda.recommendations.imports.findings import verdict_counts
from servanda.recommendations.imports.further_sheets import count_rows
from servanda.recommendations.imports.judging import Judge
from servanda.recommendations.imports.lost_zeros import Paragraphs
from servanda.recommendations.imports.matching import Verdict
from servanda.recommendations.imports.reading import RowReader, scheme_of
from servanda.recommendations.imports.remarks import Tally, save_order
from servanda.recommendations.imports.row_decisions import Decisions
from servanda.recommendations.imports.sheet_cells import SheetCells, undo_cells, why_not_undone
from servanda.recommendations.imports.staging import printed_labels, staged_row
from servanda.recommendations.imports.writing import TABLES, ChunkWriter
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import detect
from servanda.sources.units.conversion import is_to_be_converted
from servanda.sources.units.obligations import add_obligations, adds_obligations
from servanda.sources.units.questions import add_questions, adds_questions
from servanda.sources.units.reading import confirmed
from servanda.trail.models import Event

State = Batch.State
LONGEST_NAME = 50  # characters of a file's name that are kept, for messages about it
WORTH_COUNTING = 200  # rows of a file from which on PostgreSQL's statistics are updated before further queries
KEPT = timedelta(days=30)  # files whose columns no one chose are kept for this long
BREATH = 0.01  # seconds between chunks, so that another writer of SQLite gets its turn


def receive_file(
    *, file: File, name: str, by: User | None, country: str = "", assumed_country: str = "", publish: bool = True
) -> Batch:
    """Store an uploaded file and detect its kind. Raises `Refused` where it cannot be read."""
    batch = Batch(name=name[:255], country=country, assumed_country=assumed_country, publish=publish, created_by=by)
    batch.size = file.size
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/{stored_name(name)}", file, save=False)
    try:
        batch.shape = detect(Path(batch.file.path)).value
    except Unreadable as problem:
        batch.file.delete(save=False)
        raise Refused(problem) from problem
    with removed_unless_saved(batch.file), transaction.atomic():
        batch.save()
        Event.record("import-received", batch, by=by, difference={"shape": batch.shape, "size": batch.size})
    return batch


def stored_name(name: str) -> str:
    """A safe file name: no folders, no special characters, not too long, never empty."""
    plain = re.sub(r"[^\w.\-]+", "_", name.replace("\\", "/").rpartition("/")[2])
    return plain.strip("._")[-LONGEST_NAME:] or "file"


def use_mapping(*, batch: Batch, mapping: SenderMapping) -> None:
    """Read the columns of a sheet by a saved mapping. Raises `Refused` where the file needs none."""
    if batch.shape != "sheet":
        raise Refused(_("This file needs no column mapping: its format is known."))
    batch.mapping = mapping
    batch.save(update_fields=["mapping"])


def same_file_before(batch: Batch) -> Batch | None:
    """The applied import of an identical file, if there is one."""
    return Batch.objects.filter(sha256=batch.sha256, state=State.APPLIED).exclude(pk=batch.pk).first()


def forget_file(batch: Batch) -> None:
    """Delete a batch and its file, where an identical file was imported before."""
    batch.file.delete(save=False)
    batch.delete()


def preview_batch(batch: Batch) -> None:
    """Read the whole file and store what each row would do; the register does not change."""
    may_be_read = Batch.objects.filter(pk=batch.pk, state__in=[*AT_REST, State.PREVIEWING])
    if not may_be_read.update(state=State.PREVIEWING, done=0, total=0, message=""):
        return  # requested twice, and applied or discarded in the meantime
    batch.refresh_from_db()
    apply_undo.clean_leftovers()
    batch.rows.all().delete()
    batch.cells.all().delete()
    tally, order = Tally(), order_of(batch)
    save_comments_of_sheet(batch)
    commented = CommentedRows(batch)
    try:
        with dates_in_order(order):
            store_preview(batch, tally, commented)
    except Unreadable as problem:
        move(batch, State.FAILED, message=str(problem))
        tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        return
    tally.save(batch)
    save_order(batch, order)
    commented.save()
    total = batch.rows.count()
    adds = total or adds_obligations(batch) or adds_questions(batch)
    message = "" if adds else _("The file has no row for this State.")
    move(batch, State.PREVIEWED, done=total, total=total, elsewhere=batch.elsewhere, message=message)
    tell_sender(batch, Notification.Kind.IMPORT_READY)


def store_preview(batch: Batch, tally: Tally, commented: CommentedRows) -> None:
    for rows_done, staged, cells in preview_chunks(batch, tally, commented):
        with transaction.atomic():
            StagedRow.objects.bulk_create(staged)
            StagedCell.objects.bulk_create(cells)
            Batch.objects.filter(pk=batch.pk).update(done=rows_done)
        yield_write_lock()


def save_comments_of_sheet(batch: Batch) -> None:
    """Only those of spreadsheets whose columns a person maps can become notes."""
    if not batch.takes_comments and batch.file and batch.shape in {"sheet", "uhri-xlsx"}:
        save_comments(batch)


def order_of(batch: Batch) -> DateOrder:
    """In which day and month are read."""
    return DateOrder(month_first=batch.reads_month_first)


def preview_chunks(
    batch: Batch, tally: Tally, commented: CommentedRows
) -> Iterator[tuple[int, list[StagedRow], list[StagedCell]]]:
    labels = cache(printed_labels)  # needed only for rows that differ from their record
    reader, cells = RowReader(batch), SheetCells(batch)
    judge, paragraphs = Judge(scheme_of(batch), lists=cells.lists), Paragraphs(batch)
    number = 0
    for rows in reader:
        matches = judge.judge(rows)
        tally.count(rows)
        staged = [staged_row(batch, place, match, labels) for place, match in enumerate(matches, number + 1)]
        judged = cells.judged(matches, first=number + 1)
        commented.add(matches, judged, first=number + 1)
        yield number + len(rows), staged, judged
        number += len(rows)
        paragraphs.add(rows)
    paragraphs.report_to(tally)
    batch.elsewhere = reader.elsewhere
    commented.elsewhere = reader.places_elsewhere
    count_rows(batch, reader.by_sheet)


def start_applying(*, batch: Batch, by: User, accept_refused: bool, publish: bool) -> None:
    """Start applying a previewed file; the worker then writes it in the background. With `publish`, its new records
    are public at once. Raises `Refused`."""
    if batch.shape == "sheet" and batch.mapping and batch.state == State.UPLOADED:
        raise Refused(_("Check this file before you apply it."))
    counts = verdict_counts(batch)
    refused = counts[Verdict.REFUSED]
    if refused and refused == sum(counts.values()):
        raise Refused(_("All rows are refused. Correct the columns or the file, then check it again."))
    if refused and not accept_refused:
        raise Refused(
            ngettext(
                "%(count)d row is refused. Correct the file, or leave the refused rows out.",
                "%(count)d rows are refused. Correct the file, or leave the refused rows out.",
                refused,
            )
            % {"count": refused}
        )
    with transaction.atomic():
        claim(batch, accept_refused=accept_refused)
        batch.publish = publish
        batch.save(update_fields=["publish"])
        Event.record("import-started", batch, by=by, difference={**counts, "publish": publish})


@transaction.atomic
def claim(batch: Batch, *, accept_refused: bool) -> None:
    """Mark the batch as being applied. Raises `Refused`, also while another import is being applied, so that two
    files never create the same recommendation twice."""
    if is_to_be_converted(batch):
        raise Refused(_("This file has not been converted and cannot be applied. Send it as DOCX."))
    if batch.shape == "sheet" and not batch.mapping:
        raise Refused(_("Choose the columns of this file first."))
    refuse_unmapped_sheets(batch)
    if batch.shape == "document" and not confirmed(batch):
        raise Refused(_("Check and confirm the content found in this document first."))
    if running := Batch.objects.select_for_update().filter(state=State.APPLYING).exclude(pk=batch.pk).first():
        raise Refused(
            _("“%(name)s” is being applied. Wait until it is done, then try again.") % {"name": running.name}
        )
    startable = {State.UPLOADED, State.PREVIEWED, State.UNDONE, State.FAILED}
    claimed = Batch.objects.filter(pk=batch.pk, state__in=startable, cleaned=True).update(
        state=State.APPLYING, done=0, accept_refused=accept_refused, cleaned=False, message=""
    )
    if not claimed:
        raise Refused(_("This import cannot be applied now: it is %(state)s.") % {"state": batch.get_state_display()})
    batch.refresh_from_db()


def apply_batch(batch: Batch) -> Counter:
    """Write the rows in short transactions, then make all of them count in one commit; returns the verdicts.

    Called again after a crash, it resumes after the last chunk that was written.
    """
    apply_undo.clean_leftovers()
    verdicts: Counter = Counter()
    tally = Tally()
    try:
        cells = SheetCells(batch)
        with dates_in_order(order_of(batch)):
            for rows_done, counted in write_chunks(batch, tally, cells):
                verdicts.update(counted)
                Batch.objects.filter(pk=batch.pk).update(done=rows_done)
                yield_write_lock()
    except Unreadable as problem:
        discard_batch(batch=batch, by=batch.created_by, message=str(problem))
        return verdicts
    if not batch.rows.exists():  # it was not previewed, so its remarks are not stored yet
        tally.save(batch)
    if verdicts.total() >= WORTH_COUNTING:
        analyze_tables([Recommendation, *TABLES])
    finish_applying(batch, verdicts, cells)
    return verdicts


def write_chunks(
    batch: Batch, tally: Tally | None = None, cells: SheetCells | None = None
) -> Iterator[tuple[int, Counter]]:
    judge = Judge(scheme_of(batch), batch, cells.lists if cells else None)
    writer = ChunkWriter(batch, scheme_of(batch))
    decisions = Decisions(batch)
    already_written, rows_done = batch.done, 0
    if already_written:
        writer.resume()
    reader, tally, paragraphs = RowReader(batch), tally or Tally(), Paragraphs(batch)
    for rows in reader:
        matches = judge.judge(rows)
        tally.count(rows)
        refuse_other_outcomes(batch, matches, first=rows_done + 1)
        decided = decisions.apply_to(matches, first=rows_done + 1)
        if cells:
            cells.add(decided, first=rows_done + 1)
        rows_done += len(rows)
        if rows_done > already_written:
            writer.write(decided, rows_done=rows_done)
        yield rows_done, Counter(match.verdict for match in decided)
        paragraphs.add(rows)
    paragraphs.report_to(tally)
    Batch.objects.filter(pk=batch.pk).update(elsewhere=reader.elsewhere)


def finish_applying(batch: Batch, verdicts: Counter, cells: SheetCells | None = None) -> None:
    """Make everything of a batch count, in one short commit."""
    refused = verdicts[Verdict.REFUSED]
    if refused and not batch.accept_refused:
        sentence = ngettext(
            "%(count)d row was refused, so nothing was applied.",
            "%(count)d rows were refused, so nothing was applied.",
            refused,
        )
        discard_batch(batch=batch, by=batch.created_by, message=sentence % {"count": refused})
        return
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(
            state=State.APPLIED, applied_at=timezone.now(), cleaned=True, total=F("done")
        )
        if cells:
            cells.write()
        tell_sender(batch, Notification.Kind.IMPORT_APPLIED)
        difference = dict(verdicts) | imported_cells(batch)
        if added := add_obligations(batch, turned_paragraphs(batch)):
            difference["obligations"] = added
        join_same(batch)
        release(obligations_of(FollowUp.objects.filter(ended_by=batch)), by=batch.created_by)
        if asked := add_questions(batch):
            difference["questions"] = asked
        Event.record("import-applied", batch, by=batch.created_by, difference=difference)
    batch.refresh_from_db()
    apply_undo.refresh_records(batch)


def imported_cells(batch: Batch) -> dict[str, int]:
    """How many cells of each column are imported for other rooms: institutions, dates, actions and so on."""
    cells = batch.cells.filter(outcome=StagedCell.Outcome.IMPORTED)
    return dict(cells.values_list("column").annotate(Count("pk")).order_by("column"))


def discard_batch(*, batch: Batch, by: User | None, message: str = "") -> None:
    """Discard an import that is not applied: what it wrote is deleted, the file and the reason are kept.

    Raises `Refused` where it is applied or undone.
    """
    with transaction.atomic():
        state = State.FAILED if message else State.DISCARDED
        changed = (
            Batch.objects.filter(pk=batch.pk)
            .exclude(state__in=[State.APPLIED, State.UNDONE])
            .update(state=state, message=message)
        )
        if not changed:
            raise Refused(_("Only an import that is not applied can be discarded."))
        if message:
            tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        Event.record("import-discarded", batch, by=by, difference={"reason": message})
    batch.refresh_from_db()
    apply_undo.clean(batch)


def reason_to_keep(batch: Batch) -> str:
    """Why an applied import cannot be undone; empty where it can."""
    return apply_undo.why_not_undone(batch) or " ".join(why_not_undone(batch))


def undo_batch(*, batch: Batch, by: User) -> None:
    """Undo a whole import. Raises `Refused` where something depends on it."""
    if batch.state == State.APPLIED and (reason := reason_to_keep(batch)):
        raise Refused(reason)
    with transaction.atomic():
        undo_cells(batch, by=by)
        changed = Batch.objects.filter(pk=batch.pk, state=State.APPLIED).update(state=State.UNDONE, cleaned=False)
        if not changed:
            raise Refused(_("Only an applied import can be undone."))
        if reason := apply_undo.signed_of(batch):  # published since it was looked at: whoever signs locks the batch
            raise Refused(reason)
        Event.record("import-undone", batch, by=by)
    batch.refresh_from_db()
    apply_undo.clean(batch)


def move(batch: Batch, state: str, **fields: object) -> None:
    batch.state = state
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *fields])


def yield_write_lock() -> None:
    if connection.vendor == "sqlite":
        time.sleep(BREATH)


def forget_imports_never_started(*, on: datetime) -> int:
    """Delete files whose columns no one named within 30 days; their senders are notified. Gives how many."""
    waiting = Batch.objects.filter(state=Batch.State.UPLOADED, shape="sheet", created_at__lt=on - KEPT).exclude(
        file=""
    )
    forgotten = 0
    for batch in waiting.select_related("created_by"):
        with in_language_of(batch.created_by):
            message = _("The import was not started within 30 days, and its file was deleted. Send the file again.")
        discard_batch(batch=batch, by=None, message=message)
        batch.file.delete(save=True)
        forgotten += 1
    return forgotten
