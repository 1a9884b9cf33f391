"""Builders of rounds of questions."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import xlsxwriter
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import Instance, Institution, User
from servanda.progress.models import AnswerSheet, InputItem, InputRequest, InputRound
from servanda.progress.rounds.answer_sheet import LABELS
from servanda.progress.rounds.answer_sheet_kind import SHAPE
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.recommendations.models import Recommendation
from tests import make

TODAY = date(2026, 11, 20)


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


# Days before and after a deadline on which somebody may be reminded, with the days beside them, and the days on which
# an absence or an appointment begins in these tests.
NEAR = {day + beside for day in (-90, -30, -7, -1, 0, 3, 7, 14) for beside in (-1, 0, 1)} | {-10, -5}


def run_reminders(first: int = -40, last: int = 20, *, around: Sequence[int] = (0,), is_daily: bool = False) -> None:
    """Send the reminders of the days from the first to before the last, counted from today: of each, or of those near
    a deadline. That nobody is reminded on a day in between is seen where it is run daily."""
    for days in range(first, last):
        if is_daily or days == first or any(days - deadline in NEAR for deadline in around):
            send_input_reminders(now=at(TODAY + timedelta(days=days)))


def request(place: Institution | None = None, records: list[Recommendation] | None = None, **fields) -> InputRequest:
    """Asked a month before it is due, on one record, unless the fields say otherwise."""
    due_on = fields.pop("due_on", TODAY)
    asked_on = fields.pop("asked_on", due_on - timedelta(days=30))
    of = fields.pop("of", None) or InputRound.objects.create(title="Spring", question="What was done?", due_on=due_on)
    made = InputRequest.objects.create(round=of, institution=place or make.institution(), due_on=due_on, **fields)
    InputRequest.objects.filter(pk=made.pk).update(created_at=at(asked_on))
    for record in [make.recommendation()] if records is None else records:
        InputItem.objects.create(request=made, recommendation=record)
    made.refresh_from_db()
    return made


def time_zone(name: str) -> None:
    Instance.objects.update_or_create(pk=1, defaults={"time_zone": name})


def sheet_cells() -> list[str]:
    """The first row that people see on an answer sheet, in the language that is active."""
    return [str(label) for label in LABELS.values()]


def answer_sheet(asked: InputRequest, by: User) -> AnswerSheet:
    """Sent by a person, and not read yet."""
    batch = Batch.objects.create(shape=SHAPE, name="answers.xlsx", created_by=by, sha256="2" * 64)
    return AnswerSheet.objects.create(batch=batch, request=asked)


def workbook(rows: list[list]) -> bytes:
    """A file as a person sends it back."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet("Answers")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()
