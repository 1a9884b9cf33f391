"""Background tasks of planning. Each can be run again after a crash."""

import logging
from datetime import timedelta

from django.tasks import task
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.jobs.exclusive import UnderWay
from servanda.people.models import User
from servanda.planning.actions import sheet_import as action_sheets
from servanda.planning.assignments import lead_learning

logger = logging.getLogger("servanda.planning")


@retryable
@task()
def preview_action_sheet(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state in action_sheets.TO_BE_READ:
        action_sheets.preview_action_sheet(batch)


@retryable
@task()
def apply_action_sheet(key: str, by: int) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        action_sheets.apply_action_sheet(batch=batch, by=User.objects.get(pk=by))


@task()
def give_up_action_sheet(key: str, *_asked: object) -> None:
    message = _("The work stopped again and again. Nothing of this file was applied; tell the operator.")
    action_sheets.give_up(Batch.objects.get(key=key), message)


when_given_up(preview_action_sheet, then=give_up_action_sheet)
when_given_up(apply_action_sheet, then=give_up_action_sheet)


@scheduled("learn-leads", every=timedelta(days=1))
@retryable
@task()
def learn_leads() -> None:
    """Learn from new assignments, if there are any."""
    if lead_learning.is_due():
        learn_leads_now.call()


@retryable
@task()
def learn_leads_now() -> None:
    try:
        lead_learning.learn_leads()
    except UnderWay:
        logger.info("Suggestions of institutions are being learned already; this is left to that process.")
