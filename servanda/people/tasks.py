from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.people.services import reminders


@scheduled("remind-of-endings", every=timedelta(days=1))
@retryable
@task()
def remind_of_endings() -> None:
    reminders.remind_of_endings(on=timezone.localdate())
