"""Filled-in answer sheets on their way: received, compared, taken over as drafts or by letter, taken back."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid5

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.intake.models import Batch, StagedRow
from servanda.kit.refusal import FieldRefused, Refused, Unreadable
from servanda.kit.server.full_disk import removed_unless_saved
from servanda.language.words.identify import identify
from servanda.people.access import Can, can
from servanda.people.models import Instance, User
from servanda.progress.models import AnswerSheet, InputItem, InputRequest, Update
from servanda.progress.rounds.answer_sheet import WORDS, Answer, drafts_of, open_to, straightened
from servanda.progress.rounds.answer_sheet_reading import read_answers
from servanda.progress.updates import services as updating
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

SHAPE = "answer-sheet"
MOST_BYTES = 20_000_000
FIELDS = (*WORDS, "start", "end")
State, Verdict = Batch.State, StagedRow.Verdict
WAITING = {State.UPLOADED, State.PREVIEWED, State.FAILED}
TO_BE_READ = {State.UPLOADED, State.PREVIEWING}


def send_answers(
    *, request: InputRequest, file: File, name: str, letter: str, letter_date: date | None, by: User
) -> AnswerSheet:
    """Keep the file until it is read. Those who write for the institution send their own; the coordinator enters what
    came by letter."""
    refuse_stranger(request, letter, letter_date, by=by)
    if file.size > MOST_BYTES:
        sentence = _("The file is larger than %(most)d MB. Please split it.")
        raise FieldRefused("file", sentence % {"most": MOST_BYTES // 1_000_000})
    batch = Batch(name=name[:255], shape=SHAPE, size=file.size, created_by=by, publish=False)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.key}/answers", file, save=False)
    with removed_unless_saved(batch.file), transaction.atomic():
        batch.save()
        sheet = AnswerSheet.objects.create(
            batch=batch, request=request, letter=clean(letter), letter_date=letter_date if clean(letter) else None
        )
        Event.record("answer-sheet-sent", sheet, by=by)
    return sheet


def refuse_stranger(request: InputRequest, letter: str, letter_date: date | None, *, by: User) -> None:
    if InputRequest.objects.in_scope_of(by).filter(pk=request.pk).exists():
        if clean(letter):
            raise FieldRefused("letter", _("You write for this institution yourself. Leave the letter empty."))
        return
    if not can(by, Can.PUBLISH_UPDATE):
        raise Refused(_("Only those who write for this institution, or the coordinator, can send its answers."))
    if not clean(letter):
        raise FieldRefused("letter", _("Say by which letter the answers came, so that others find it."))
    if letter_date is None:
        raise FieldRefused("letter_date", _("Give the date of the letter."))


@dataclass(slots=True)
class AnswerSheetContext:
    """What the request holds now, read once for the whole file."""

    sheet: AnswerSheet
    items: dict[int, InputItem]
    by_code: dict[str, InputItem]
    drafts: dict[int, Update]
    seen: dict[int, str] = field(default_factory=dict)  # item: where it stood first

    @classmethod
    def of(cls, sheet: AnswerSheet) -> "AnswerSheetContext":
        readable = Recommendation.objects.opened_to(sheet.batch.created_by).filter(open_to(sheet.request))
        there = sheet.request.items.filter(recommendation__in=readable.order_by().values("pk"))
        items = {one.pk: one for one in there.select_related("recommendation")}
        by_code = {straightened(one.recommendation.code).upper(): one for one in items.values()}
        return cls(sheet, items, by_code, {} if sheet.is_on_behalf else drafts_of(sheet.request))

    def item(self, answer: Answer) -> InputItem:
        """By its reference, which people see; by the hidden key where that is gone or was damaged."""
        code = straightened(answer.words("code")).upper().replace(" ", "")
        key = answer.cells.get("key", "").strip().partition(".")[0]
        found = self.by_code.get(code) or (self.items.get(int(key)) if is_number(key) else None)
        if found is None and code:
            raise Refused(_("%(code)s is not asked of this institution in this round.") % {"code": code})
        if found is None:
            raise Refused(_("There is no reference beside this answer. Write the one of its record."))
        return found


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def preview_answers(sheet: AnswerSheet) -> None:
    """Read the file and say of each answer what it would do. Nothing is written to the updates."""
    batch = sheet.batch
    Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWING, message="")
    try:
        answers = read_answers(Path(batch.file.path))
    except Unreadable as problem:
        give_up(batch, str(problem))
        return
    given = [answer for answer in answers if not answer.is_empty]
    if not given:
        give_up(batch, _("Nothing is filled in. Write beside at least one record, then send the file again."))
        return
    ground = AnswerSheetContext.of(sheet)
    rows = [staged(batch, number, answer, ground) for number, answer in enumerate(given, 1)]
    with transaction.atomic():
        batch.rows.all().delete()
        StagedRow.objects.bulk_create(rows)
        message = remark_on(len(answers) - len(given))
        Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWED, total=len(rows), done=0, message=message)


def remark_on(empty: int) -> str:
    if not empty:
        return ""
    sentence = ngettext(
        "%(count)d record has no answer and is left out.", "%(count)d records have no answer and are left out.", empty
    )
    return sentence % {"count": empty}


def give_up(batch: Batch, reason: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=reason)
    drop_file(batch)


def drop_file(batch: Batch) -> None:
    batch.file.delete(save=False)
    Batch.objects.filter(pk=batch.pk).update(file="")


def staged(batch: Batch, number: int, answer: Answer, ground: AnswerSheetContext) -> StagedRow:
    row = StagedRow(batch=batch, number=number, where=answer.where[:120])
    row.code, row.summary = answer.words("code")[:80], answer.words("text")[:240]
    try:
        item = ground.item(answer)
        row.code = item.recommendation.code[:80]
        said = said_by(answer, ground)
        refuse_again(item, answer, ground)
        draft = ground.drafts.get(item.recommendation_id)
        refuse_unfit(item, draft, ground)
        row.verdict = verdict_on(said, draft)
        seen = draft.version if draft else 0
        row.difference = json.dumps({"item": item.pk, "said": said, "seen": seen}, ensure_ascii=False)
    except Refused as refusal:
        row.verdict, row.reason = Verdict.REFUSED, str(refusal)
    return row


def said_by(answer: Answer, ground: AnswerSheetContext) -> dict[str, str]:
    """The words and days of one answer; where it names no days, those of the round."""
    if not answer.words("text"):
        raise Refused(_("What was done is empty. Write one sentence at least, also when nothing was done."))
    round = ground.sheet.request.round
    start, end = answer.day("start") or round.period_start, answer.day("end") or round.period_end
    if start and end and end < start:
        raise Refused(_("The period ends before it begins. Change one of the two days."))
    said = {name: answer.words(name) for name in WORDS}
    return said | {"start": start.isoformat() if start else "", "end": end.isoformat() if end else ""}


def refuse_again(item: InputItem, answer: Answer, ground: AnswerSheetContext) -> None:
    if first := ground.seen.get(item.pk):
        raise Refused(
            _("This record is answered in the file already: %(where)s. Keep one of the two.") % {"where": first}
        )
    ground.seen[item.pk] = answer.where


def refuse_unfit(item: InputItem, draft: Update | None, ground: AnswerSheetContext) -> None:
    if item.answered_at:
        raise Refused(
            _("This record was answered meanwhile. Change that answer on its page, if it has to be changed.")
        )
    if draft and draft.abouts.count() > 1:
        raise Refused(_("The draft on this record answers others as well. Change it on its page."))


def verdict_on(said: dict[str, str], draft: Update | None) -> str:
    if draft is None:
        return Verdict.NEW
    return Verdict.UNCHANGED if facts(draft) == said else Verdict.CHANGED


def facts(update: Update) -> dict[str, str]:
    said = {name: getattr(update, name) for name in WORDS}
    return said | {name: day.isoformat() if (day := getattr(update, name)) else "" for name in ("start", "end")}


@transaction.atomic
def start_answers(*, batch: Batch, accept_refused: bool) -> None:
    """Say that the file may be taken over; a job does it."""
    refused = batch.rows.filter(verdict=Verdict.REFUSED).count()
    if refused and not accept_refused:
        sentence = ngettext(
            "%(count)d answer is refused. Mend the file, or say that the rest may be taken over.",
            "%(count)d answers are refused. Mend the file, or say that the rest may be taken over.",
            refused,
        )
        raise Refused(sentence % {"count": refused})
    if not batch.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED]).exists():
        raise Refused(_("This file would change nothing."))
    started = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED)
    if not started.update(state=State.APPLYING, accept_refused=accept_refused):
        raise Refused(
            _("This file cannot be taken over now: it is %(state)s.") % {"state": batch.get_state_display()}
        )


def apply_answers(*, sheet: AnswerSheet, by: User) -> None:
    """Answer by answer, each whole; started again it goes on where it stopped. What is refused now says why."""
    batch = sheet.batch
    for row in batch.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED], number__gt=batch.done):
        apply_row(sheet, row, by=by)
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != State.APPLYING:
            return
        counts = Counter(held.rows.order_by().values_list("verdict", flat=True))
        Batch.objects.filter(pk=held.pk).update(
            state=State.APPLIED, applied_at=timezone.now(), done=held.total, message=""
        )
        difference = {str(name): ["", number] for name, number in counts.items()}
        Event.record("answer-sheet-applied", sheet, by=by, difference=difference)
    drop_file(batch)


@transaction.atomic
def apply_row(sheet: AnswerSheet, row: StagedRow, *, by: User) -> None:
    kept = json.loads(row.difference)
    item = InputItem.objects.select_related("recommendation__body").get(pk=kept["item"])
    try:
        with transaction.atomic():
            write = enter if sheet.is_on_behalf else save_draft
            kept |= write(sheet, item, kept, by=by)
    except Refused as refusal:
        row.verdict, row.reason = Verdict.REFUSED, str(refusal)
    row.difference = json.dumps(kept, ensure_ascii=False)
    row.save(update_fields=["difference", "verdict", "reason"])
    Batch.objects.filter(pk=row.batch_id).update(done=row.number)


def save_draft(sheet: AnswerSheet, item: InputItem, kept: dict, *, by: User) -> dict:
    """What stood there before is kept beside it, for taking it back."""
    record = item.recommendation
    draft = drafts_of(sheet.request, on=record).get(record.pk)
    if (draft.version if draft else 0) != kept["seen"]:
        raise Refused(_("Somebody wrote on this record meanwhile. Look at it, then send the file again."))
    before = facts(draft) if draft else None
    if draft is None:
        key = uuid5(sheet.batch.key, str(item.pk))
        request, place = sheet.request, sheet.request.institution
        draft = updating.start_update(
            institution=place, recommendations=[record], request=request, form_key=key, by=by
        )
        Update.objects.filter(pk=draft.pk).update(brought_by=sheet.batch)
    saved = put(draft, kept["said"], by=by)
    return {"update": saved.pk, "version": saved.version, "before": before}


def put(draft: Update, said: dict[str, str], *, by: User) -> Update:
    return updating.save_update(
        update=draft,
        seen=draft.version,
        **plain(said),
        language=draft.language or language_of(said),
        recommendations=list(Recommendation.objects.filter(update_abouts__update=draft).select_related("body")),
        actions=list(draft.actions.all()),
        proposed_grade=draft.proposed_grade,
        by=by,
    )


def enter(sheet: AnswerSheet, item: InputItem, kept: dict, *, by: User) -> dict:
    entered = updating.enter_on_behalf(
        institution=sheet.request.institution,
        recommendations=[item.recommendation],
        letter=sheet.letter,
        letter_date=letter_day(sheet),
        **plain(kept["said"]),
        language=language_of(kept["said"]),
        request=sheet.request,
        form_key=uuid5(sheet.batch.key, str(item.pk)),
        by=by,
    )
    Update.objects.filter(pk=entered.pk).update(brought_by=sheet.batch)
    return {"update": entered.pk, "version": entered.version, "before": None}


def letter_day(sheet: AnswerSheet) -> date:
    assert sheet.letter_date is not None  # the database keeps no letter without
    return sheet.letter_date


def plain(said: dict[str, str]) -> dict:
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("start", "end")}
    return {name: said[name] for name in WORDS} | days


def language_of(said: dict[str, str]) -> str:
    languages = Instance.current().language_codes()
    return identify(said["text"], among=languages) or (languages[0] if languages else "")


@transaction.atomic
def undo_answers(*, batch: Batch, by: User) -> int:
    """Drafts that the file made are withdrawn, and those that it changed say again what they said; what somebody
    has changed or handed in since stays. Answers how many stay."""
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != State.APPLIED:
        raise Refused(_("Only answers that were taken over can be undone."))
    rows = held.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED])
    left = sum(not taken_back(row, json.loads(row.difference), by=by) for row in rows)
    Batch.objects.filter(pk=held.pk).update(state=State.UNDONE)
    Event.record("answer-sheet-undone", held.answer_sheet, by=by, difference={"left": ["", left]})
    return left


def taken_back(row: StagedRow, kept: dict, *, by: User) -> bool:
    try:
        with transaction.atomic():
            draft = Update.objects.kept().select_for_update().filter(pk=kept["update"]).first()
            if draft is None or draft.version != kept["version"]:
                raise Refused(_("It was changed since, and stays."))
            if kept["before"] is None:
                reason = _("Taken back with the answer sheet %(name)s.") % {"name": row.batch.name}
                updating.withdraw_update(update=draft, reason=reason, by=by)
            else:
                put(draft, kept["before"], by=by)
    except Refused as refusal:
        StagedRow.objects.filter(pk=row.pk).update(reason=str(refusal))
        return False
    return True


def discard_answers(*, batch: Batch, by: User) -> None:
    """Give the file up; nothing of it was taken over, and nothing is kept."""
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state__in=WAITING).update(state=State.DISCARDED):
            raise Refused(_("Only a file that was not taken over can be discarded."))
        batch.rows.all().delete()
        Event.record("answer-sheet-discarded", batch.answer_sheet, by=by)
    drop_file(batch)


def sheets_of(user: User, requests: Iterable[InputRequest]) -> list[AnswerSheet]:
    """What was sent on these requests lately, newest first."""
    there = AnswerSheet.objects.visible_to(user).filter(request__in=[one.pk for one in requests])
    return list(there.select_related("batch", "request__institution", "request__round").order_by("-pk")[:10])
