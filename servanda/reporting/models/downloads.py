"""Files of a report that take long to make, for the person who asked for them; deleted after a day."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.reporting.models.reports import Reader, Report

DOWNLOADS = "report-downloads"


def place_of_download(download: "ReportDownload", _name: str) -> str:
    """A generated name without an extension."""
    return f"{DOWNLOADS}/{download.key.hex[:2]}/{download.key}"


class ReportDownloadQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The person's own, of reports that the person still sees."""
        if not user.pk:
            return self.none()
        return self.filter(by=user.pk, report__in=Report.objects.visible_to(user).order_by().values("pk"))


class ReportDownload(models.Model):
    class State(models.TextChoices):
        PREPARING = "preparing", pgettext_lazy("file to download", "File is being created")
        READY = "ready", pgettext_lazy("file to download", "File is ready")
        FAILED = "failed", pgettext_lazy("file to download", "File was not made")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="downloads")
    format = models.CharField(max_length=10)
    language = models.CharField(_("language"), max_length=8, blank=True)  # of a translation
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)  # empty: as it is now
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARING)
    problem = models.TextField(blank=True)  # why it was not made
    file = models.FileField(_("file"), upload_to=place_of_download, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sections = models.JSONField(default=list, blank=True)  # keys of the sections in the file
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReportDownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "format", "language", "by"],
                condition=Q(state="preparing", as_of=None),
                name="one_download_of_a_format_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["report", "format", "language", "by", "as_of"],
                condition=Q(state="preparing", as_of__isnull=False),
                name="one_download_of_a_format_and_day_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.format

    def get_absolute_url(self) -> str:
        return reverse("desk:report_download", args=[self.key])
