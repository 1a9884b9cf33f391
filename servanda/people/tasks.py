from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.people.appointments import reminders
from servanda.people.notifications import digests, recently_opened
from servanda.people.notifications import services as notifications
from servanda.people.requests import form_keys, throttling, visitors


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


@scheduled("forget-visitors", every=timedelta(minutes=5))
@retryable
@task()
def forget_visitors() -> None:
    visitors.forget_visitors(on=timezone.now())


@scheduled("send-digests", every=timedelta(hours=1))
@retryable
@task()
def send_digests() -> None:
    """Create the notifications that depend on time first, so that they are in the mails of this hour."""
    now = timezone.now()
    notifications.notify_of_expiring_keys(on=now)
    notifications.notify_of_restores(on=now)
    digests.send_digests(on=now)


@scheduled("forget-old-notices", every=timedelta(days=1))
@retryable
@task()
def forget_old_notices() -> None:
    notifications.forget_old_notifications(on=timezone.now())
    recently_opened.forget_long_ago_opened()
    form_keys.forget_sent_forms(on=timezone.now())
