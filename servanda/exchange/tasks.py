from django.tasks import task
from django.utils import timezone

from servanda.exchange.sharing.feed import refresh_shared
from servanda.jobs.declare import retryable


@retryable
@task()
def refresh(site: str) -> None:
    refresh_shared(site=site, on=timezone.now())
