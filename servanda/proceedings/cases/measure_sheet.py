"""The kind of spreadsheets with the measures that courts and committees have ordered: in and out, with undo."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row, Sheet, Table
from servanda.intake.sheets.rows import write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.people.models import User
from servanda.people.versioning import difference_of
from servanda.proceedings.cases.into_measures import cases_open_to
from servanda.proceedings.cases.measure_list import cases_of
from servanda.proceedings.cases.measures import MeasureValues, add_measures, link_measures, unlink_measure
from servanda.proceedings.models import Proceeding, measures_open_to
from servanda.recommendations.editing.measure_facts import MeasureFacts, facts_of, in_cents, set_measure_facts
from servanda.recommendations.editing.structure import withdraw_recommendation
from servanda.recommendations.editing.versioning import save_version
from servanda.recommendations.models import OrderedMeasure, Recommendation, RecommendationQuerySet
from servanda.recommendations.pages.detail import heading_of, with_heading
from servanda.sources.printed.texts import clean
from servanda.vocab.own_state import own_state

SHAPE = "ordered-measures"
FACTS = {
    "type": "type",
    "due": "due_on",
    "amount": "amount",
    "currency": "currency",
    "interest": "interest",
    "paid": "paid_on",
}
OF_RECORD = ("paragraph", "language", "text")  # set when a measure is added; changed on its own page
COLUMNS = ("code", "case", "body", "document", *OF_RECORD, *FACTS)
LARGEST = Decimal(10) ** 14


def export_rows(found: RecommendationQuerySet, user: User) -> Iterator[dict[str, str]]:
    records = list(with_heading(found.select_related("body", "document", "ordered")))
    cases = cases_of(records, user)
    for record in records:
        yield cells_of(record, cases.get(record.pk))


def cells_of(record: Recommendation, case: Proceeding | None) -> dict[str, str]:
    """What each column contains. The query needs `with_heading`."""
    heading = heading_of(record)
    return {
        "code": record.code,
        "case": case.reference if case else "",
        "body": record.body.code,
        "document": record.document.symbol if record.document else "",
        "paragraph": record.paragraph,
        "language": heading.language if heading else record.language,
        "text": heading.text if heading else "",
        **fact_cells(record),
    }


def fact_cells(record: Recommendation) -> dict[str, str]:
    measure = getattr(record, "ordered", None)
    values = {column: getattr(measure, name, None) for column, name in FACTS.items()}
    return {column: "" if value is None else in_cents(value) for column, value in values.items()}


def amount_in(row: Row, column: str, current: Decimal | None) -> Decimal | None:
    """Raises `CellRefused` if the cell is no amount."""
    if (entry := row.entry(column)) is None:
        return current
    if not entry:
        return None
    try:
        amount = Decimal(entry.replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST or amount != round(amount, 2):
        sentence = _("“%(given)s” is not an amount. Enter a number with at most two decimals, for example 20000.50.")
        raise CellRefused(column, sentence % {"given": entry[:80]})
    return amount


@dataclass
class MeasureSheetContext:
    """What exists already, read once."""

    by: User
    measures: dict[str, Recommendation]
    cases: dict[str, list[Proceeding]]
    of_measures: dict[int, Proceeding]
    seen: set[str] = field(default_factory=set)  # codes of the rows so far

    @classmethod
    def of(cls, run: Run, codes: Sequence[str]) -> "MeasureSheetContext":
        found = measures_open_to(run.by).filter(code__in=[code for code in codes if code])
        records = {record.code.lower(): record for record in with_heading(found.select_related("body", "ordered"))}
        cases: dict[str, list[Proceeding]] = {}
        for case in cases_open_to(run.by):
            cases.setdefault(case.reference.lower(), []).append(case)
        return cls(run.by, records, cases, cases_of(records.values(), run.by))

    def case_named(self, reference: str) -> Proceeding:
        named = self.cases.get(reference.lower(), [])
        if len(named) != 1:
            raise CellRefused("case", _("enter the number of one case that is not closed."))
        return named[0]


def facts_in(row: Row, present: MeasureFacts | None) -> MeasureFacts:
    """What the row contains, and where it is empty, what is recorded."""
    now = present or MeasureFacts(type="")
    kind = row.choice("type", OrderedMeasure.Type.choices, now.type)
    if not kind:
        raise CellRefused("type", _("enter a value."))
    return MeasureFacts(
        type=kind,
        due_on=row.day("due", now.due_on),
        amount=amount_in(row, "amount", now.amount),
        currency=row.text("currency", now.currency).upper(),
        interest=amount_in(row, "interest", now.interest),
        paid_on=past_day(row, now.paid_on),
    )


def past_day(row: Row, current: date | None) -> date | None:
    day = row.day("paid", current)
    if day and day > timezone.localdate():
        raise CellRefused("paid", _("Enter a date that is not in the future."))
    return day


def write_measure(row: Row, context: MeasureSheetContext) -> tuple[str, dict[str, Any]]:
    """The verdict, and what undoing needs."""
    code = row.text("code")
    if not code:
        return add(row, context)
    if code.lower() in context.seen:
        raise CellRefused("code", _("an earlier row has the same reference. Keep one of the two."))
    context.seen.add(code.lower())
    if (record := context.measures.get(code.lower())) is None:
        raise CellRefused("code", _("this measure is not in the register. Leave the cell empty to add it."))
    return change(row, record, context)


def add(row: Row, context: MeasureSheetContext) -> tuple[str, dict[str, Any]]:
    case, facts = context.case_named(row.required("case")), facts_in(row, None)
    if (country := own_state()) is None:
        raise Refused(_("The State of this system is not set yet. Enter it in the settings."))
    if facts.paid_on and not facts.amount:
        raise CellRefused("amount", _("enter a value."))
    values = MeasureValues(
        row.text("paragraph")[:40],
        row.required("text"),
        facts.type,
        facts.due_on,
        facts.amount,
        facts.currency,
        facts.interest,
    )
    (record,) = add_measures(
        proceeding=case, country=country, language=language_in(row), measures=[values], seen=None, by=context.by
    )
    record.refresh_from_db()
    if facts.paid_on:
        set_measure_facts(recommendation=record, version=record.version, facts=facts, by=context.by)
        record.refresh_from_db()
    cells = {column: ["", text] for column, text in fact_cells(record).items() if text}
    return StagedRow.Verdict.NEW, {"pk": record.pk, "cells": cells, "version": record.version}


def language_in(row: Row) -> str:
    language = row.required("language").lower()
    if len(language) > 8 or not language.replace("-", "").isalpha():
        raise CellRefused("language", _("enter a code of two or three letters, for example es."))
    return language


def change(row: Row, record: Recommendation, context: MeasureSheetContext) -> tuple[str, dict[str, Any]]:
    refuse_other_words(row, record)
    before = fact_cells(record)
    measure = getattr(record, "ordered", None)
    facts = facts_in(row, facts_of(measure) if measure else None)
    case, present = None, context.of_measures.get(record.pk)
    if (reference := row.text("case")) and (present is None or present.reference.lower() != reference.lower()):
        case = context.case_named(reference)
        link_measures(proceeding=case, measures=[record], seen=None, by=context.by)
    set_measure_facts(recommendation=record, version=record.version, facts=facts, by=context.by)
    now = Recommendation.every_kind.select_related("ordered").get(pk=record.pk)
    cells = difference_of(before, fact_cells(now))
    if case is not None:
        cells |= {"case": ["", case.reference]}
    if not cells:
        return StagedRow.Verdict.UNCHANGED, {}
    return StagedRow.Verdict.CHANGED, {"pk": record.pk, "cells": cells, "version": now.version}


def refuse_other_words(row: Row, record: Recommendation) -> None:
    """Refuse changes to fields that are edited on the page of the record only. The text in a file is in the language
    of its reader."""
    paragraph, text = row.entry("paragraph"), row.entry("text")
    if paragraph is not None and paragraph != record.paragraph:
        raise CellRefused("paragraph", changed_elsewhere())
    texts = record.texts.current().values_list("text", flat=True)
    if text is not None and in_one_line(text) not in map(in_one_line, texts):
        raise CellRefused("text", changed_elsewhere())


def in_one_line(text: str) -> str:
    """Spreadsheets change line breaks and blanks."""
    return " ".join(clean(text).split())


def changed_elsewhere() -> str:
    return _("a spreadsheet does not change this. Change it on the page of the record.")


class MeasureSheets(SheetKind):
    code = "measures"
    shape = SHAPE
    trail = "measure-sheet"
    permission = Can.RUN_PROCEEDINGS
    columns_of_fields = {name: column for column, name in FACTS.items()}
    title = gettext_lazy("Measures ordered as a spreadsheet")
    file_help = gettext_lazy("XLSX, ODS or CSV with one row per measure and the column names in the first row.")
    nothing_found = gettext_lazy(
        "%(file)s contains no measures. Start from the template, which has the column names in its first row."
    )
    row_heading = gettext_lazy("Measure")

    def tables(self) -> Sequence[Table]:
        return [Table(COLUMNS, needed=("code", "type"))]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        context = MeasureSheetContext.of(run, [row.text("code") for row in sheet.rows])
        return [self.write_one(row, context) for row in sheet.rows]

    def write_one(self, row: Row, context: MeasureSheetContext) -> StagedRow:
        staged = StagedRow(where=row.where, code=row.text("code"), summary=row.text("text")[:200] or row.text("type"))

        def write() -> None:
            verdict, done = write_measure(row, context)
            staged.verdict = verdict
            staged.difference = json.dumps(done, ensure_ascii=False)

        return write_or_refuse(self, staged, write)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> User:
        return run.by

    def restore(self, row: StagedRow, context: User, run: Run) -> None:
        """A measure that was added is unlinked and withdrawn; a changed one gets its former facts back."""
        done = json.loads(row.difference)
        found = measures_open_to(context).select_related("ordered").select_for_update(of=("self",))
        record = found.filter(pk=done["pk"]).first()
        if record is None:
            raise Refused(_("It no longer exists."))
        if record.version != done["version"]:
            raise Refused(_("It was changed after the import."))
        if row.verdict == StagedRow.Verdict.NEW or "case" in done["cells"]:
            self.unlink(record, by=context)
        if row.verdict == StagedRow.Verdict.NEW:
            reason = _("The import that added this measure was undone.")
            withdraw_recommendation(recommendation=record, reason=reason, by=context)
            return
        self.restore_facts(record, done["cells"], by=context)

    def unlink(self, record: Recommendation, *, by: User) -> None:
        if case := cases_of([record], by).get(record.pk):
            unlink_measure(proceeding=case, measure=record, by=by)

    def restore_facts(self, record: Recommendation, cells: dict[str, list], *, by: User) -> None:
        former = {column: pair[0] or "-" for column, pair in cells.items() if column in FACTS}
        if former.get("type") == "-":  # it had no facts before
            before = facts_of(record.ordered).in_words()
            OrderedMeasure.objects.filter(recommendation=record).delete()
            save_version(record, "measure-facts-set", by=by, difference={"measure": [before, ""]})
            return
        if former:
            facts = facts_in(Row(0, "", former), facts_of(record.ordered))
            set_measure_facts(recommendation=record, version=record.version, facts=facts, by=by)

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {"xlsx": _("Excel (XLSX)"), "csv": _("CSV")}
        yield Download(
            "", [Link(label, reverse("desk:ordered_measures_export", args=[file])) for file, label in files.items()]
        )

    def explanations(self) -> Sequence[tuple[str, str]]:
        by_column = {
            "code": _("Reference of the measure. Leave it empty to add a measure to a case."),
            "case": _("Number of the case. Required for a new row."),
            "text": _("Text of the measure, with its language as a code. Required for a new row."),
            "type": ", ".join(OrderedMeasure.Type.values),
            "due": _("Dates as YYYY-MM-DD, for example 2026-01-31; also in the column “paid”."),
            "amount": _("Only for payments: amounts with a point, for example 20000.50, and the currency as EUR."),
        }
        return [
            ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
            *by_column.items(),
        ]

    def changes(self, row: StagedRow) -> list[Change]:
        if row.verdict not in (StagedRow.Verdict.CHANGED, StagedRow.Verdict.NEW):
            return []
        return [Change(column, *values) for column, values in json.loads(row.difference)["cells"].items()]

    def result(self, batch: Batch) -> Link:
        return Link(_("View measures"), reverse("desk:ordered_measures"))
