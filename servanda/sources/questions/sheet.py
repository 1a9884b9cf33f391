"""The spreadsheet of questions put to the State: who answers each, who leads, and its share of the words."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.models import StagedRow
from servanda.intake.sheets.kinds import Change, Link, Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row, Sheet, Table
from servanda.intake.sheets.rows import write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.people.models import Institution
from servanda.people.versioning import difference_of
from servanda.sources.models import Question
from servanda.sources.questions.queries import COLUMNS
from servanda.sources.questions.services import WHOLE, AnswerPlan, plan_answer

Verdict = StagedRow.Verdict
SET = ("institutions", "lead", "share")


def cells_of(question: Question) -> dict[str, str]:
    """What the columns that are imported say of it."""
    return {
        "institutions": ", ".join(sorted(place.code for place in question.institutions.all())),
        "lead": question.lead.code if question.lead else "",
        "share": str(question.share or ""),
    }


@dataclass
class QuestionContext:
    """The questions of the documents that the sheet names, by document and number, and the institutions."""

    run: Run
    questions: dict[tuple[str, str, str], list[Question]]
    institutions: dict[str, Institution]
    seen: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, run: Run, symbols: Iterable[str]) -> "QuestionContext":
        rows = Question.objects.visible_to(run.by).listed().filter(document__symbol__in=set(symbols))
        rows = rows.select_related("document", "lead", "asked_by").prefetch_related("institutions").order_by("pk")
        found: dict[tuple[str, str, str], list[Question]] = {}
        for row in rows:
            state = row.asked_by.code if row.asked_by else ""
            found.setdefault((row.symbol, row.number, state.lower()), []).append(row)
        return cls(run, found, {place.code.lower(): place for place in Institution.objects.all()})


class QuestionSheets(SheetKind):
    code = "questions"
    shape = "questions"
    trail = "question-sheet"
    permission = Can.EDIT_REGISTER
    has_template = False
    title = gettext_lazy("Questions as a spreadsheet")
    file_help = gettext_lazy("The table of questions that was downloaded from their page, as XLSX, ODS or CSV.")
    nothing_found = gettext_lazy("%(file)s contains no questions. Download the table of a document and edit it.")
    row_heading = gettext_lazy("Question")
    empty_text = gettext_lazy("Download the questions of a document as a table, edit it, and send it above.")

    def tables(self) -> Sequence[Table]:
        return [Table(COLUMNS, needed=("document", "number"))]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        context = QuestionContext.of(run, [row.text("document") for row in sheet.rows])
        return [self.write_one(row, context) for row in sheet.rows]

    def write_one(self, row: Row, context: QuestionContext) -> StagedRow:
        code = f"{row.text('document')}, {row.text('number')}"
        staged = StagedRow(where=row.where, code=code[:80], summary=row.text("text")[:200])

        def write() -> None:
            question = question_in(row, context)
            cells = save_row(row, question, context)
            staged.verdict = Verdict.CHANGED if cells else Verdict.UNCHANGED
            staged.difference = json.dumps({"pk": question.pk, "cells": cells}, ensure_ascii=False)

        return write_or_refuse(self, staged, write)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> QuestionContext:
        return QuestionContext.of(run, [row.code.rpartition(", ")[0] for row in rows])

    def restore(self, row: StagedRow, context: QuestionContext, run: Run) -> None:
        written = json.loads(row.difference)
        known = (question for rows in context.questions.values() for question in rows)
        question = next((question for question in known if question.pk == written["pk"]), None)
        if question is None:
            raise Refused(_("It no longer exists."))
        now = cells_of(question)
        if any(now[column] != after for column, (_before, after) in written["cells"].items()):
            raise Refused(_("It was changed after the import."))
        cells = {column: before or "-" for column, (before, _after) in written["cells"].items()}
        save_row(Row(row.number, row.where, cells), question, context)

    def up(self, subject: Any, user: Any) -> Link:
        return Link(_("Questions put to the State"), reverse("desk:questions"))

    def explanations(self) -> Sequence[tuple[str, str]]:
        return [
            ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
            ("institutions", _("Codes of the institutions that are to answer, separated by commas.")),
            ("lead", _("Code of the institution that leads the answer.")),
            ("share", _("Per cent of the words of the reply, a whole number from 1 to 100.")),
        ]

    def changes(self, row: StagedRow) -> list[Change]:
        if row.verdict != Verdict.CHANGED:
            return []
        return [Change(column, *values) for column, values in json.loads(row.difference)["cells"].items()]

    def result(self, batch: Any) -> Link:
        return Link(_("View questions"), reverse("desk:questions"))


def question_in(row: Row, context: QuestionContext) -> Question:
    key = (row.required("document"), row.text("number"), row.text("asked by").lower())
    found = context.questions.get(key, [])
    if len(found) != 1:
        raise CellRefused(
            "number", _("no question, or more than one, has this document and number. Edit it on its page.")
        )
    [question] = found
    if question.pk in context.seen:
        raise CellRefused("number", _("an earlier row has the same reference. Keep one of the two."))
    context.seen.add(question.pk)
    return question


def save_row(row: Row, question: Question, context: QuestionContext) -> dict[str, list]:
    """Write what the row says of the question. Returns the cells before and after."""
    before = cells_of(question)
    cells = {column: before[column] if row.entry(column) is None else row.text(column) for column in SET}
    lead = place_in("lead", cells["lead"], context) if cells["lead"] else None
    codes = [code.strip() for code in cells["institutions"].replace(";", ",").split(",")]
    places = [place_in("institutions", code, context) for code in codes if code]
    plan = AnswerPlan(lead, share_in(cells["share"]), places)
    if cells == before:
        return {}
    return difference_of(before, cells_of(plan_answer(question=question, plan=plan, by=context.run.by)))


def place_in(column: str, code: str, context: QuestionContext) -> Institution:
    if (place := context.institutions.get(code.lower())) is None:
        raise CellRefused(column, _("“%(given)s” is not the code of an institution.") % {"given": code[:80]})
    return place


def share_in(given: str) -> int | None:
    if not given:
        return None
    digits = given.removesuffix("%").strip().removesuffix(".0")
    if not (digits.isdecimal() and digits.isascii() and len(digits) <= 3 and 1 <= int(digits) <= WHOLE):
        raise CellRefused("share", _("enter a whole number from 1 to 100."))
    return int(digits)
