"""A file on its way into the register: received, previewed, applied, undone."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.files import File
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.intake.models import Batch, SenderMapping, StagedRow
from servanda.intake.services import tell_sender
from servanda.kit.refusal import Refused
from servanda.kit.rows import count_anew
from servanda.people.models import Notification, User
from servanda.recommendations.models import Recommendation
from servanda.recommendations.services import settling
from servanda.recommendations.services.deciding import Decisions
from servanda.recommendations.services.differing import differences, first_difference
from servanda.recommendations.services.matching import Match, Verdict, match_rows, normal, source_key
from servanda.recommendations.services.reading import read_rows, scheme_of
from servanda.recommendations.services.writing import TABLES, ChunkWriter
from servanda.sources.candidates import Kind, Unreadable
from servanda.sources.readers.detect import detect
from servanda.sources.resolve import Resolved
from servanda.sources.services.converting import is_to_be_converted
from servanda.sources.services.reading import confirmed
from servanda.trail.models import Event
from servanda.vocab.models import Country, Term

State = Batch.State
LONGEST_NAME = 50  # characters of a file's name that are kept, for the sentences of the readers
WORTH_COUNTING = 200  # rows of a file, from which on PostgreSQL counts what it holds before it is asked anything more
BREATH = 0.01  # seconds between chunks in which another writer of SQLite gets its turn


def receive_file(*, file: File, name: str, by: User | None, country: str = "", publish: bool = True) -> Batch:
    """Keep an uploaded file and say what it is; a file that cannot be read is refused with the reason."""
    batch = Batch(name=name[:255], country=country, publish=publish, created_by=by, size=file.size)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/{stored_name(name)}", file, save=False)
    try:
        batch.shape = detect(Path(batch.file.path)).value
    except Unreadable as problem:
        batch.file.delete(save=False)
        raise Refused(problem) from problem
    with transaction.atomic():
        batch.save()
        Event.record("import-received", batch, by=by, difference={"shape": batch.shape, "size": batch.size})
    return batch


def stored_name(name: str) -> str:
    """A sender's name as a name for a file here: no folders, no odd signs, not too long, never empty."""
    plain = re.sub(r"[^\w.\-]+", "_", name.replace("\\", "/").rpartition("/")[2])
    return plain.strip("._")[-LONGEST_NAME:] or "file"


def use_mapping(*, batch: Batch, mapping: SenderMapping) -> None:
    """Read the columns of a sheet as its sender's saved mapping says."""
    if batch.shape != "sheet":
        raise Refused(_("This file needs no mapping: its shape is known."))
    batch.mapping = mapping
    batch.save(update_fields=["mapping"])


def same_file_before(batch: Batch) -> Batch | None:
    """The import that brought the same bytes already, if there is one."""
    return Batch.objects.filter(sha256=batch.sha256, state=State.APPLIED).exclude(pk=batch.pk).first()


def forget_file(batch: Batch) -> None:
    """Drop a file that brings nothing: its bytes are here already."""
    batch.file.delete(save=False)
    batch.delete()


def preview_batch(batch: Batch) -> None:
    """Read the whole file and say of every row what it would do; nothing of the register changes."""
    settling.clean_leftovers()
    batch.rows.all().delete()
    move(batch, State.PREVIEWING, done=0, total=0, message="")
    try:
        for done, staged in preview_chunks(batch):
            with transaction.atomic():
                StagedRow.objects.bulk_create(staged)
                Batch.objects.filter(pk=batch.pk).update(done=done)
            breathe()
    except Unreadable as problem:
        move(batch, State.FAILED, message=str(problem))
        tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        return
    total = batch.rows.count()
    move(
        batch,
        State.PREVIEWED,
        done=total,
        total=total,
        message="" if total else _("The file has no row for this State."),
    )
    tell_sender(batch, Notification.Kind.IMPORT_READY)


