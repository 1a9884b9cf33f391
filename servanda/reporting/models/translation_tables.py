"""Word tables in which translators work outside of the system: what was sent, and what came back."""

import uuid
from collections.abc import Sequence
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.reporting.models.reports import Reader, ReportTranslation
from servanda.reporting.models.translations import SectionTranslation

TITLE = "report-title"  # in addresses, in the place of the key of a section


class SentTable(models.Model):
    """The rows of a table as it was sent. Equal tables share one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    into = models.ForeignKey(ReportTranslation, models.CASCADE, related_name="tables")
    digest = models.CharField(max_length=64)
    rows = models.JSONField(default=list)  # [key of the section, source, translation] each; headings come first
    printed = models.JSONField(default=list)  # what the file has beside its rows
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["into", "digest"], name="one_sent_table_of_the_same_rows")]

    def __str__(self) -> str:
        return str(self.key)


class ReturnedTableQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of translations that the person sees, as far as they may make them."""
        return self.filter(into__in=ReportTranslation.objects.made_by(user).order_by().values("pk"))


class ReturnedTable(models.Model):
    """A table that came back. The file itself is not stored, only what was read in it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sent = models.ForeignKey(SentTable, models.PROTECT, related_name="+")
    into = models.ForeignKey(ReportTranslation, models.CASCADE, related_name="returned_tables")
    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    # [kind, key of the section, text] each: texts that translate no known paragraph and stay visible
    remarks = models.JSONField(default=list)
    missing = models.PositiveIntegerField(default=0)  # rows that the file no longer has
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReturnedTableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("returned translation table")
        verbose_name_plural = _("returned translation tables")
        constraints = [models.UniqueConstraint(fields=["into", "sha256"], name="one_return_of_the_same_table")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:returned_table", args=[self.key])


class ReturnedTranslation(models.Model):
    """A section whose translations came back changed: a proposal, until a person decides. Without a section it is the
    title of the report, in `heading`."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("translation from a Word file", "To be decided")
        ACCEPTED = "accepted", pgettext_lazy("translation from a Word file", "Accepted")
        REFUSED = "refused", pgettext_lazy("translation from a Word file", "Refused")

    table = models.ForeignKey(ReturnedTable, models.CASCADE, related_name="sections")
    translation = models.ForeignKey(SectionTranslation, models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    heading = models.JSONField(default=list)  # [source, translation as sent, as returned]
    rows = models.JSONField(default=list)  # the same for each paragraph as it was sent
    replaced = models.JSONField(default=list)  # heading and segments before it was accepted
    written_version = models.PositiveIntegerField(null=True, blank=True)  # of what was translated, by accepting
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "translation"], name="one_returned_translation_of_a_section"),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(written_version__isnull=False),
                name="an_accepted_translation_has_its_version",
            ),
        ]

    def __str__(self) -> str:
        return str(self.translation or self.table.into)

    @property
    def key(self) -> str:
        return self.translation.section.key if self.translation else TITLE

    @property
    def name(self) -> str:
        return self.translation.section.heading if self.translation else self.table.into.report.title

    @property
    def present_version(self) -> int:
        return self.translation.version if self.translation else self.table.into.version

    @property
    def proposed(self) -> list[tuple[str, str]]:
        """Source and translation of each paragraph; the translation is empty where nothing came back."""
        return [(row[0], changed_text(row)) for row in self.rows]


def changed_text(row: Sequence[str]) -> str:
    """What was written in a row; empty if it is as it was sent, or was emptied."""
    _source, before, after = row
    return after if after.strip() and after.strip() != before.strip() else ""
