"""Spreadsheets of institutions and people, in the background."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake import sweeping
from servanda.intake.models import Batch
from servanda.intake.people_sheets import services as people_sheets
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.people.models import User


@retryable
@task()
def preview_people_sheet(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state in people_sheets.TO_BE_READ:
        people_sheets.preview_people_sheet(batch)


@retryable
@task()
def apply_people_sheet(key: str, by: int, letters_from: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        people_sheets.apply_people_sheet(batch=batch, letters_from=letters_from, by=User.objects.get(pk=by))


@task()
def give_up_people_sheet(key: str, *_asked: object) -> None:
    message = _("The work stopped again and again. Nothing of this file was applied; tell the operator.")
    people_sheets.give_up(Batch.objects.get(key=key), message)


when_given_up(preview_people_sheet, then=give_up_people_sheet)
when_given_up(apply_people_sheet, then=give_up_people_sheet)


@scheduled("forget-people-sheets", every=timedelta(days=1))
@retryable
@task()
def forget_people_sheets() -> None:
    people_sheets.forget_old_sheets(on=timezone.now())


@scheduled("sweep-uploads", every=timedelta(days=1))
@retryable
@task()
def sweep_uploads() -> None:
    sweeping.sweep_uploads(on=timezone.now())
    sweeping.sweep_intake(on=timezone.now())
