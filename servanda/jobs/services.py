"""Services for other rooms, and what the worker does between two tasks."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from servanda.jobs.declare import SCHEDULED
from servanda.jobs.mail_files import forget_old_mail_files
from servanda.jobs.models import Mail, Schedule

KEPT = timedelta(days=30)
PAUSE = timedelta(minutes=1)
ANSWERS = (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError)  # the server refused the mail


def enqueue(task: Task, *args: object) -> None:
    """Queue a task when the current transaction is committed; a rollback queues nothing."""
    transaction.on_commit(partial(task.enqueue, *args))


def enqueue_once(task: Task, *args: object) -> None:
    """The same, unless the task is already queued with these arguments: it will see the committed data as well."""
    transaction.on_commit(partial(enqueue_unless_waiting, task, *args))


def enqueue_unless_waiting(task: Task, *args: object) -> None:
    waiting = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    if not waiting.filter(args_kwargs={"args": list(args), "kwargs": {}}).exists():
        task.enqueue(*args)


def is_pending(task: Task, *args: object) -> bool:
    """Whether the task is queued or running with these arguments."""
    open_tasks = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    return open_tasks.filter(task_path=task.module_path, args_kwargs={"args": list(args), "kwargs": {}}).exists()


def queue_mail(*, to: str, subject: str, body: str) -> Mail:
    """Queue a mail for the worker. Inside a transaction, it is sent only if that is committed."""
    mail = new_mail(to=to, subject=subject, body=body, known_as=uuid4().hex)
    mail.save()
    return mail


def new_mail(*, to: str, subject: str, body: str, known_as: str) -> Mail:
    """An unsaved mail, for `bulk_create`. `known_as` is unique; the Message-ID made of it is the same at every try,
    so that mail programs show a mail once that arrives twice."""
    house = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "servanda"
    short = " ".join(subject.split())[:200]
    return Mail(to=to, subject=short, body=body, next_try=timezone.now(), message_id=f"<{known_as}@{house}>")


def send_due_mails(*, on: datetime) -> int:
    """Try each due mail once; a refused mail waits longer before each further try. Returns the number sent.

    When the server does not answer, all due mails wait a minute, and the worker continues with its tasks.
    """
    sent = 0
    for mail in Mail.objects.due(on=on).order_by("tries", "pk")[:100]:
        try:
            sent += send_mail(mail, on=on)
        except NoAnswer:
            Mail.objects.due(on=on).update(next_try=on + PAUSE)
            break
    return sent


def send_mail(mail: Mail, *, on: datetime) -> bool:
    """Whether the mail was sent. Raises `NoAnswer` where other mails would fail as well."""
    if not claim_mail(mail, on=on):
        return False
    this_mail = Mail.objects.filter(pk=mail.pk)
    try:
        transmit(mail)
    except Unanswered as problem:
        this_mail.update(problem=describe_error(problem.__cause__))
        raise NoAnswer from problem
    except OSError as problem:  # the base class of all errors of smtplib
        this_mail.update(problem=describe_error(problem), uncertain_since=mail.uncertain_since)
        if isinstance(problem, ANSWERS):
            return False
        raise NoAnswer from problem
    except ValueError as problem:  # an invalid address or subject: retrying would not help
        this_mail.update(problem=describe_error(problem), uncertain_since=mail.uncertain_since, tries=Mail.MOST_TRIES)
        return False
    # The text is deleted: a link that sets a password must not stay in backups once the person has it.
    this_mail.update(sent_at=timezone.now(), body="", problem="", uncertain_since=None)
    return True


class NoAnswer(Exception):
    """The mail server is down or hangs."""


class Unanswered(Exception):
    """The connection broke while the mail was being sent: the server may or may not have accepted it."""


def transmit(mail: Mail) -> None:
    headers = {"Message-ID": mail.message_id} if mail.message_id else {}
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers)
    mailer = mailers.default
    mailer.open()
    try:
        mailer.send_messages([message])
    except ANSWERS:
        raise
    except OSError as problem:
        raise Unanswered from problem
    finally:
        with suppress(OSError):  # the mail was accepted or refused; errors while closing do not matter
            mailer.close()


def describe_error(problem: BaseException | None) -> str:
    return f"{type(problem).__name__}: {problem}"


def claim_mail(mail: Mail, *, on: datetime) -> bool:
    """Whether this worker may send the mail: of several workers, only the first to update the row may.

    The mail is marked as uncertain until the outcome is recorded, and stays so if the worker ends before.
    """
    later = on + timedelta(minutes=2**mail.tries)
    unclaimed = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries)
    uncertain = Coalesce(F("uncertain_since"), Value(on, output_field=DateTimeField()))
    return bool(unclaimed.update(tries=F("tries") + 1, next_try=later, uncertain_since=uncertain))


def set_up_schedules(*, on: datetime) -> None:
    """Synchronise the rows with the declarations: a new schedule is due at once, a dropped one is deleted."""
    Schedule.objects.exclude(name__in=SCHEDULED).delete()
    for name, (every, _task) in SCHEDULED.items():
        Schedule.objects.get_or_create(name=name, defaults={"every": every, "next_run": on})
        Schedule.objects.filter(name=name).exclude(every=every).update(every=every)


def run_due_schedules(*, on: datetime) -> int:
    """Queue due tasks, each once, however many workers check and however long none did. Returns their number."""
    due = Schedule.objects.due(on=on).filter(name__in=SCHEDULED)
    return sum(start_scheduled(schedule, on=on) for schedule in due)


@transaction.atomic
def start_scheduled(schedule: Schedule, *, on: datetime) -> bool:
    unchanged = Schedule.objects.filter(pk=schedule.pk, next_run=schedule.next_run)
    if not unchanged.update(next_run=on + schedule.every):
        return False
    _every, task = SCHEDULED[schedule.name]
    enqueue(task)
    return True


def forget_old(*, on: datetime) -> int:
    """Delete finished tasks, sent mails and mail files after 30 days; returns their number."""
    tasks, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=on - KEPT).delete()
    mails, _by_model = Mail.objects.filter(sent_at__lt=on - KEPT).delete()
    return tasks + mails + forget_old_mail_files(before=on - KEPT)