def preview_chunks(batch: Batch) -> Iterator[tuple[int, list[StagedRow]]]:
    scheme = scheme_of(batch)
    twice = SaidTwice(scheme)
    labels = printed_labels()
    number = 0
    for rows in read_rows(batch):
        matches = [twice.checked(match) for match in match_rows(rows, scheme)]
        staged = [staged_row(batch, number + place, match, scheme, labels) for place, match in enumerate(matches, 1)]
        number += len(rows)
        yield number, staged


class SaidTwice:
    """A preview writes nothing, so it must remember itself what the file has said already."""

    def __init__(self, scheme: str):
        self.scheme = scheme
        self.seen: set[int] = set()

    def checked(self, match: Match) -> Match:
        if match.verdict != Verdict.NEW:
            return match
        row = match.row
        marks = {hash(source_key(row, self.scheme))}
        if row.symbol and row.paragraph and row.kind != Kind.ANSWER:
            marks.update(hash((row.symbol, row.paragraph, normal(text))) for text in row.texts.values())
        if marks & self.seen:
            return Match(row, Verdict.UNCHANGED, reason=_("The file says this twice."))
        self.seen |= marks
        return match


def staged_row(batch: Batch, number: int, match: Match, scheme: str, labels: dict[int, str]) -> StagedRow:
    verdict, difference = match.verdict, ""
    if match.known and verdict == Verdict.CHANGED:
        found = differences(match.known, match.row, scheme)
        difference = first_difference(match.known, found, labels)
        verdict = Verdict.CHANGED if found else Verdict.UNCHANGED
    remarks = [problem.message for problem in match.row.problems if not problem.fatal]
    return StagedRow(
        batch=batch,
        number=number,
        where=match.row.where[:120],
        verdict=verdict,
        code=match.known.code if match.known else "",
        summary=next(iter(match.row.texts.values()), match.row.paragraph)[:240],
        reason=" ".join([match.reason, *remarks]).strip(),
        difference=difference,
    )


def printed_labels() -> dict[int, str]:
    """Names for the sentences of a preview; States and terms do not share numbers that a sentence mixes up."""
    return {term.pk: str(term.label) for term in Term.objects.all()} | {
        country.pk: str(country.name) for country in Country.objects.all()
    }


def verdict_counts(batch: Batch) -> dict[str, int]:
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    return {verdict: counts.get(verdict, 0) for verdict in Verdict.values}


def start_applying(*, batch: Batch, by: User, accept_refused: bool) -> None:
    """Let a previewed file into the register; the job then writes it in the background."""
    counts = verdict_counts(batch)
    refused = counts[Verdict.REFUSED]
    if refused and not accept_refused:
        raise Refused(
            ngettext(
                "%(count)d row is refused. Mend the file, or say that the rest may be applied.",
                "%(count)d rows are refused. Mend the file, or say that the rest may be applied.",
                refused,
            )
            % {"count": refused}
        )
    with transaction.atomic():
        claim(batch, accept_refused=accept_refused)
        Event.record("import-started", batch, by=by, difference=counts)


@transaction.atomic
def claim(batch: Batch, *, accept_refused: bool) -> None:
    """One import is applied at a time, so that two files never make one recommendation twice."""
    if is_to_be_converted(batch):
        raise Refused(_("This file is not converted, so nothing of it can be applied. Please send it as DOCX."))
    if batch.shape == "sheet" and not batch.mapping:
        raise Refused(_("Say first which column holds what: this file needs a mapping."))
    if batch.shape == "document" and not confirmed(batch):
        raise Refused(_("Look first through what was found in this document, and confirm it."))
    if other := Batch.objects.select_for_update().filter(state=State.APPLYING).exclude(pk=batch.pk).first():
        raise Refused(_("“%(name)s” is being applied. Wait until it is done, then try again.") % {"name": other.name})
    startable = {State.UPLOADED, State.PREVIEWED, State.UNDONE, State.FAILED}
    claimed = Batch.objects.filter(pk=batch.pk, state__in=startable, cleaned=True).update(
        state=State.APPLYING, done=0, accept_refused=accept_refused, cleaned=False, message=""
    )
    if not claimed:
        raise Refused(_("This import cannot be applied now: it is %(state)s.") % {"state": batch.get_state_display()})
    batch.refresh_from_db()


