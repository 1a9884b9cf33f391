"""The spreadsheet of questions put to the State: who answers each, who leads, and its share of the words."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.columns.dates import with_latin_digits
from servanda.intake.models import StagedRow
from servanda.intake.sheets.kinds import Change, Link, Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row, Sheet, Table
from servanda.intake.sheets.rows import write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of
from servanda.sources.models import Question
from servanda.sources.questions.queries import COLUMNS
from servanda.sources.questions.requests import requests_ended_by
from servanda.sources.questions.services import WHOLE, AnswerPlan, plan_answer

Verdict = StagedRow.Verdict
SIGNS = str.maketrans({"٪": "%", "％": "%", "٫": ".", ",": "."})
NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,16})?")
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
    first: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    is_of_percent_cells: bool = False  # 25% is stored as 0.25, and 100% as 1

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
        """Rows that lower a share first, so that others can take what they leave."""
        context = QuestionContext.of(run, [row.text("document") for row in sheet.rows])
        context.is_of_percent_cells = any(is_fraction(row.text("share")) for row in sheet.rows)
        for row in sheet.rows:
            context.first.setdefault(key_of(row), row)
        places = sorted(range(len(sheet.rows)), key=lambda place: raised_by(sheet.rows[place], context))
        staged = {place: self.write_one(sheet.rows[place], context) for place in places}
        return [staged[place] for place in sorted(staged)]

    def write_one(self, row: Row, context: QuestionContext) -> StagedRow:
        code = f"{row.text('document')}, {row.text('number')}"
        staged = StagedRow(where=row.where, code=code[:80], summary=row.text("text")[:200])

        def write() -> None:
            question = question_in(row, context)
            refuse_ambiguous(row, question, context)
            plan = plan_of(row, question, context)
            ended = [place.code for place in requests_ended_by(question, plan.everyone)]
            cells = save_plan(plan, question, by=context.run.by)
            staged.verdict = Verdict.CHANGED if cells else Verdict.UNCHANGED
            written = {"pk": question.pk, "cells": cells, "ended": ended}
            staged.difference = json.dumps(written, ensure_ascii=False)

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
        plan = plan_of(Row(row.number, row.where, cells), question, context)
        save_plan(plan, question, is_restored=True, by=run.by)

    def up(self, subject: Any, user: Any) -> Link:
        return Link(_("Questions put to the State"), reverse("desk:questions"))

    def explanations(self) -> Sequence[tuple[str, str]]:
        return [
            ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
            ("institutions", _("Codes of the institutions that are to answer, separated by commas.")),
            ("lead", _("Code of the institution that leads the answer.")),
            (
                "share",
                _(
                    "Percentage of the words of the reply, from 1 to 100; those of one document add up to at most "
                    "100."
                ),
            ),
            ("institutions", _("An open request to an institution that is no longer named is withdrawn.")),
        ]

    def changes(self, row: StagedRow) -> list[Change]:
        if row.verdict != Verdict.CHANGED:
            return []
        written = json.loads(row.difference)
        changes = [Change(column, *values) for column, values in written["cells"].items()]
        if ended := written.get("ended"):
            changes.append(Change(gettext_lazy("Open requests that are withdrawn"), None, ", ".join(ended)))
        return changes

    def result(self, batch: Any) -> Link:
        return Link(_("View questions"), reverse("desk:questions"))


def key_of(row: Row) -> tuple[str, str, str]:
    return row.text("document"), row.text("number"), row.text("asked by").lower()


def question_in(row: Row, context: QuestionContext) -> Question:
    row.required("document", _("enter the symbol of the document as in the register."))
    found = context.questions.get(key_of(row), [])
    if len(found) != 1:
        raise CellRefused(
            "number", _("no question, or more than one, has this document and number. Edit it on its page.")
        )
    [question] = found
    if context.first[key_of(row)] is not row:
        raise CellRefused("number", _("an earlier row has the same reference. Keep one of the two."))
    return question


def refuse_ambiguous(row: Row, question: Question, context: QuestionContext) -> None:
    """Programs store a cell of 100% as 1: only a column with fractions shows that it is one."""
    given = row.text("share")
    if number_in(given) == 1 != question.share and not has_percent_sign(given) and not context.is_of_percent_cells:
        raise CellRefused(
            "share", _("“1” can mean 1 or 100 per cent. Enter “1%” or “100” in a cell formatted as text.")
        )


def plan_of(row: Row, question: Question, context: QuestionContext) -> AnswerPlan:
    """What the row says of the question; an empty cell changes nothing."""
    before = cells_of(question)
    cells = {column: before[column] if row.entry(column) is None else row.text(column) for column in SET}
    lead = place_in("lead", cells["lead"], context) if cells["lead"] else None
    codes = [code.strip() for code in cells["institutions"].replace(";", ",").replace("،", ",").split(",")]
    places = [place_in("institutions", code, context) for code in codes if code]
    is_given = row.entry("share") is not None
    share = share_in(cells["share"], is_of_percent_cells=is_given and context.is_of_percent_cells)
    return AnswerPlan(lead, share, places)


def save_plan(plan: AnswerPlan, question: Question, *, is_restored: bool = False, by: User) -> dict[str, list]:
    """Returns the cells before and after, of those that changed."""
    before = cells_of(question)
    return difference_of(before, cells_of(plan_answer(question=question, plan=plan, is_restored=is_restored, by=by)))


def raised_by(row: Row, context: QuestionContext) -> int:
    """By how much the row raises the share of its question; 0 for a row that is refused anyway."""
    found = context.questions.get(key_of(row), [])
    try:
        share = share_in(row.text("share"), is_of_percent_cells=context.is_of_percent_cells)
    except CellRefused:
        return 0
    return (share or 0) - (found[0].share or 0) if len(found) == 1 and row.entry("share") is not None else 0


def place_in(column: str, code: str, context: QuestionContext) -> Institution:
    if (place := context.institutions.get(code.lower())) is None:
        raise CellRefused(column, _("“%(given)s” is not the code of an institution.") % {"given": code[:80]})
    return place


def share_in(given: str, *, is_of_percent_cells: bool = False) -> int | None:
    """A percentage, with digits and signs of any language. A number below 1 without a sign is that of a cell in the
    format of percentages, in which programs store 25% as 0.25. Raises `CellRefused` for anything else."""
    if not given:
        return None
    number = number_in(given)
    is_cell = not has_percent_sign(given) and (is_of_percent_cells or is_fraction(given))
    if number is not None and is_cell and number <= 1:
        number *= WHOLE
    if number is None or number != int(number) or not 1 <= number <= WHOLE:
        raise CellRefused("share", _("enter a whole number from 1 to 100."))
    return int(number)


def number_in(given: str) -> Decimal | None:
    plain = with_latin_digits(given).translate(SIGNS).replace("%", "").strip()
    return Decimal(plain) if NUMBER.fullmatch(plain) else None


def has_percent_sign(given: str) -> bool:
    return "%" in given.translate(SIGNS)


def is_fraction(given: str) -> bool:
    number = number_in(given)
    return number is not None and 0 < number < 1 and not has_percent_sign(given)
