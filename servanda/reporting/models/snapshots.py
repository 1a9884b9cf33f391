"""What was submitted: the files of a report as they left, which never change."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.reporting.models.reports import Reader, Report

FOLDER = "reports"


class ReportSnapshotQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of reports that the person sees."""
        return self.filter(report__in=Report.objects.visible_to(user).order_by().values("pk"))

    def public(self) -> Self:
        return self.filter(published_at__isnull=False, report__withdrawn_at=None)


class ReportSnapshot(models.Model):
    """A report as it was submitted. Its files are made in the background."""

    class State(models.TextChoices):
        PREPARING = "preparing", pgettext_lazy("submitted report", "Files are being created")
        COMPLETE = "complete", pgettext_lazy("submitted report", "Submitted")
        FAILED = "failed", pgettext_lazy("submitted report", "Not submitted")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="snapshots")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARING)
    problem = models.TextField(blank=True)  # why it was not submitted, or has no PDF
    fingerprint = models.CharField(max_length=64)  # of the texts that were cleared
    title = models.CharField(_("title"), max_length=300)
    issuer = models.CharField(max_length=200)
    language = models.CharField(_("language"), max_length=8)
    words = models.PositiveIntegerField(_("words"), default=0)
    submitted_on = models.DateField(_("submitted on"))
    unpublished_records = models.PositiveIntegerField(default=0)  # in the matrix, when it was submitted
    records = models.JSONField(default=list, blank=True)  # keys of the records of the matrix
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReportSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("submitted report")
        verbose_name_plural = _("submitted reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(state="preparing"), name="one_submission_of_a_report_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state="complete"), name="only_a_complete_submission_is_public"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:submitted_report", args=[self.key])

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.report.withdrawn_at is None


def place_of(file: "SnapshotFile", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"{FOLDER}/{file.key.hex[:2]}/{file.key}"


class SnapshotFile(models.Model):
    """One file of a submitted report."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(ReportSnapshot, models.PROTECT, related_name="files")
    format = models.CharField(max_length=10)
    language = models.CharField(_("language"), max_length=8, blank=True)  # of a translation
    file = models.FileField(_("file"), upload_to=place_of, max_length=200)
    name = models.CharField(_("file name"), max_length=255)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "format", "language"], name="one_submitted_file_of_a_format")
        ]

    def __str__(self) -> str:
        return self.name