def apply_batch(batch: Batch) -> Counter:
    """Write the rows in short transactions, then switch them all on in one commit.

    Called again after a crash, it goes on behind the last chunk that was written.
    """
    settling.clean_leftovers()
    verdicts: Counter = Counter()
    try:
        for done, found in write_chunks(batch):
            verdicts.update(found)
            Batch.objects.filter(pk=batch.pk).update(done=done)
            breathe()
    except Unreadable as problem:
        discard_batch(batch=batch, by=batch.created_by, message=str(problem))
        return verdicts
    if verdicts.total() >= WORTH_COUNTING:
        count_anew([Recommendation, *TABLES])
    switch_on(batch, verdicts)
    return verdicts


def write_chunks(batch: Batch) -> Iterator[tuple[int, Counter]]:
    scheme = scheme_of(batch)
    writer = ChunkWriter(batch, scheme)
    decisions = Decisions(batch)
    written, done = batch.done, 0
    for rows in read_rows(batch):
        done += len(rows)
        if done <= written:
            continue
        wanted = decisions.wanted(rows, first=done - len(rows) + 1)
        yield done, write_rows(writer, wanted, decisions, done)


def write_rows(writer: ChunkWriter, rows: Sequence[Resolved], decisions: Decisions, done: int) -> Counter:
    """Rows about one thing are written one after the other, so that the later sees the earlier."""
    verdicts: Counter = Counter()
    while rows:
        now, later = apart(rows, writer.scheme)
        matches, again = one_each([decisions.decided(match) for match in match_rows(now, writer.scheme)])
        writer.write(matches, done=done - len(later) - len(again))
        verdicts.update(match.verdict for match in matches)
        rows = [*again, *later]
    return verdicts


def apart(rows: Sequence[Resolved], scheme: str) -> tuple[list[Resolved], list[Resolved]]:
    seen: set = set()
    now: list[Resolved] = []
    later: list[Resolved] = []
    for row in rows:
        marks = {source_key(row, scheme), (row.symbol, row.paragraph) if row.paragraph else row.digest}
        (later if marks & seen else now).append(row)
        seen |= marks
    return now, later


def one_each(matches: Sequence[Match]) -> tuple[list[Match], list[Resolved]]:
    seen: set[int] = set()
    now: list[Match] = []
    again: list[Resolved] = []
    for match in matches:
        if match.verdict == Verdict.CHANGED and match.known and match.known.pk in seen:
            again.append(match.row)
            continue
        if match.known:
            seen.add(match.known.pk)
        now.append(match)
    return now, again


def switch_on(batch: Batch, verdicts: Counter) -> None:
    """The one short commit that makes everything of a batch count."""
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
        tell_sender(batch, Notification.Kind.IMPORT_APPLIED)
        Event.record("import-applied", batch, by=batch.created_by, difference=dict(verdicts))
    batch.refresh_from_db()
    settling.settle(batch)


def discard_batch(*, batch: Batch, by: User | None, message: str = "") -> None:
    """Give up an import that is not applied: what it wrote is taken out, the file and the reason stay."""
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
    settling.clean(batch)


def undo_batch(*, batch: Batch, by: User) -> None:
    """Switch a whole import off again, as long as nothing was built on it."""
    if batch.state == State.APPLIED and (reason := settling.built_on(batch)):
        raise Refused(reason)
    with transaction.atomic():
        changed = Batch.objects.filter(pk=batch.pk, state=State.APPLIED).update(state=State.UNDONE, cleaned=False)
        if not changed:
            raise Refused(_("Only an applied import can be undone."))
        if reason := settling.signed_of(batch):  # published since it was looked at: whoever signs locks the batch
            raise Refused(reason)
        Event.record("import-undone", batch, by=by)
    batch.refresh_from_db()
    settling.clean(batch)


def move(batch: Batch, state: str, **fields: object) -> None:
    batch.state = state
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *fields])


def breathe() -> None:
    if connection.vendor == "sqlite":
        time.sleep(BREATH)
