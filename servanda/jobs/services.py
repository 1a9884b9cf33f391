"""What the other rooms ask of this one, and what the worker does between two tasks."""

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
from django.tasks import Task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from servanda.jobs.declare import SCHEDULED
from servanda.jobs.mail_files import forget_old_mail_files
from servanda.jobs.models import Mail, Schedule

KEPT = timedelta(days=30)
PAUSE = timedelta(minutes=1)
ANSWERS = (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError)  # the server did not take the mail


def enqueue(task: Task, *args: object) -> None:
    """Hand a task to the worker as soon as the deed around it is committed; a deed undone starts nothing."""
    transaction.on_commit(partial(task.enqueue, *args))


def enqueue_once(task: Task, *args: object) -> None:
    """The same, unless that very work waits for the worker already: it will see what is committed now as well."""
    transaction.on_commit(partial(enqueue_unless_waiting, task, *args))


def enqueue_unless_waiting(task: Task, *args: object) -> None:
    waiting = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    if not waiting.filter(args_kwargs={"args": list(args), "kwargs": {}}).exists():
        task.enqueue(*args)


def queue_mail(*, to: str, subject: str, body: str) -> Mail:
    """Write a mail that the worker sends. Called inside a deed, it is sent only if the deed is done."""
    mail = new_mail(to=to, subject=subject, body=body, known_as=uuid4().hex)
    mail.save()
    return mail


def new_mail(*, to: str, subject: str, body: str, known_as: str) -> Mail:
    """A mail to be kept with others at once. Of one name there is one mail, and its Message-ID is the same at every
    try, so that whoever gets it twice sees it once."""
    house = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "servanda"
    short = " ".join(subject.split())[:200]
    return Mail(to=to, subject=short, body=body, next_try=timezone.now(), message_id=f"<{known_as}@{house}>")


def send_due_mails(*, on: datetime) -> int:
    """Send what is due, each mail once; what the server refuses waits longer before each further try.

    When the server does not answer, all others wait a minute with it, and the worker turns to its tasks.
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
    """Raises NoAnswer when the next mail would fare no better."""
    if not claim_mail(mail, on=on):
        return False
    same = Mail.objects.filter(pk=mail.pk)
    try:
        hand_over(mail)
    except Unanswered as problem:
        same.update(problem=said_by(problem.__cause__))
        raise NoAnswer from problem
    except OSError as problem:  # every error of smtplib is one
        same.update(problem=said_by(problem), uncertain_since=mail.uncertain_since)
        if isinstance(problem, ANSWERS):
            return False
        raise NoAnswer from problem
    except ValueError as problem:  # an address or subject that makes no mail: trying again would not help
        same.update(problem=said_by(problem), uncertain_since=mail.uncertain_since, tries=Mail.MOST_TRIES)
        return False
    # A link that sets a password must not lie in backups once the person has it.
    same.update(sent_at=timezone.now(), body="", problem="", uncertain_since=None)
    return True


class NoAnswer(Exception):
    """The mail server is down, or hangs."""


class Unanswered(Exception):
    """The connection broke while the mail was on its way: nobody knows whether the server took it."""


def hand_over(mail: Mail) -> None:
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
        with suppress(OSError):  # the server has answered; how it says good-bye changes nothing
            mailer.close()


def said_by(problem: BaseException | None) -> str:
    return f"{type(problem).__name__}: {problem}"


def claim_mail(mail: Mail, *, on: datetime) -> bool:
    """Of several workers, the one whose update counts sends the mail; the others find it changed.

    Until it says what became of the mail nobody knows, and if it ends in the middle that is what stays.
    """
    later = on + timedelta(minutes=2**mail.tries)
    same = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries)
    uncertain = Coalesce(F("uncertain_since"), Value(on, output_field=DateTimeField()))
    return bool(same.update(tries=F("tries") + 1, next_try=later, uncertain_since=uncertain))


def set_up_schedules(*, on: datetime) -> None:
    """Make the rows agree with what the rooms say: a new schedule is due at once, a dropped one is forgotten."""
    Schedule.objects.exclude(name__in=SCHEDULED).delete()
    for name, (every, _task) in SCHEDULED.items():
        Schedule.objects.get_or_create(name=name, defaults={"every": every, "next_run": on})
        Schedule.objects.filter(name=name).exclude(every=every).update(every=every)


def run_due_schedules(*, on: datetime) -> int:
    """Start what is due, once, however many workers look and however long nobody looked."""
    due = Schedule.objects.due(on=on).filter(name__in=SCHEDULED)
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
    """Drop finished tasks, sent mails and files with mails that are no longer needed."""
    tasks, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=on - KEPT).delete()
    mails, _by_model = Mail.objects.filter(sent_at__lt=on - KEPT).delete()
    return tasks + mails + forget_old_mail_files(before=on - KEPT)
