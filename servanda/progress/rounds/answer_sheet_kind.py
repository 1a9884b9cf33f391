"""The kind of spreadsheets and Word files with which institutions answer a round without a connection."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy, ngettext

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.forms import SheetForm
from servanda.intake.sheets.kinds import Change, Download, Link, Run, SheetKind
from servanda.intake.sheets.reading import Sheet
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Unreadable
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.models import AnswerSheet, InputRequest
from servanda.progress.rounds.answer_rows import judge_answers, refuse_stranger, undo_answer, write_answer
from servanda.progress.rounds.answer_sheet import LABELS
from servanda.progress.rounds.answer_sheet_reading import read_answers
from servanda.progress.rounds.answer_sheet_writing import WRITERS
from servanda.progress.rounds.forms import AnswersForm
from servanda.sources.printed.texts import clean

SHAPE = "answer-sheet"


class AnswerSheets(SheetKind):
    code = "answers"
    shape = SHAPE
    trail = "answer-sheet"
    permission = Can.READ_INTERNAL
    senders = (Can.WRITE_UPDATE, Can.PUBLISH_UPDATE)
    most_bytes = 20_000_000
    applies_row_by_row = True
    must_change = True
    has_template = False
    title = gettext_lazy("Answer sheet")
    lead = gettext_lazy(
        "Fill it in offline, on paper or in a meeting, then send it. A preview is shown before anything is imported."
    )
    file_label = gettext_lazy("Filled-in answer sheet")
    file_help = gettext_lazy("XLSX, ODS or DOCX, as received.")
    row_heading = gettext_lazy("Record")
    apply_label = gettext_lazy("Apply")
    downloads_note = gettext_lazy(
        "If there are more records than one Word file can hold, you receive several files in a ZIP. Send each "
        "one separately. The spreadsheet contains all records."
    )
    empty_text = gettext_lazy("Download the answer sheet, fill it in and send it above.")
    given_up = gettext_lazy(
        "The import failed after several attempts. Check what was imported, then contact your system administrator."
    )

    def visible_to(self, user: User) -> QuerySet[Batch]:
        sheets = AnswerSheet.objects.visible_to(user).values("pk")
        about = "answer_sheet__request"
        batches = Batch.objects.filter(shape=self.shape, answer_sheet__in=sheets)
        return batches.select_related("created_by", f"{about}__round", f"{about}__institution")

    def subjects(self, user: User) -> QuerySet[InputRequest]:
        return InputRequest.objects.visible_to(user).select_related("round", "institution")

    def subject_pk(self, batch: Batch) -> int:
        return batch.answer_sheet.request_id

    def sent_about(self, subject: InputRequest, user: User) -> QuerySet[Batch]:
        return self.visible_to(user).filter(answer_sheet__request=subject)

    def may_send(self, subject: InputRequest, user: User) -> bool:
        return writes_for(subject, user) or can(user, Can.PUBLISH_UPDATE)

    def form(self, subject: InputRequest, user: User, *data: Any) -> SheetForm:
        return AnswersForm(*data, kind=self, by_letter=not writes_for(subject, user))

    def refuse_sending(self, subject: InputRequest, values: Mapping[str, Any], *, by: User) -> None:
        refuse_stranger(subject, values.get("letter", ""), values.get("letter_date"), by=by)

    def save_details(self, batch: Batch, subject: InputRequest, values: Mapping[str, Any]) -> None:
        letter = clean(values.get("letter", ""))
        letter_date = values.get("letter_date") if letter else None
        AnswerSheet.objects.create(batch=batch, request=subject, letter=letter, letter_date=letter_date)

    def trail_object(self, batch: Batch) -> Model:
        return batch.answer_sheet

    def read(self, path: Path) -> Sheet:
        answers = read_answers(path)
        given = [answer for answer in answers if not answer.is_empty]
        if not given:
            raise Unreadable(
                _("The file contains no answers. Fill in at least one record, then send the file again.")
            )
        empty = len(answers) - len(given)
        sentence = ngettext(
            "%(count)d record has no answer and is left out.",
            "%(count)d records have no answer and are left out.",
            empty,
        )
        return Sheet(given, remarks=[sentence % {"count": empty}] if empty else [])

    def judge(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        return judge_answers(sheet.rows, run.batch.answer_sheet)

    def write_row(self, row: StagedRow, run: Run) -> None:
        write_answer(row, run.batch.answer_sheet, by=run.by)

    def restore(self, row: StagedRow, context: None, run: Run) -> None:
        undo_answer(row, by=run.by)

    def up(self, subject: InputRequest, user: User) -> Link:
        if can(user, Can.RUN_ROUNDS):
            return Link(subject.round.title, subject.round.get_absolute_url())
        return Link(_("Requests to my institutions"), reverse("desk:asked"))

    def subtitle(self, subject: InputRequest) -> str:
        return f"{subject.institution} · {subject.round.title}"

    def facts(self, batch: Batch) -> list[str]:
        sheet = batch.answer_sheet
        facts = [str(sheet.request.institution), sheet.request.round.title]
        if sheet.letter_date is not None:
            letter = {"letter": sheet.letter, "day": date_format(sheet.letter_date, "DATE_FORMAT")}
            facts.append(_("by letter no. %(letter)s of %(day)s") % letter)
        return facts

    def downloads(self, subject: InputRequest) -> Iterator[Download]:
        """In every language, because institutions answer in theirs."""
        for language, _name in settings.LANGUAGES:
            files = [
                Link(format.upper(), f"{reverse('desk:answer_sheet', args=[subject.pk, format])}?language={language}")
                for format in sorted(WRITERS)
            ]
            yield Download(get_language_info(language)["name_local"].capitalize(), files, language)

    def note_before_applying(self, batch: Batch) -> str:
        if batch.answer_sheet.is_on_behalf:
            return _("Each answer is entered on behalf of the institution and awaits publication.")
        return _("Each answer becomes a draft of your institution. Submit each draft on its page.")

    def changes(self, row: StagedRow) -> list[Change]:
        """The values of the answer that differ from those of the record."""
        values = json.loads(row.difference)["said"] if row.difference else {}
        return [Change(LABELS[name], None, value) for name, value in values.items() if value and value != row.summary]

    def result(self, batch: Batch) -> Link | None:
        if batch.answer_sheet.is_on_behalf:
            return None
        return Link(_("See the drafts"), reverse("desk:asked"))


def writes_for(subject: InputRequest, user: User) -> bool:
    return InputRequest.objects.in_scope_of(user).filter(pk=subject.pk).exists()
