"""Values of indicators brought in by a file: tried out row by row, applied as one deed, taken back as one."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.kit.refusal import FieldRefused, Refused, Unreadable
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.planning.indicators.measurements import LEAVES_DUE
from servanda.planning.indicators.periods import next_due
from servanda.planning.indicators.value_file import read_value_file
from servanda.planning.indicators.value_rows import (
    Judged,
    ValueSheetContext,
    dimension_codes,
    judge,
    judge_said,
    said_of,
    stage,
)
from servanda.planning.models import Indicator, Measurement
from servanda.trail.models import Event

SHAPE = "indicator-values"
MOST_BYTES = 5_000_000
State, Verdict = Batch.State, StagedRow.Verdict


def value_sheets(user: User) -> QuerySet[Batch]:
    """Those who keep the plan see every file, others their own."""
    sheets = Batch.objects.filter(shape=SHAPE).select_related("created_by")
    return sheets if can(user, Can.EDIT_PLAN) else sheets.filter(created_by=user)


def send_value_sheet(*, file: File, name: str, by: User) -> Batch:
    """Read the file and say what each row would do; nothing is written to the indicators, and no file is kept."""
    if file.size > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)d MB. Please split it.") % {"most": MOST_BYTES // 1_000_000})
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    with NamedTemporaryFile(suffix=Path(name).suffix[:8]) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            found = read_value_file(Path(kept.name), dimension_codes(), name=name)
        except Unreadable as problem:
            raise Refused(str(problem).replace(Path(kept.name).name, name)) from problem
    ground = ValueSheetContext((row.cells["INDICATOR"] for row in found.rows), by=by)
    judged = [judge(row, ground) for row in found.rows]
    remark = _("These columns are not known and are left out: %(columns)s.")
    with transaction.atomic():
        batch = Batch.objects.create(
            name=name[:255],
            shape=SHAPE,
            size=file.size,
            sha256=digest,
            state=State.PREVIEWED,
            total=len(judged),
            publish=False,
            message=remark % {"columns": ", ".join(dict.fromkeys(found.ignored))} if found.ignored else "",
            created_by=by,
        )
        stage(batch, judged)
        Event.record("value-sheet-sent", batch, by=by, difference={"rows": ["", len(judged)]})
    return batch


def apply_value_sheet(*, batch: Batch, reason: str, accept_refused: bool, by: User) -> None:
    """All rows in one transaction, and one line in the trail; only what was previewed is done."""
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != State.PREVIEWED:
            raise Refused(
                _("This import cannot be applied now: it is %(state)s.") % {"state": held.get_state_display()}
            )
        rows = list(held.rows.exclude(verdict=Verdict.REFUSED))
        refuse_unready(held, rows, reason=reason, accept_refused=accept_refused)
        codes = {row.code for row in rows}
        list(Indicator.objects.select_for_update().filter(code__in=codes).order_by("pk"))  # held until this is done
        judged = judge_again(rows, ValueSheetContext(codes, by=by))
        write_values(held, judged, reason=reason.strip(), by=by)
        move_all_due(rows, judged, by=by)
        Batch.objects.filter(pk=held.pk).update(state=State.APPLIED, applied_at=timezone.now())
        counts = Counter(one.verdict for one in judged)
        Event.record("value-sheet-applied", held, by=by, difference={str(k): ["", n] for k, n in counts.items()})


def refuse_unready(held: Batch, rows: list[StagedRow], *, reason: str, accept_refused: bool) -> None:
    if not any(row.verdict in (Verdict.NEW, Verdict.CHANGED) for row in rows):
        raise Refused(_("This file would change nothing."))
    if held.total > len(rows) and not accept_refused:
        raise Refused(_("Some rows are refused. Mend the file, or say that the rest may be applied."))
    if any(row.verdict == Verdict.CHANGED for row in rows) and not reason.strip():
        raise FieldRefused("reason", _("The file corrects values. Say why, so that others understand it later."))


def judge_again(rows: list[StagedRow], ground: ValueSheetContext) -> list[Judged]:
    judged = []
    for row in rows:
        indicator = ground.indicators.get(row.code)
        one = judge_said(row.number, indicator, said_of(row), ground) if indicator else None
        if one is None or one.verdict != row.verdict or (one.old and one.old.pk) != json.loads(row.difference)["old"]:
            sentence = _("%(row)s: somebody changed this meanwhile. Send the file again to see what it would do now.")
            raise Refused(sentence % {"row": row.where})
        judged.append(one)
    return judged


def write_values(batch: Batch, judged: list[Judged], *, reason: str, by: User) -> None:
    wanted = [one for one in judged if one.verdict != Verdict.UNCHANGED]
    olds = [one.old for one in wanted if one.old]
    Measurement.objects.filter(pk__in=[old.pk for old in olds]).update(
        superseded_at=timezone.now(), correction_reason=reason
    )
    made = Measurement.objects.bulk_create(as_measurement(one, batch, by) for one in wanted)
    for one, new in zip(wanted, made, strict=True):
        if one.old:
            one.old.superseded_by = new
    Measurement.objects.bulk_update(olds, ["superseded_by"], batch_size=200)


def as_measurement(one: Judged, batch: Batch, by: User) -> Measurement:
    said = one.said
    assert said is not None
    return Measurement(
        indicator=one.indicator,
        start=said.start,
        end=said.end,
        value=said.value,
        missing=said.missing,
        territory=said.territory,
        population=said.population,
        breakdown=said.breakdown,
        source=said.source,
        method_version=said.method_version,
        is_break=said.is_break,
        note=said.note,
        entered_by=by,
        brought_by=batch,
    )


def move_all_due(rows: list[StagedRow], judged: list[Judged], *, by: User) -> None:
    """Each indicator once; its first row remembers the day that stood before, for taking it back."""
    before: dict[int, tuple[StagedRow, date | None]] = {}
    there: dict[int, Indicator] = {}
    for row, one in zip(rows, judged, strict=True):
        held, said = one.indicator, one.said
        if held is None or said is None or not said.is_headline or said.missing == LEAVES_DUE:
            continue
        held = there.setdefault(held.pk, held)
        before.setdefault(held.pk, (row, held.next_due_on))
        held.next_due_on = next_due(held, end=said.end)
    moved = [pk for pk, (_row, due) in before.items() if there[pk].next_due_on != due]
    for pk in moved:
        row, due = before[pk]
        held = there[pk]
        row.difference = json.dumps({**json.loads(row.difference), "due": [due, held.next_due_on]}, default=str)
        save_version(held, "value-sheet-applied", by=by)
    StagedRow.objects.bulk_update([before[pk][0] for pk in moved], ["difference"], batch_size=200)


@transaction.atomic
def discard_value_sheet(*, batch: Batch, by: User) -> None:
    """Give the file up; nothing of it was written, and nothing of it is kept."""
    changed = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED).update(state=State.DISCARDED)
    if not changed:
        raise Refused(_("Only an import that is not applied can be discarded."))
    batch.rows.all().delete()
    Event.record("value-sheet-discarded", batch, by=by)


@transaction.atomic
def undo_value_sheet(*, batch: Batch, by: User) -> int:
    """What the file brought counts no more, what it corrected counts again; values corrected since stay.

    Answers how many stay.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != State.APPLIED:
        raise Refused(_("Only an applied import can be undone."))
    brought = Measurement.objects.filter(brought_by=held)
    taken = list(brought.current().values_list("pk", flat=True))
    stay = brought.count() - len(taken)
    reason = _("Taken back with the file %(name)s.") % {"name": held.name}
    brought.filter(pk__in=taken).update(superseded_at=timezone.now(), correction_reason=reason)
    former = {"superseded_at": None, "superseded_by": None, "correction_reason": ""}
    Measurement.objects.filter(superseded_by__in=taken).update(**former)
    put_days_back(held, by=by)
    message = _("%(count)d values stay, because somebody corrected them since.") % {"count": stay} if stay else ""
    Batch.objects.filter(pk=held.pk).update(state=State.UNDONE, message=message)
    Event.record("value-sheet-undone", held, by=by, difference={"values": [len(taken), 0], "stay": ["", stay]})
    return stay


def put_days_back(batch: Batch, *, by: User) -> None:
    """The day when the next value is due, where nobody has moved it since."""
    for code, due in days_moved(batch):
        before, after = (date.fromisoformat(day) if day else None for day in due)
        held = Indicator.objects.select_for_update().filter(code=code, next_due_on=after).first()
        if held:
            held.next_due_on = before
            save_version(held, "value-sheet-undone", by=by)


def days_moved(batch: Batch) -> Iterator[tuple[str, list[str | None]]]:
    for row in batch.rows.filter(difference__contains='"due"'):
        if due := json.loads(row.difference).get("due"):
            yield row.code, due
