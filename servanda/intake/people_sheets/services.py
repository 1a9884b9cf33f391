"""A spreadsheet of institutions and people on its way: received, tried out, applied, taken back."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.intake.models import Batch, StagedRow
from servanda.intake.people_sheets.reading import INSTITUTIONS, PeopleSheet, Row, read_people_sheet
from servanda.intake.people_sheets.rows import Outcome, Verdict, ground_for, write_rows
from servanda.intake.people_sheets.undo import take_back
from servanda.intake.services import tell_sender
from servanda.kit.refusal import Refused, Unreadable
from servanda.kit.server.full_disk import removed_unless_saved
from servanda.people.access import Can, can
from servanda.people.invitations.services import send_letter
from servanda.people.models import Notification, User
from servanda.trail.models import Event

SHAPE = "institutions-and-people"
MOST_BYTES = 10_000_000
KEPT = timedelta(days=30)  # names and addresses of a file are not kept beside those of the accounts for ever
State = Batch.State
WAITING = {State.UPLOADED, State.PREVIEWED, State.FAILED}
TO_BE_READ = {State.UPLOADED, State.PREVIEWING}


def people_sheets(user: User) -> QuerySet[Batch]:
    sheets = Batch.objects.filter(shape=SHAPE)
    return sheets.select_related("created_by") if can(user, Can.MANAGE_PEOPLE) else sheets.none()


def send_people_sheet(*, file: File, name: str, by: User) -> Batch:
    """Keep the file until it is applied or discarded."""
    if file.size > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)d MB. Please split it.") % {"most": MOST_BYTES // 1_000_000})
    batch = Batch(name=name[:255], shape=SHAPE, size=file.size, created_by=by, publish=False)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/people", file, save=False)
    with removed_unless_saved(batch.file), transaction.atomic():
        batch.save()
        Event.record("people-sheet-sent", batch, by=by, difference={"size": ["", batch.size]})
    return batch


def preview_people_sheet(batch: Batch) -> None:
    """Apply the file, look at what that did, and let the database forget it: a preview that cannot be wrong."""
    Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWING, message="")
    try:
        sheet = read_people_sheet(Path(batch.file.path))
    except Unreadable as problem:
        give_up(batch, str(problem))
        return
    with transaction.atomic():
        outcomes = write_rows(sheet, ground_for(by=batch.created_by, reason=batch.name))
        transaction.set_rollback(True)
    with transaction.atomic():
        stage(batch, sheet, outcomes)
        Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWED, message=remark_on(sheet))
        tell_sender(batch, Notification.Kind.SHEET_READY)


def give_up(batch: Batch, reason: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=reason)
    tell_sender(batch, Notification.Kind.SHEET_FAILED)
    drop_file(batch)


def drop_file(batch: Batch) -> None:
    batch.file.delete(save=False)
    Batch.objects.filter(pk=batch.pk).update(file="")


def remark_on(sheet: PeopleSheet) -> str:
    if not sheet.ignored:
        return ""
    sentence = _("These columns are not known and are left out: %(columns)s.")
    return sentence % {"columns": ", ".join(dict.fromkeys(sheet.ignored))}


def summary_of(row: Row) -> str:
    shown = ["name"] if row.sheet == INSTITUTIONS else ["name", "e-mail", "institution", "function"]
    return " · ".join(row.cells[column] for column in shown if row.cells.get(column))


def stage(batch: Batch, sheet: PeopleSheet, outcomes: list[Outcome]) -> None:
    """One row for each of the file, numbered as they were written: they are taken back the other way round."""
    batch.rows.all().delete()
    StagedRow.objects.bulk_create(
        StagedRow(
            batch=batch,
            number=number,
            where=outcome.row.where,
            verdict=outcome.verdict,
            code=outcome.row.cells.get("code", "")[:80],
            summary=summary_of(outcome.row)[:240],
            reason=" ".join(outcome.remarks),
            difference=json.dumps([asdict(step) for step in outcome.steps], ensure_ascii=False, default=str),
        )
        for number, outcome in enumerate(outcomes, 1)
    )
    Batch.objects.filter(pk=batch.pk).update(total=len(outcomes), done=len(outcomes))


@transaction.atomic
def start_people_sheet(*, batch: Batch, accept_refused: bool) -> None:
    """Say that the file may be applied; a job does it."""
    refused = batch.rows.filter(verdict=Verdict.REFUSED).count()
    if refused and not accept_refused:
        raise Refused(sentence_on_refused(refused))
    started = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED).update(
        state=State.APPLYING, accept_refused=accept_refused
    )
    if not started:
        raise Refused(_("This import cannot be applied now: it is %(state)s.") % {"state": batch.get_state_display()})


def sentence_on_refused(refused: int) -> str:
    sentence = ngettext(
        "%(count)d row is refused. Mend the file, or say that the rest may be applied.",
        "%(count)d rows are refused. Mend the file, or say that the rest may be applied.",
        refused,
    )
    return sentence % {"count": refused}


def apply_people_sheet(*, batch: Batch, letters_from: str, by: User) -> None:
    """All rows in one transaction, and one line in the trail.

    With `letters_from`, the address at which the pages are seen, everybody new is invited at once.
    """
    sheet = read_people_sheet(Path(batch.file.path))
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != State.APPLYING:
            return
        ground = ground_for(by=by, reason=held.name)
        outcomes = write_rows(sheet, ground)
        counts = Counter(outcome.verdict for outcome in outcomes)
        is_kept = held.accept_refused or not counts[Verdict.REFUSED]
        if is_kept:
            invited = invite(ground.newcomers, letters_from=letters_from, by=by) if letters_from else 0
            stage(held, sheet, outcomes)
            Batch.objects.filter(pk=held.pk).update(state=State.APPLIED, applied_at=timezone.now(), message="")
            tell_sender(held, Notification.Kind.SHEET_APPLIED)
            Event.record(
                "people-sheet-applied",
                held,
                by=by,
                difference={**figures(counts, outcomes), "invitations": ["", invited]},
            )
        else:
            transaction.set_rollback(True)
    if is_kept:
        drop_file(held)
    else:
        preview_people_sheet(held)  # what is refused now was not when the person looked


def invite(newcomers: list[User], *, letters_from: str, by: User) -> int:
    for person in newcomers:
        send_letter(person, by=by, origin=letters_from)
    return len(newcomers)


def figures(counts: Counter, outcomes: list[Outcome]) -> dict[str, list]:
    """How many rows of each verdict, and how many things were made or changed."""
    done = Counter(f"{step.thing} {'made' if step.is_new else 'changed'}" for one in outcomes for step in one.steps)
    return {str(name): ["", number] for name, number in (counts + done).items()}


def discard_people_sheet(*, batch: Batch, by: User) -> None:
    """Give the file up; nothing was applied, and nothing of it is kept."""
    with transaction.atomic():
        changed = Batch.objects.filter(pk=batch.pk, state__in=WAITING).update(state=State.DISCARDED)
        if not changed:
            raise Refused(_("Only an import that is not applied can be discarded."))
        batch.rows.all().delete()
        Event.record("people-sheet-discarded", batch, by=by)
    drop_file(batch)


@transaction.atomic
def undo_people_sheet(*, batch: Batch, by: User) -> int:
    """Restore what the file changed; rows that somebody changed since, or built upon, are named and stay.

    Answers how many stay.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != State.APPLIED:
        raise Refused(_("Only an applied import can be undone."))
    rows = list(held.rows.order_by("-number"))
    if not rows:
        raise Refused(_("This import is too old to be undone: its rows are not kept any longer."))
    stay = take_back(rows, by=by, reason=held.name)
    Batch.objects.filter(pk=held.pk).update(state=State.UNDONE, message=sentence_on_staying(stay))
    difference = {"rows": ["", len(rows)], "stay": ["", [row.where for row in stay]]}
    Event.record("people-sheet-undone", held, by=by, difference=difference)
    return len(stay)


def sentence_on_staying(stay: list[StagedRow]) -> str:
    if not stay:
        return ""
    sentence = _("These rows stay as they are, because somebody changed or used them since: %(rows)s.")
    return sentence % {"rows": "; ".join(row.where for row in reversed(stay))}


def forget_old_sheets(*, on: datetime) -> int:
    """Rows and files hold names and addresses; after a while only the trail and the accounts tell of them."""
    old = Batch.objects.filter(shape=SHAPE, created_at__lt=on - KEPT).exclude(state=State.APPLYING)
    forgotten = list(old.filter(~Q(file="") | Q(rows__isnull=False)).distinct())
    for batch in forgotten:
        batch.rows.all().delete()
        drop_file(batch)
    old.filter(state__in=WAITING).update(state=State.DISCARDED)
    return len(forgotten)
