"""What follow-up does in the background."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.progress.services import reminding


@scheduled("remind-of-input", every=timedelta(hours=1))
@retryable
@task()
def send_input_reminders() -> None:
    reminding.send_input_reminders(now=timezone.now())
