from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs import services
from servanda.jobs.declare import retryable, scheduled
from servanda.trail import anchoring, repeats


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


@scheduled("tell-repeated-refusals", every=timedelta(minutes=10))
@retryable
@task()
def tell_repeated_refusals() -> None:
    repeats.tell_repeated_refusals(on=timezone.now())
