"""What one row of the spreadsheet does: the rules are those of the pages, the trail gets one line for all rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row
from servanda.intake.sheets.rows import write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import Institution, User
from servanda.people.versioning import attribute, difference_of, save_version
from servanda.sources.models import Document, Obligation
from servanda.sources.obligations import services as deeds
from servanda.sources.obligations.export import cells_of
from servanda.sources.obligations.persons import notify_responsible, possible_persons
from servanda.sources.obligations.values import (
    Confidentiality,
    DayFrom,
    ObligationValues,
    follows_its_records,
    refuse_derived,
    refuse_impossible,
    refuse_without_permission,
    tidy,
)
from servanda.vocab.models import Body, Certainty, Force, Instrument, ObligationKind

Verdict = StagedRow.Verdict
MOST_WORDS = 1_000_000


@dataclass
class ObligationSheetContext:
    """What exists already, read once, and what the rows have added so far."""

    by: User
    batch: Batch
    obligations: dict[str, Obligation]
    bodies: dict[str, Body]
    instruments: dict[str, Instrument]
    institutions: dict[str, Institution]
    documents: dict[str, Document]
    persons: dict[str, User]  # by e-mail address
    seen: set[str] = field(default_factory=set)  # codes of the rows so far
    is_undo: bool = False  # what was there before the import is restored, also if it could not be entered today
    assigned: dict[User, list[Obligation]] = field(default_factory=dict)  # with a new responsible person

    @classmethod
    def of(cls, run: Run, codes: Sequence[str], symbols: Sequence[str]) -> "ObligationSheetContext":
        """`codes` and `symbols` are those that the rows name."""
        refuse_without_permission(run.by)
        linked = ("body", "instrument", "rule", "review", "document", "owner", "responsible", "submission")
        found = Obligation.objects.filter(code__in=codes).select_related(*linked)
        present = [obligation.responsible for obligation in found if obligation.responsible]
        return cls(
            by=run.by,
            batch=run.batch,
            obligations={obligation.code.lower(): obligation for obligation in found},
            bodies={body.code.lower(): body for body in Body.objects.all()},
            instruments={instrument.code.lower(): instrument for instrument in Instrument.objects.all()},
            institutions={institution.code.lower(): institution for institution in Institution.objects.all()},
            documents={document.symbol.lower(): document for document in Document.objects.filter(symbol__in=symbols)},
            persons={person.email.lower(): person for person in (*present, *possible_persons())},
        )


def write_rows(kind: SheetKind, rows: Sequence[Row], run: Run) -> list[StagedRow]:
    codes, symbols = ([row.text(column) for row in rows] for column in ("code", "document"))
    context = ObligationSheetContext.of(run, codes, symbols)
    staged = [write_row(kind, row, context) for row in rows]
    for obligations in context.assigned.values():
        notify_responsible(obligations, by=context.by)
    return staged


def write_row(kind: SheetKind, row: Row, context: ObligationSheetContext) -> StagedRow:
    staged = StagedRow(where=row.where, code=row.text("code"), summary=row.text("title") or row.text("kind"))

    def write() -> None:
        verdict, pk, cells = write_obligation(row, context)
        obligation = context.obligations[row.text("code").lower()]
        if "person" in cells and obligation.responsible:
            context.assigned.setdefault(obligation.responsible, []).append(obligation)
        staged.verdict = verdict
        staged.difference = json.dumps({"pk": pk, "cells": cells}, ensure_ascii=False)

    return write_or_refuse(kind, staged, write)


type Written = tuple[str, int | None, dict[str, list]]


def write_obligation(row: Row, context: ObligationSheetContext) -> Written:
    sentence = _(
        "enter the reference of an obligation. A new obligation needs a reference of its own, for example CEDAW-2027."
    )
    code = row.required("code", sentence)
    if code.lower() in context.seen:
        raise CellRefused("code", _("an earlier row has the same reference. Keep one of the two."))
    context.seen.add(code.lower())
    obligation = context.obligations.get(code.lower())
    if obligation is None:
        return add(row, code, context)
    if obligation.withdrawn_at is not None or not Obligation.objects.live().filter(pk=obligation.pk).exists():
        raise CellRefused("code", _("this obligation was withdrawn. Restore it on its page first."))
    return change(row, obligation, context)


def add(row: Row, code: str, context: ObligationSheetContext) -> Written:
    values = values_of(row, code, None, context)
    obligation = deeds.create_obligation(values, by=context.by)
    is_changed = set_state(row, obligation)
    if not row.text("status"):
        obligation.mark_past(on=timezone.localdate())
    if is_changed or obligation.is_past_at_entry:
        attribute(obligation, by=context.by, reason="obligation-added")
        obligation.save()
    context.obligations[code.lower()] = obligation
    filled = {name: text for name, text in cells_of(obligation).items() if text}
    return Verdict.NEW, obligation.pk, difference_of({}, filled)


def change(row: Row, obligation: Obligation, context: ObligationSheetContext) -> Written:
    stored = tidy(values_of(row, obligation.code, obligation, context))
    if not obligation.is_derived:
        refuse_impossible(stored, present=obligation, is_undo=context.is_undo)
    if obligation.is_published and stored["confidentiality"] != Confidentiality.PUBLIC:
        raise CellRefused("confidentiality", _("This obligation is published. Unpublish it first."))
    if obligation.has_records and stored["confidentiality"] != obligation.confidentiality:
        raise CellRefused("confidentiality", follows_its_records())
    before = cells_of(obligation)
    set_state_and_day(row, obligation, stored, is_undo=context.is_undo)
    for name, value in stored.items():
        setattr(obligation, name, value)
    if not (cells := difference_of(before, cells_of(obligation))):
        return Verdict.UNCHANGED, None, {}
    refuse_derived(obligation)
    save_version(obligation, "obligation-edited", by=context.by)
    return Verdict.CHANGED, obligation.pk, cells


def set_state_and_day(row: Row, obligation: Obligation, stored: dict[str, Any], *, is_undo: bool) -> None:
    """As on the page: a new deadline moves the open steps, and ends a postponement unless the row sets the state."""
    deeds.follow_rule(stored, obligation)
    is_set = set_state(row, obligation, is_undo=is_undo)
    state, reason = obligation.state, obligation.state_reason
    if stored["due_on"] != obligation.due_on:
        deeds.give_new_day(obligation, stored["due_on"])
    if is_set:
        obligation.state, obligation.state_reason, obligation.is_past_at_entry = state, reason, False


def set_state(row: Row, obligation: Obligation, *, is_undo: bool = False) -> bool:
    """The rules of the page of the status: exceptional ones need a reason. Whether the row changes it."""
    state = row.choice("status", Obligation.State.choices, obligation.state)
    reason = row.text("reason", obligation.state_reason)
    if state != obligation.state:
        if state == Obligation.State.SUBMITTED and not hasattr(obligation, "submission"):
            raise CellRefused(
                "status", _("Enter the submission with its proof: the status then changes automatically.")
            )
        if hasattr(obligation, "submission") and state in Obligation.UNFINISHED:
            raise CellRefused("status", _("This obligation has been submitted. Remove the submission first."))
    is_ended = state in deeds.AFTER_SUBMISSION and state != obligation.state and not hasattr(obligation, "submission")
    if (state in Obligation.WITH_REASON or is_ended) and not reason and not is_undo:
        raise CellRefused("reason", _("Enter a reason."))
    is_changed = (state, reason) != (obligation.state, obligation.state_reason)
    obligation.state, obligation.state_reason = state, reason
    return is_changed


def values_of(row: Row, code: str, present: Obligation | None, context: ObligationSheetContext) -> ObligationValues:
    """The values of the row, with recorded values for empty cells."""
    now: Any = present or Obligation(code=code)
    body = present.body if present else None
    if row.text("body"):
        body = find("body", row.text("body"), context.bodies)
    if body is None:
        raise CellRefused("body", _("Enter the body of a new obligation."))
    return ObligationValues(
        body=body,
        kind=row.choice("kind", ObligationKind.choices, now.kind or ObligationKind.OTHER),
        code=code,
        title=short_text(row, "title", now.title, 300),
        combined=short_text(row, "combined", now.combined, 80),
        instrument=find_or_current(row, "instrument", context.instruments, now.instrument),
        rule=now.rule,
        review=now.review,
        document=find_or_current(row, "document", context.documents, now.document),
        paragraph=short_text(row, "paragraph", now.paragraph, 80),
        words=short_text(row, "words", now.words, 300),
        clock_on=row.day("clock start", now.clock_on),
        due_on=row.day("due", now.due_on),
        certainty=row.choice("certainty", Certainty.choices, now.certainty),
        day_from=row.choice("deadline from", DayFrom.choices, now.day_from),
        force=row.choice("force", Force.choices, now.force),
        word_limit=number(row, "word limit", now.word_limit),
        language=short_text(row, "language", now.language, 8),
        owner=find_or_current(row, "institution", context.institutions, now.owner),
        responsible=find_or_current(row, "person", context.persons, now.responsible),
        note=row.text("note", now.note),
        confidentiality=row.choice("confidentiality", Confidentiality.choices, now.confidentiality),
    )


def short_text(row: Row, column: str, current: str, most: int) -> str:
    text = row.text(column, current)
    if len(text) > most:
        raise CellRefused(column, _("it is longer than %(most)d characters. Shorten it.") % {"most": most})
    return text


def number(row: Row, column: str, current: int | None) -> int | None:
    entry = row.entry(column)
    if entry is None:
        return current
    if not entry:
        return None
    if not (entry.isascii() and entry.isdecimal() and 0 < int(entry[:9]) <= MOST_WORDS and len(entry) < 9):
        raise CellRefused(column, _("Enter a whole number."))
    return int(entry)


def find_or_current[Thing](row: Row, column: str, known: Mapping[str, Thing], current: Thing | None) -> Thing | None:
    entry = row.entry(column)
    if entry is None:
        return current
    return find(column, entry, known) if entry else None


def find[Thing](column: str, code: str, known: Mapping[str, Thing]) -> Thing:
    if found := known.get(code.lower()):
        return found
    raise CellRefused(column, _("“%(given)s” was not found. Check the reference.") % {"given": code[:80]})
