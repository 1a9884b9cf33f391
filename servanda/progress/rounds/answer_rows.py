"""What each answer of a filled-in sheet does: becomes a draft of the institution, or is entered by letter."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid5

from servanda.intake.models import StagedRow
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.language.words.identify import identify
from servanda.people.access import Can, can
from servanda.people.models import Instance, User
from servanda.progress.models import AnswerSheet, InputItem, InputRequest, Update
from servanda.progress.rounds.answer_sheet import (
    WORDS,
    Answer,
    Subject,
    drafts_of,
    readable_items,
    straightened,
    subject_of,
)
from servanda.progress.updates import letters
from servanda.progress.updates import services as updating
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean

Verdict = StagedRow.Verdict


def refuse_stranger(request: InputRequest, letter: str, letter_date: date | None, *, by: User) -> None:
    if InputRequest.objects.in_scope_of(by).filter(pk=request.pk).exists():
        if clean(letter):
            raise FieldRefused(
                "letter", _("You can write updates for this institution yourself. Leave the letter number empty.")
            )
        return
    if not can(by, Can.PUBLISH_UPDATE):
        raise Refused(_("Only the coordinator and people who write for this institution can send its answers."))
    if not clean(letter):
        raise FieldRefused("letter", _("Enter the number of the letter that contained the answers."))
    if letter_date is None:
        raise FieldRefused("letter_date", _("Enter the date of the letter."))


@dataclass(slots=True)
class AnswerSheetContext:
    """What the request holds now, read once for the whole file."""

    sheet: AnswerSheet
    items: dict[int, InputItem]
    by_code: dict[str, InputItem]
    drafts: dict[Subject, Update]
    seen: dict[int, str] = field(default_factory=dict)  # item: where it stood first

    @classmethod
    def of(cls, sheet: AnswerSheet) -> "AnswerSheetContext":
        items = {item.pk: item for item in readable_items(sheet.request, sheet.batch.created_by)}
        codes = {pk: folded_code(item.reference) for pk, item in items.items()}
        times = Counter(codes.values())  # two questions of a document may have one number
        by_code = {code: items[pk] for pk, code in codes.items() if times[code] == 1}
        return cls(sheet, items, by_code, {} if sheet.is_on_behalf else drafts_of(sheet.request))

    def item(self, answer: Answer) -> InputItem:
        """By its reference, which people see; by the hidden key where that is gone or was damaged."""
        code = folded_code(answer.words("code"))
        key = answer.cells.get("key", "").strip().partition(".")[0]
        found = self.by_code.get(code) or (self.items.get(int(key)) if is_number(key) else None)
        if found is None and code:
            raise Refused(
                _("%(code)s is not part of the request to this institution in this round.") % {"code": code}
            )
        if found is None:
            raise Refused(_("Enter the reference of the record for this answer."))
        return found


def folded_code(code: str) -> str:
    return straightened(code).upper().replace(" ", "")


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def judge_answers(answers: Sequence[Answer], sheet: AnswerSheet) -> list[StagedRow]:
    """What each answer would do; nothing is written."""
    context = AnswerSheetContext.of(sheet)
    return [judged(answer, context) for answer in answers]


def judged(answer: Answer, context: AnswerSheetContext) -> StagedRow:
    row = StagedRow(where=answer.where, code=answer.words("code"), summary=answer.words("text"))
    try:
        item = context.item(answer)
        row.code = item.reference
        values = values_of(answer, item, context)
        refuse_again(item, answer, context)
        draft = context.drafts.get(subject_of(item))
        refuse_unfit(item, draft)
        row.verdict = verdict_on(values, draft)
        version = draft.version if draft else 0
        row.difference = json.dumps({"item": item.pk, "said": values, "seen": version}, ensure_ascii=False)
    except Refused as refusal:
        row.verdict, row.reason = Verdict.REFUSED, str(refusal)
    return row


def values_of(answer: Answer, item: InputItem, context: AnswerSheetContext) -> dict[str, str]:
    """The words and days of one answer; where it names no days, those of the round."""
    if not answer.words("text") and item.question_id:
        raise Refused(_("Enter the answer to the question."))
    if not answer.words("text"):
        raise Refused(_("Enter at least one sentence on what was done, even if nothing was done."))
    round = context.sheet.request.round
    start, end = answer.day("start") or round.period_start, answer.day("end") or round.period_end
    if start and end and end < start:
        raise Refused(_("Enter an end date that is not before the start date."))
    values = {name: answer.words(name) for name in WORDS}
    return values | {"start": start.isoformat() if start else "", "end": end.isoformat() if end else ""}


def refuse_again(item: InputItem, answer: Answer, context: AnswerSheetContext) -> None:
    if first := context.seen.get(item.pk):
        raise Refused(
            _("The file already contains an answer on this record: %(where)s. Keep one of the two.")
            % {"where": first}
        )
    context.seen[item.pk] = answer.where


def refuse_unfit(item: InputItem, draft: Update | None) -> None:
    if item.answered_at and item.question_id:
        raise Refused(_("The answer to this question has been submitted. If necessary, change it on its page."))
    if item.answered_at:
        raise Refused(_("An update on this record has already been submitted. If necessary, change it on its page."))
    if draft and draft.abouts.count() > 1:
        raise Refused(_("The draft on this record also covers other records. Change it on its page."))


def verdict_on(values: dict[str, str], draft: Update | None) -> str:
    if draft is None:
        return Verdict.NEW
    return Verdict.UNCHANGED if facts(draft) == values else Verdict.CHANGED


def facts(update: Update) -> dict[str, str]:
    values = {name: getattr(update, name) for name in WORDS}
    return values | {name: day.isoformat() if (day := getattr(update, name)) else "" for name in ("start", "end")}


def write_answer(row: StagedRow, sheet: AnswerSheet, *, by: User) -> None:
    """Raises `Refused` where a person wrote on the record meanwhile, or it cannot be answered any more."""
    difference = json.loads(row.difference)
    related = ("recommendation__body", "question__document__body", "question__body", "question__asked_by")
    item = InputItem.objects.select_related(*related).get(pk=difference["item"])
    write = enter_on_behalf if sheet.is_on_behalf else save_draft
    difference |= write(sheet, item, difference, by=by)
    row.difference = json.dumps(difference, ensure_ascii=False)


def save_draft(sheet: AnswerSheet, item: InputItem, difference: dict, *, by: User) -> dict:
    """What the draft said before is kept for the undo."""
    draft = drafts_of(sheet.request, on=item).get(subject_of(item))
    if (draft.version if draft else 0) != difference["seen"]:
        raise Refused(
            _(
                "The draft on this record was changed after you sent the file. Check the draft, then send the file "
                "again."
            )
        )
    before = facts(draft) if draft else None
    if draft is None:
        key = uuid5(sheet.batch.key, str(item.pk))
        request, place = sheet.request, sheet.request.institution
        draft = updating.start_update(institution=place, **about(item), request=request, form_key=key, by=by)
        Update.objects.filter(pk=draft.pk).update(brought_by=sheet.batch)
    saved = save_values(draft, difference["said"], by=by)
    return {"update": saved.pk, "version": saved.version, "before": before}


def about(item: InputItem) -> dict:
    records = [item.recommendation] if item.recommendation else []
    return {"recommendations": records, "question": item.question}


def save_values(draft: Update, values: dict[str, str], *, by: User) -> Update:
    return updating.save_update(
        update=draft,
        seen=draft.version,
        **plain(values),
        language=draft.language or language_of(values),
        recommendations=list(Recommendation.objects.filter(update_abouts__update=draft).select_related("body")),
        actions=list(draft.actions.all()),
        proposed_grade=draft.proposed_grade,
        by=by,
    )


def enter_on_behalf(sheet: AnswerSheet, item: InputItem, difference: dict, *, by: User) -> dict:
    entered = letters.enter_on_behalf(
        institution=sheet.request.institution,
        **about(item),
        letter=sheet.letter,
        letter_date=letter_day(sheet),
        **plain(difference["said"]),
        language=language_of(difference["said"]),
        request=sheet.request,
        form_key=uuid5(sheet.batch.key, str(item.pk)),
        by=by,
    )
    Update.objects.filter(pk=entered.pk).update(brought_by=sheet.batch)
    return {"update": entered.pk, "version": entered.version, "before": None}


def letter_day(sheet: AnswerSheet) -> date:
    assert sheet.letter_date is not None  # a constraint: no letter is without its date
    return sheet.letter_date


def plain(values: dict[str, str]) -> dict:
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in ("start", "end")}
    return {name: values[name] for name in WORDS} | days


def language_of(values: dict[str, str]) -> str:
    languages = Instance.current().language_codes()
    return identify(values["text"], among=languages) or (languages[0] if languages else "")


def undo_answer(row: StagedRow, *, by: User) -> None:
    """Withdraws a draft created by the sheet, or restores the former text of one that it changed.

    Raises `Refused` if another user has changed or submitted it since.
    """
    difference = json.loads(row.difference)
    draft = Update.objects.kept().select_for_update().filter(pk=difference["update"]).first()
    if draft is None or draft.version != difference["version"]:
        raise Refused(_("Changed after the import, so it was kept."))
    if difference["before"] is None:
        reason = _("Withdrawn when the answer sheet %(name)s was undone.") % {"name": row.batch.name}
        updating.withdraw_update(update=draft, reason=reason, by=by)
    else:
        save_values(draft, difference["before"], by=by)
