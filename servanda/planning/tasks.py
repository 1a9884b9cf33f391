"""Background tasks of planning: what it learns from the register. Each can be run again after a crash."""

import logging
from datetime import timedelta

from django.tasks import task

from servanda.jobs.declare import retryable, scheduled
from servanda.jobs.exclusive import AlreadyRunning
from servanda.planning.assignments import lead_learning

logger = logging.getLogger("servanda.planning")


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
    except AlreadyRunning:
        logger.info("Suggestions of institutions are being learned already; this is left to that process.")
