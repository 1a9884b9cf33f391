"""Spreadsheets of all kinds, in the background."""

from datetime import timedelta
from typing import Any

from django.tasks import task
from django.utils import timezone

from servanda.intake import sweeping
from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.intake.sheets.kinds import kind_of
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.people.models import User


@retryable
@task()
def preview_sheet(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state in sheets.TO_BE_READ:
        sheets.preview_sheet(batch)


@retryable
@task()
def apply_sheet(key: str, by: int, options: dict[str, Any], origin: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        sheets.apply_sheet(batch=batch, by=User.objects.get(pk=by), options=options, origin=origin)


@task()
def give_up_sheet(key: str, *_arguments: object) -> None:
    batch = Batch.objects.get(key=key)
    sheets.give_up(batch, str(kind_of(batch).given_up))


when_given_up(preview_sheet, then=give_up_sheet)
when_given_up(apply_sheet, then=give_up_sheet)


@scheduled("forget-sheets", every=timedelta(days=1))
@retryable
@task()
def forget_sheets() -> None:
    sheets.forget_old_sheets(on=timezone.now())


@scheduled("sweep-uploads", every=timedelta(days=1))
@retryable
@task()
def sweep_uploads() -> None:
    sweeping.sweep_uploads(on=timezone.now())
    sweeping.sweep_intake(on=timezone.now())
