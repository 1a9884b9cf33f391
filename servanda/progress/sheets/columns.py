"""The follow-up that a spreadsheet brings: a status becomes the government's assessment, measures become updates.

Importing publishes nothing. An assessment is published by its assessor, with evidence. An update is approved by its
institution, unless the file is that institution's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst

from servanda.intake.columns.dates import with_latin_digits
from servanda.intake.columns.kinds import Cell, Column, Outcome, SheetContext, SheetRow, folded
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined, ngettext
from servanda.kit.pages.translations import listed
from servanda.people.models import User
from servanda.planning.sheets.institutions import names_of
from servanda.progress.models import (
    Assessment,
    ContributionRecommendation,
    EvidenceRecommendation,
    Grade,
    InputItem,
    Update,
    UpdateRecommendation,
    UpdateStep,
    Voice,
)
from servanda.progress.sheets.cells import (
    APPROVED_MEASURES,
    MEASURES,
    PERCENT,
    REMARKS,
    STATUS,
    STATUS_DATE,
    Measure,
    choices_of,
    columns,
    known_word,
    measures_of,
    propose,
)
from servanda.progress.sheets.existing import Memory, Present, Speaker, Status
from servanda.recommendations.models import Note
from servanda.sources.candidates import Problem
from servanda.sources.printed.texts import clean
from servanda.sources.printed.values import whole_date

AT_ONCE = 500
BESIDE_STATUS = (STATUS_DATE, PERCENT, REMARKS)
CODES_NAMED = 10
FRACTION = re.compile(r"0\.\d+")
State = Update.State


@dataclass(slots=True)
class Found:
    """What becomes of the cells of some rows, and what is to be written."""

    cells: list[Cell] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    updates: list[tuple[int | None, Update]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def tell(self, row: SheetRow, column: str, outcome: str, message: str = "") -> None:
        self.cells.append(Cell(row, column, outcome, message))


class FollowUpColumns:
    """Status, its day, percentage and remarks; measures that institutions have taken."""

    code = "progress"

    def columns(self) -> Sequence[Column]:
        return columns()

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[Cell]:
        return read_rows(rows, context).cells

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        for some in batched(rows, AT_ONCE):
            write_found(read_rows(some, context), context)

    def why_not_undone(self, batch: Batch) -> list[str]:
        return [
            sentence % {"codes": listed_codes(codes)}
            for sentence, codes in (
                (
                    _("Assessments of this import were published, changed or withdrawn: %(codes)s."),
                    assessed(batch),
                ),
                (_("Updates of this import were edited, submitted or published: %(codes)s."), updated(batch)),
                (_("Follow-up was added to records of this import: %(codes)s."), added(batch)),
            )
            if codes
        ]

    def undo(self, batch: Batch, *, by: User | None) -> None:
        """Nothing was published, so neither the latest assessments nor the last updates change."""
        Note.objects.filter(brought_by=batch).delete()
        Assessment.objects.filter(brought_by=batch).delete()
        Update.objects.filter(brought_by=batch, from_file=True).delete()


def read_rows(rows: Sequence[SheetRow], context: SheetContext) -> Found:
    """Read the cells of these rows that are not empty; used by both `judge` and `write`."""
    memory = context.memory.setdefault(FollowUpColumns.code, Memory())
    result, present = Found(), Present.read(rows, context)
    for row in rows:
        read_status(row, present, context, memory, result)
        read_measures(row, present, context, memory, result)
    return result


def read_status(row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: Found) -> None:
    grade, problem = grade_of(row, present, context)
    beside = {column: row.says(column) for column in BESIDE_STATUS if row.says(column)}
    if grade and row.dated and row.dated > context.on:
        grade, problem = None, _("The recommendation is dated later than today.")
    if grade is None:
        if row.says(STATUS):
            result.tell(row, STATUS, Outcome.LEFT_OUT, problem)
        read_without_status(row, present, context, memory, result)
        return
    day, note, is_read = day_of(row, context)
    own = own_words(row, grade)
    if same := same_as(row, grade, day, own, present, memory):
        outcome, sentence = same
        for column in (STATUS, *beside):
            result.tell(row, column, outcome, sentence)
        return
    memory.statuses.setdefault(row.about, []).append(Status(grade.pk, day, own, row.where))
    for column in (STATUS, *beside):
        is_left_out = (column == STATUS_DATE and not is_read) or (column == REMARKS and not clean(row.cells[REMARKS]))
        result.tell(
            row, column, Outcome.LEFT_OUT if is_left_out else Outcome.IMPORTED, status_sentence(column, grade, note)
        )
    reason = own or _("From %(file)s, %(where)s.") % {"file": context.batch.name, "where": row.where}
    result.assessments.append(
        Assessment(
            recommendation_id=row.record or 0,  # known when it is written
            voice=Voice.GOVERNMENT,
            grade=grade,
            common=grade.common,
            reason=reason,
            date=day,
            is_latest=False,
            origin=Assessment.Origin.IMPORTED,
            brought_by=context.batch,
            made_by=context.by,
        )
    )


def read_without_status(
    row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: Found
) -> None:
    for column in (STATUS_DATE, PERCENT):
        if row.says(column):
            result.tell(
                row,
                column,
                Outcome.LEFT_OUT,
                _("Recorded only together with a status, and no status is imported for this row."),
            )
    if row.says(REMARKS):
        read_note(row, present, context, memory, result)


def read_note(row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: Found) -> None:
    """Remarks of a row without a status become an internal note."""
    text = clean(row.cells[REMARKS])
    earlier = memory.notes.setdefault((row.about, text), row.where)
    if not text:
        result.tell(row, REMARKS, Outcome.LEFT_OUT, _("This cell contains no readable text."))
    elif earlier != row.where:
        result.tell(
            row, REMARKS, Outcome.UNCHANGED, _("%(where)s has the same value.") % {"where": earlier.capitalize()}
        )
    elif row.record and (row.record, text) in present.notes:
        result.tell(row, REMARKS, Outcome.UNCHANGED, _("An internal note already contains this text."))
    else:
        result.tell(
            row,
            REMARKS,
            Outcome.IMPORTED,
            _("Imported as an internal note, because no status is imported for this row."),
        )
        note = Note(recommendation_id=row.record or 0, text=text, author=context.by, brought_by=context.batch)
        result.notes.append(note)


def status_sentence(column: str, grade: Grade, of_day: str) -> str:
    if column == STATUS:
        return _("Government assessment, not published: %(value)s.") % {"value": grade}
    if column == STATUS_DATE:
        return of_day
    return _("Included in the reason for the assessment.")


def grade_of(row: SheetRow, present: Present, context: SheetContext) -> tuple[Grade | None, str]:
    """The grade that a status means, or why it is not imported."""
    printed = row.says(STATUS)
    meaning = context.meaning(STATUS, printed) if printed else ""
    if meaning is None:
        meaning = propose(printed, choices_of(present.grades))
        sentence = _("The meaning of “%(value)s” is not known. Choose it on the page of values.")
    elif meaning:
        sentence = _("The meaning of “%(value)s” is no longer in use. Choose another on the page of values.")
    else:
        sentence = _("“%(value)s” is not imported, as chosen on the page of values.")
    return present.grades.get(meaning), sentence % {"value": printed}


def day_of(row: SheetRow, context: SheetContext) -> tuple[date, str, bool]:
    """The day of a status, a sentence about it, and whether it is from the file (else the day of the import)."""
    printed = row.says(STATUS_DATE)
    remarks: list[Problem] = []
    day = whole_date(printed, STATUS_DATE, remarks)
    if day is None:
        problem = _("“%(value)s” is not a date. The date of the import is used for the status.") if printed else ""
    elif day > context.on:
        problem = _("%(value)s is in the future. The date of the import is used for the status.")
    elif row.dated and day < row.dated:
        problem = _("%(value)s is before the recommendation. The date of the import is used for the status.")
    else:
        return day, joined(remark.message for remark in remarks), True
    return context.on, problem % {"value": printed}, False


def own_words(row: SheetRow, grade: Grade) -> str:
    """The remarks of a row, with what fits no scale: a status in sentences, a percentage."""
    lines = [clean(row.cells.get(REMARKS, ""))]
    status = row.says(STATUS)
    if known_word(status) != grade.common and folded(status) not in map(folded, names_of(grade.label)):
        lines.append(_("Status according to the file: %(value)s") % {"value": status})
    if percent := row.says(PERCENT):
        lines.append(_("Progress according to the file: %(value)s") % {"value": in_per_cent(percent)})
    return "\n".join(line for line in lines if line)


def in_per_cent(printed: str) -> str:
    """A cell that a spreadsheet shows as 30% has the value 0.3."""
    number = with_latin_digits(printed).replace(",", ".").replace("٫", ".")
    return f"{float(number):.4g} ({float(number) * 100:.4g} %)" if FRACTION.fullmatch(number) else printed


def same_as(
    row: SheetRow, grade: Grade, day: date, own: str, present: Present, memory: Memory
) -> tuple[str, str] | None:
    """Outcome and sentence if an earlier row or the newest assessment has the same status, or contradicts it."""
    for earlier in memory.statuses.get(row.about, []):
        if earlier.date != day:
            continue
        if earlier.grade != grade.pk:
            sentence = _("%(where)s contains another status for the same recommendation and date.")
            return Outcome.LEFT_OUT, sentence % {"where": capfirst(earlier.where)}
        if own in ("", earlier.own):
            return Outcome.UNCHANGED, _("%(where)s has the same value.") % {"where": capfirst(earlier.where)}
    latest = present.latest.get(row.record) if row.record else None
    if latest and latest.grade_id == grade.pk and own in ("", latest.reason):
        sentence = _("The latest Government assessment, of %(day)s, has the same value.")
        return Outcome.UNCHANGED, sentence % {"day": date_format(latest.date, "SHORT_DATE_FORMAT")}
    return None


def read_measures(row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: Found) -> None:
    """Leads are remembered from rows without measures too."""
    speaker = present.speaker(row, context, memory)
    for column in (MEASURES, APPROVED_MEASURES):
        if not row.says(column):
            continue
        measures = measures_of(row.cells[column])
        problem = why_not_written(row, speaker, measures, present, context, memory)
        if speaker is None or problem:
            result.tell(row, column, Outcome.LEFT_OUT, problem)
            continue
        source = f"{row.where} {column}"
        new = [measure for measure in measures if is_new(row, measure, speaker, present, memory, source=source)]
        for measure in new:
            update = update_of(measure, speaker, context, is_approved=column == APPROVED_MEASURES)
            result.updates.append((row.record, update))
        result.tell(
            row, column, Outcome.IMPORTED if new else Outcome.UNCHANGED, measures_sentence(new, measures, speaker)
        )


def why_not_written(
    row: SheetRow,
    speaker: Speaker | None,
    measures: Sequence[Measure],
    present: Present,
    context: SheetContext,
    memory: Memory,
) -> str:
    if speaker is None:
        return _(
            "The institution that took these measures is not known. Choose the column of the lead institution, "
            "or enter the name of the institution as the sender of the file."
        )
    if not measures:
        return _("This cell contains no readable text.")
    if speaker.institution and not speaker.institution.is_active(on=context.on):
        return _("%(institution)s no longer exists. Choose the institution that took its place.") % {
            "institution": speaker.name
        }
    if not present.may_read(speaker.institution, row.record, memory):
        sentence = _(
            "%(institution)s has no access to this record. Add it to the institutions with access on the record "
            "first."
        )
        return sentence % {"institution": speaker.name}
    return ""


def is_new(
    row: SheetRow, measure: Measure, speaker: Speaker, present: Present, memory: Memory, *, source: str
) -> bool:
    if row.record and (row.record, speaker.key, measure.text) in present.updates:
        return False
    return memory.measures.setdefault((row.about, speaker.name, measure.text), source) == source


def measures_sentence(new: Sequence[Measure], measures: Sequence[Measure], speaker: Speaker) -> str:
    if not new:
        return _("An update of %(institution)s already contains this text.") % {"institution": speaker.name}
    sentence = ngettext(
        "%(count)d update of %(institution)s, not published.",
        "%(count)d updates of %(institution)s, not published.",
        len(new),
    ) % {"count": len(new), "institution": speaker.name}
    if rest := len(measures) - len(new):
        recorded = ngettext("%(count)d is already recorded.", "%(count)d are already recorded.", rest)
        sentence = joined([sentence, recorded % {"count": rest}])
    return sentence


def update_of(measure: Measure, speaker: Speaker, context: SheetContext, *, is_approved: bool) -> Update:
    """A draft for the institution to complete, or an approved update if its own file says so, with its source."""
    made = Update(
        institution=speaker.institution,
        text=measure.text,
        start=measure.start,
        end=measure.end,
        from_file=True,
        written_by=context.by,
        brought_by=context.batch,
    )
    if is_approved:
        made.state, made.on_behalf = State.VALIDATED, True
        made.letter, made.letter_date = context.batch.name[:80], context.on
    return made


def write_found(result: Found, context: SheetContext) -> None:
    Assessment.objects.bulk_create(result.assessments)
    Note.objects.bulk_create(result.notes)
    updates = [(record, update) for record, update in result.updates if record and update.institution_id]
    Update.objects.bulk_create([update for _record, update in updates])
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation_id=record, brought_by=context.batch)
        for record, update in updates
    )
    UpdateStep.objects.bulk_create(
        UpdateStep(update=update, state=update.state, by=context.by, reason=update.letter)
        for _record, update in updates
        if update.state != State.DRAFT
    )


def assessed(batch: Batch) -> list[str]:
    imported = Assessment.objects.filter(brought_by=batch, origin=Assessment.Origin.IMPORTED)
    return codes_of(imported.touched(), "recommendation")


def updated(batch: Batch) -> list[str]:
    """Codes of records whose imported updates changed since: each step raises the version."""
    imported = Update.objects.filter(brought_by=batch, from_file=True)
    touched = imported.filter(Q(version__gt=1) | Q(evidence__isnull=False) | Q(actions__isnull=False))
    return codes_of(UpdateRecommendation.objects.filter(update__in=touched.values("pk")), "recommendation")


def added(batch: Batch) -> list[str]:
    """Codes of records of this import with follow-up by people or other imports, which would be deleted."""
    codes: set[str] = set()
    for model in (Assessment, UpdateRecommendation, ContributionRecommendation, EvidenceRecommendation, InputItem):
        rows = model._default_manager.filter(recommendation__added_by=batch)
        codes.update(codes_of(rows.filter(Q(brought_by=None) | ~Q(brought_by=batch)), "recommendation"))
    return sorted(codes)


def codes_of(rows: QuerySet, to_record: str) -> list[str]:
    ordered = rows.order_by(f"{to_record}__order_key").values_list(f"{to_record}__code", flat=True)
    return list(dict.fromkeys(ordered))


def listed_codes(codes: Sequence[str]) -> str:
    more = len(codes) - CODES_NAMED
    return listed(codes[:CODES_NAMED]) + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
