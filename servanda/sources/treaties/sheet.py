"""The spreadsheet of treaties: its columns, and what each row of a sent one does."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.intake.models import StagedRow
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row, Sheet, Table, split
from servanda.intake.sheets.rows import write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import AcceptedProcedure, Reservation, TreatyStatus
from servanda.sources.treaties import reservation_cells
from servanda.sources.treaties.reservation_cells import Written
from servanda.sources.treaties.services import (
    ProcedureValues,
    TreatyValues,
    create,
    refuse_impossible,
    refuse_impossible_procedure,
    set_values,
    values_of,
)
from servanda.vocab.models import Instrument

Verdict = StagedRow.Verdict
DAYS = {
    "signed": "signed_on",
    "consent date": "consent_on",
    "deposited": "deposited_on",
    "in force": "in_force_on",
    "denounced": "denounced_on",
    "opted out": "opted_out_on",
}
TEXTS = {"territory": "territory", "source": "source", "note": "note"}
COLUMNS = (
    "code",
    "name",
    "signed",
    "consent",
    "consent date",
    "deposited",
    "in force",
    "denounced",
    "opted out",
    "territory",
    "procedures",
    "source",
    "note",
    "recommended by",
    *reservation_cells.COLUMNS,
)
FACTS = (*DAYS, *TEXTS, "consent", "procedures")
LONGEST_SOURCE = 300


def cells_of(status: TreatyStatus) -> dict[str, str]:
    """The value of each column."""
    return {
        "code": status.instrument.code,
        "name": str(status.instrument.name),
        **{column: as_text(getattr(status, name)) for column, name in DAYS.items()},
        "consent": str(status.consent),
        "procedures": "; ".join(procedure_in_cell(procedure) for procedure in status.procedures.all()),
        **{column: getattr(status, name) for column, name in TEXTS.items()},
    }


def export_rows(found: Iterable[TreatyStatus], recommended: Mapping[int, str]) -> Iterator[list[str]]:
    """A row for each treaty, and a further one for each further reservation. `recommended` are the bodies that ask to
    ratify, by instrument."""
    for status in found:
        cells = cells_of(status) | {"recommended by": recommended.get(status.instrument_id, "")}
        for reservation in status.reservations.all() or [None]:
            cells |= reservation_cells.cells_of(reservation)
            yield [cells.get(column, "") for column in COLUMNS]
            cells = {column: cells[column] for column in ("code", "name")}


def as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def procedure_in_cell(procedure: AcceptedProcedure) -> str:
    cells = [procedure.kind, as_text(procedure.accepted_on), procedure.article, as_text(procedure.withdrawn_on)]
    return " | ".join(cells).rstrip(" |")


@dataclass
class TreatyContext:
    """What exists already, read once."""

    run: Run
    instruments: dict[str, Instrument]
    statuses: dict[str, TreatyStatus]
    seen: set[str] = field(default_factory=set)  # codes of the rows so far
    reservations: set[int] = field(default_factory=set)  # those of the rows so far

    @classmethod
    def of(cls, run: Run) -> "TreatyContext":
        statuses = TreatyStatus.objects.select_for_update(of=("self",)).select_related("instrument")
        return cls(
            run,
            {instrument.code.lower(): instrument for instrument in Instrument.objects.all()},
            {status.instrument.code.lower(): status for status in statuses},
        )


class TreatySheets(SheetKind):
    code = "treaties"
    shape = "treaties"
    trail = "treaty-sheet"
    permission = Can.EDIT_REGISTER
    columns_of_fields = {name: column for column, name in DAYS.items()} | reservation_cells.COLUMNS_OF_FIELDS
    title = gettext_lazy("Treaties as a spreadsheet")
    file_help = gettext_lazy(
        "XLSX, ODS or CSV with one row per treaty, or per reservation of a treaty, and the column names in the first "
        "row."
    )
    nothing_found = gettext_lazy(
        "%(file)s contains no treaties. Start from the template, which has the column names in its first row."
    )
    row_heading = gettext_lazy("Treaty")

    def tables(self) -> Sequence[Table]:
        return [Table(COLUMNS, needed=("code",))]

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        context = TreatyContext.of(run)
        return [self.write_one(row, context) for row in sheet.rows]

    def write_one(self, row: Row, context: TreatyContext) -> StagedRow:
        staged = StagedRow(where=row.where, code=row.text("code"), summary=row.text("name"))

        def write() -> None:
            staged.verdict, cells, written = write_treaty(row, context)
            difference = {"cells": cells, "reservation": written}
            staged.difference = json.dumps(difference, ensure_ascii=False)

        return write_or_refuse(self, staged, write)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> TreatyContext:
        return TreatyContext.of(run)

    def restore(self, row: StagedRow, context: TreatyContext, run: Run) -> None:
        difference = json.loads(row.difference)
        written, reservation = difference["cells"], difference.get("reservation")
        if (status := context.statuses.get(row.code.lower())) is None:
            raise Refused(_("The status of this treaty no longer exists."))
        if reservation is not None:
            reservation_cells.restore_reservation(Written(*reservation), status, Row(row.number, row.where, {}))
            save_version(status, "treaty-edited", by=run.by)
        now = cells_of(status)
        if any(now[column] != after for column, (_before, after) in written.items()):
            raise Refused(_("It was changed after the import."))
        if row.verdict == Verdict.NEW:
            if any(
                value and column not in written for column, value in now.items() if column not in ("code", "name")
            ):
                raise Refused(_("It was changed after the import."))
            if status.reservations.exists():
                raise Refused(_("It is now in use."))
            status.delete()
            return
        if not written:
            return
        former = Row(row.number, row.where, {column: before or "-" for column, (before, _after) in written.items()})
        save_row(former, status, run)

    def downloads(self, subject: Any) -> Iterator[Download]:
        files = {"xlsx": _("Excel (XLSX)"), "csv": _("CSV")}
        links = [Link(label, reverse("desk:treaties_export", args=[file])) for file, label in files.items()]
        yield Download("", links)

    def up(self, subject: Any, user: Any) -> Link:
        return Link(_("Treaties"), reverse("desk:treaties"))

    def explanations(self) -> Sequence[tuple[str, str]]:
        consents = ", ".join(TreatyStatus.Consent.values)
        kinds = ", ".join(dict(Instrument.PROCEDURES))
        return [
            ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
            ("code", _("Code of the treaty as on the list, for example CEDAW. Required.")),
            ("name", _("For your orientation. It is not imported.")),
            ("recommended by", _("For your orientation. It is not imported.")),
            ("signed", _("Dates as YYYY-MM-DD, for example 2026-01-31; also in the other columns of dates.")),
            ("consent", consents),
            ("procedures", f"{_('One per line: kind | date | article | date of withdrawal.')} {kinds}"),
            ("source", _("Where the dates come from. A treaty without one is shown as “Source needed”.")),
            *explanations_of_reservations(),
        ]

    def changes(self, row: StagedRow) -> list[Change]:
        """Of a new treaty, only its reservation: its own cells are those of the file."""
        if row.verdict not in (Verdict.NEW, Verdict.CHANGED):
            return []
        difference = json.loads(row.difference)
        cells = difference["cells"] if row.verdict == Verdict.CHANGED else {}
        if (reservation := difference.get("reservation")) is not None:
            cells = cells | Written(*reservation).cells
        return [Change(column, *values) for column, values in cells.items()]

    def result(self, batch: Any) -> Link:
        return Link(_("View treaties"), reverse("desk:treaties"))


def explanations_of_reservations() -> Iterator[tuple[str, str]]:
    kinds = ", ".join(Reservation.Kind.values)
    yield (
        "",
        _("A treaty with several reservations has a row for each: repeat the code, and leave its other facts empty."),
    )
    yield "reservation", _("Number of the reservation in this register. Leave empty to add a new one.")
    yield "reservation kind", kinds
    yield "objections", _("One per line: State | date | text, for example France | 1994-03-01 | words.")


def write_treaty(row: Row, context: TreatyContext) -> tuple[str, dict[str, list], Written | None]:
    """The verdict, the cells of the treaty that changed, and what became of the reservation of the row."""
    code = row.required("code", _("enter the code of a treaty as on the list, for example CEDAW.")).lower()
    if code in context.seen:
        refuse_second_row(row)
    context.seen.add(code)
    if (instrument := context.instruments.get(code)) is None:
        sentence = _("“%(given)s” is not a known treaty. Add it to the vocabulary first, or correct the code.")
        raise CellRefused("code", sentence % {"given": row.text("code")[:80]})
    status = context.statuses.get(code)
    is_new = status is None
    if status is None:
        status = context.statuses[code] = create(instrument, by=context.run.by)
    cells = save_row(row, status, context.run)
    written = reservation_cells.write_reservation(row, status, context.reservations)
    if written is not None:
        save_version(status, "treaty-edited", by=context.run.by)
    if is_new:
        return Verdict.NEW, cells, written
    return (Verdict.CHANGED if cells or written else Verdict.UNCHANGED), cells, written


def refuse_second_row(row: Row) -> None:
    """A further row of a treaty holds a further reservation, and nothing else."""
    if not reservation_cells.names_reservation(row):
        raise CellRefused("code", _("an earlier row has the same reference. Keep one of the two."))
    if given := [column for column in FACTS if row.entry(column) is not None]:
        sentence = _(
            "an earlier row has the facts of this treaty. Leave the cell empty in the rows of further reservations."
        )
        raise CellRefused(given[0], sentence)


def save_row(row: Row, status: TreatyStatus, run: Run) -> dict[str, list]:
    """Write what the row says. Returns the cells before and after."""
    before = cells_of(status)
    values = read_values(row, values_of(status))
    refuse_impossible(status.instrument, values)
    set_values(status, values)
    if row.entry("procedures") is not None:
        procedures = [read_procedure(line) for line in split(row.text("procedures"))]
        refuse_doubled(procedures)
        save_procedures(status, procedures)
    cells = difference_of(before, cells_of(status))
    if cells:
        save_version(status, "treaty-edited", by=run.by)
    return cells


def save_procedures(status: TreatyStatus, procedures: Sequence[ProcedureValues]) -> None:
    """Replace the procedures. A procedure that remains keeps its source, because the sheet has no column for it."""
    sources = {(row.kind, row.article): row.source for row in status.procedures.all()}
    status.procedures.all().delete()
    for procedure in procedures:
        source = sources.get((procedure.kind, procedure.article), "")
        AcceptedProcedure.objects.create(
            status=status,
            kind=procedure.kind,
            article=procedure.article,
            accepted_on=procedure.accepted_on,
            withdrawn_on=procedure.withdrawn_on,
            source=source,
        )


def read_values(row: Row, current: TreatyValues) -> TreatyValues:
    days: dict[str, Any] = {name: row.day(column, getattr(current, name)) for column, name in DAYS.items()}
    texts: dict[str, Any] = {name: row.text(column, getattr(current, name)) for column, name in TEXTS.items()}
    if len(texts["source"]) > LONGEST_SOURCE:
        sentence = _("it is longer than %(most)d characters. Shorten it.")
        raise CellRefused("source", sentence % {"most": LONGEST_SOURCE})
    consent = "" if row.entry("consent") == "" else row.choice("consent", CONSENTS, current.consent)
    return replace(current, **days, **texts, consent=consent)


CONSENTS = TreatyStatus.Consent.choices


def read_procedure(line: str) -> ProcedureValues:
    kind, accepted_on, article, withdrawn_on, *_more = [*(cell.strip() for cell in line.split("|")), "", "", ""]
    cells = Row(0, "", {"procedures": kind, "accepted": accepted_on, "withdrawn": withdrawn_on})
    try:
        procedure = ProcedureValues(
            kind=cells.choice("procedures", Instrument.PROCEDURES),
            article=article[:80],
            accepted_on=cells.day("accepted"),
            withdrawn_on=cells.day("withdrawn"),
        )
        refuse_impossible_procedure(procedure)
    except CellRefused as refusal:
        raise CellRefused("procedures", str(refusal).partition(": ")[2]) from refusal
    except FieldRefused as refusal:
        raise CellRefused("procedures", refusal) from refusal
    return procedure


def refuse_doubled(procedures: Sequence[ProcedureValues]) -> None:
    named = [(procedure.kind, procedure.article) for procedure in procedures]
    if len(named) > len(set(named)):
        raise CellRefused("procedures", _("a procedure is named twice. Keep one of the two."))
