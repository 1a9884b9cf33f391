from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.people import throttling
from servanda.people.services import reminders


@scheduled("remind-of-endings", every=timedelta(days=1))
@retryable
@task()
def remind_of_endings() -> None:
    reminders.remind_of_endings(on=timezone.localdate())


@scheduled("forget-old-guesses", every=timedelta(hours=1))
@retryable
@task()
def forget_old_guesses() -> None:
    throttling.forget_old_guesses()
