"""Measures in a row become updates of the institution that took them."""

from collections.abc import Sequence

from servanda.intake.columns.kinds import Outcome, SheetContext, SheetRow
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined, ngettext
from servanda.progress.models import Update
from servanda.progress.sheets.cells import APPROVED_MEASURES, MEASURES, Measure, measures_of
from servanda.progress.sheets.existing import Memory, Present, Speaker
from servanda.progress.sheets.follow_up import SheetFollowUp

State = Update.State


def read_measures(
    row: SheetRow, present: Present, context: SheetContext, memory: Memory, result: SheetFollowUp
) -> None:
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
