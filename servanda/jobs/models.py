from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ScheduleQuerySet(models.QuerySet):
    def due(self, *, on: datetime):
        """Schedules whose time has come, or is further away than their interval, because the clock was wrong."""
        return self.filter(Q(next_run__lte=on) | Q(next_run__gt=F("every") + on))


class Schedule(models.Model):
    """A task that runs at an interval; name and interval are declared beside the task (`declare.scheduled`)."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    every = models.DurationField(_("every"))
    next_run = models.DateTimeField(_("next run"), db_index=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RunningWorkerQuerySet(models.QuerySet):
    def alive(self, *, on: datetime):
        return self.filter(seen_at__gte=on - RunningWorker.SILENCE)

    def silent(self, *, on: datetime):
        """Workers that have sent no heartbeat for so long that they must be dead."""
        return self.filter(seen_at__lt=on - RunningWorker.SILENCE)


class RunningWorker(models.Model):
    """A live worker, which updates `seen_at` every few seconds, also during a task."""

    BEAT = timedelta(seconds=5)
    SILENCE = timedelta(seconds=60)  # SQLite may delay a heartbeat for 30 seconds

    worker_id = models.CharField(_("worker"), max_length=64, unique=True)
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("last seen at"))

    objects = RunningWorkerQuerySet.as_manager()

    class Meta:
        ordering = ["started_at"]

    def __str__(self) -> str:
        return self.worker_id


class MailQuerySet(models.QuerySet):
    def due(self, *, on: datetime):
        """Mails that are due, and those scheduled later than the longest wait allows, because the clock was wrong."""
        come = Q(next_try__lte=on) | Q(next_try__gt=on + Mail.LONGEST_WAIT)
        return self.filter(come, sent_at=None, tries__lt=Mail.MOST_TRIES)

    def uncertain(self):
        """Mails that the server did not confirm, or whose worker ended while it sent them: they may have arrived."""
        return self.filter(sent_at=None, uncertain_since__isnull=False)


class Mail(models.Model):
    """An outgoing mail: written in the transaction of the change it announces, sent by the worker."""

    MOST_TRIES = 8
    LONGEST_WAIT = timedelta(minutes=2**MOST_TRIES)

    to = models.EmailField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    next_try = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    problem = models.TextField(_("reply of the mail server"), blank=True)
    message_id = models.CharField(max_length=200, blank=True, editable=False)  # the same for every try
    uncertain_since = models.DateTimeField(_("outcome not known since"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(F("next_try"), condition=Q(sent_at=None), name="mails_to_send")]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], condition=~Q(message_id=""), name="one_mail_of_a_name")
        ]
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
