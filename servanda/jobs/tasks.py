from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs import services
from servanda.jobs.declare import retryable, scheduled
from servanda.trail import anchoring


@scheduled("forget-old", every=timedelta(days=1))
@retryable
@task()
def forget_old() -> None:
    services.forget_old(on=timezone.now())


@scheduled("anchor-trail", every=timedelta(minutes=5))
@retryable
@task()
def anchor_trail() -> None:
    anchoring.keep_anchor()
