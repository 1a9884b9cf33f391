"""What the other rooms ask of this one, and what the worker does between two tasks."""

from datetime import datetime, timedelta
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.tasks import Task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from servanda.jobs.declare import SCHEDULED
from servanda.jobs.models import Mail, Schedule

KEPT = timedelta(days=30)


def enqueue(task: Task, *args: object) -> None:
    """Hand a task to the worker as soon as the deed around it is committed; a deed undone starts nothing."""
    transaction.on_commit(partial(task.enqueue, *args))


def queue_mail(*, to: str, subject: str, body: str) -> Mail:
    """Write a mail that the worker sends. Called inside a deed, it is sent only if the deed is done."""
    return Mail.objects.create(to=to, subject=" ".join(subject.split())[:200], body=body, next_try=timezone.now())


def send_due_mails(*, on: datetime) -> int:
    """Send what is due, each mail once; what the server refuses waits longer before each further try."""
    return sum(send_mail(mail, on=on) for mail in Mail.objects.due(on=on)[:100])


def send_mail(mail: Mail, *, on: datetime) -> bool:
    if not claim_mail(mail, on=on):
        return False
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except OSError as problem:  # every error of smtplib is one
        Mail.objects.filter(pk=mail.pk).update(problem=f"{type(problem).__name__}: {problem}")
        return False
    except ValueError as problem:  # an address or subject that makes no mail: trying again would not help
        Mail.objects.filter(pk=mail.pk).update(problem=f"{type(problem).__name__}: {problem}", tries=Mail.MOST_TRIES)
        return False
    # A link that sets a password must not lie in backups once the person has it.
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), body="", problem="")
    return True


def claim_mail(mail: Mail, *, on: datetime) -> bool:
    """Of several workers, the one whose update counts sends the mail; the others find it changed."""
    later = on + timedelta(minutes=2**mail.tries)
    same = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries)
    return bool(same.update(tries=F("tries") + 1, next_try=later))


def set_up_schedules(*, on: datetime) -> None:
    """Make the rows agree with what the rooms say: a new schedule is due at once, a dropped one is forgotten."""
    Schedule.objects.exclude(name__in=SCHEDULED).delete()
    for name, (every, _task) in SCHEDULED.items():
        Schedule.objects.get_or_create(name=name, defaults={"every": every, "next_run": on})
        Schedule.objects.filter(name=name).exclude(every=every).update(every=every)


def run_due_schedules(*, on: datetime) -> int:
    """Start what is due, once, however many workers look and however long nobody looked."""
    due = Schedule.objects.filter(next_run__lte=on, name__in=SCHEDULED)
    return sum(start_scheduled(schedule, on=on) for schedule in due)


@transaction.atomic
def start_scheduled(schedule: Schedule, *, on: datetime) -> bool:
    same = Schedule.objects.filter(pk=schedule.pk, next_run=schedule.next_run)
    if not same.update(next_run=on + schedule.every):
        return False
    _every, task = SCHEDULED[schedule.name]
    enqueue(task)
    return True


def forget_old(*, on: datetime) -> int:
    """Drop finished tasks and sent mails that nobody needs any more."""
    tasks, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=on - KEPT).delete()
    mails, _by_model = Mail.objects.filter(sent_at__lt=on - KEPT).delete()
    return tasks + mails
