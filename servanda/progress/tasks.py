"""Background tasks of follow-up."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.people.models import User
from servanda.progress.evidence import cleanup as evidence_cleanup
from servanda.progress.models import AnswerSheet
from servanda.progress.rounds import answer_sheet_import as answer_sheets
from servanda.progress.rounds import reminders


@scheduled("remind-of-input", every=timedelta(hours=1))
@retryable
@task()
def send_input_reminders() -> None:
    reminders.send_input_reminders(now=timezone.now())


@scheduled("sweep-evidence", every=timedelta(days=1))
@retryable
@task()
def sweep_evidence() -> None:
    evidence_cleanup.sweep_evidence(on=timezone.now())


@retryable
@task()
def preview_answers(key: str) -> None:
    sheet = AnswerSheet.objects.select_related("batch", "request__round", "request__institution").get(batch__key=key)
    if sheet.batch.state in answer_sheets.TO_BE_READ:
        answer_sheets.preview_answers(sheet)


@retryable
@task()
def apply_answers(key: str, by: int) -> None:
    sheet = AnswerSheet.objects.select_related("batch", "request__round", "request__institution").get(batch__key=key)
    if sheet.batch.state == Batch.State.APPLYING:
        answer_sheets.apply_answers(sheet=sheet, by=User.objects.get(pk=by))


@task()
def give_up_answers(key: str, *_asked: object) -> None:
    message = _("The work stopped again and again. Look at what was taken over, and tell the operator.")
    answer_sheets.give_up(Batch.objects.get(key=key), message)


when_given_up(preview_answers, then=give_up_answers)
when_given_up(apply_answers, then=give_up_answers)
