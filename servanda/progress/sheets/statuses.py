"""A status in a row becomes a government assessment; remarks without one become an internal note."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst

from servanda.intake.columns.dates import with_latin_digits
from servanda.intake.columns.kinds import Outcome, SheetContext, SheetRow, folded
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined
from servanda.planning.sheets.institutions import names_of
from servanda.progress.models import Assessment, Grade, Voice
from servanda.progress.sheets.cells import PERCENT, REMARKS, STATUS, STATUS_DATE, choices_of, known_word, propose
from servanda.progress.sheets.existing import Memory, Present, Status
from servanda.progress.sheets.follow_up import SheetFollowUp
from servanda.recommendations.models import Note
from servanda.sources.candidates import Problem
from servanda.sources.printed.texts import clean
from servanda.sources.printed.values import whole_date

BESIDE_STATUS = (STATUS_DATE, PERCENT, REMARKS)
FRACTION = re.compile(r"0\.\d+")


def read_status(
    row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: SheetFollowUp
) -> None:
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
    row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: SheetFollowUp
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


def read_note(row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: SheetFollowUp) -> None:
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
