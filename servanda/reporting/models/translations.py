"""Sections of reports in other languages, their earlier versions, and the memory of what was translated."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.kit.pages.markdown_segments import join_segments
from servanda.reporting.models.reports import Reader, ReportSection, ReportTranslation
from servanda.reporting.models.sittings import SittingVersion


class SectionTranslationQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of sections that the person reads."""
        sections = ReportSection.objects.readable_by(user).order_by().values("pk")
        return self.filter(into__is_dropped=False, section__in=sections)

    def finished(self) -> Self:
        """Reviewed, and the section has not changed since."""
        return self.filter(state=SectionTranslation.State.REVIEWED, source_text=F("section__text"))

    def unfinished(self) -> Self:
        return self.exclude(state=SectionTranslation.State.REVIEWED, source_text=F("section__text"))


class SectionTranslation(models.Model):
    """A section in another language. `segments` pairs each paragraph of the section with its translation."""

    class State(models.TextChoices):
        NONE = "none", pgettext_lazy("translation", "Not translated")
        DRAFT = "draft", pgettext_lazy("translation", "Draft")
        REVIEWED = "reviewed", pgettext_lazy("translation", "Reviewed")
        OUTDATED = "outdated", pgettext_lazy("translation", "Source text changed")  # never stored

    into = models.ForeignKey(ReportTranslation, models.CASCADE, related_name="sections")
    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="translations")
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    segments = models.JSONField(default=list, blank=True)  # [source, translation] each
    source_text = models.TextField(blank=True)  # of the section, when all segments were translated from it
    words = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NONE)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("translator")
    )
    changed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewer")
    )
    reviewed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SectionTranslationQuerySet.as_manager()

    class Meta:
        ordering = ["section__place", "pk"]
        verbose_name = pgettext_lazy("of a report", "translated section")
        verbose_name_plural = pgettext_lazy("of a report", "translated sections")
        constraints = [
            models.UniqueConstraint(fields=["into", "section"], name="one_translation_of_a_section"),
            models.CheckConstraint(condition=~Q(state="outdated"), name="outdated_is_found_not_stored"),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(reviewed_by__isnull=False), name="reviewed_by_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(changed_by=None) | ~Q(reviewed_by=F("changed_by")),
                name="reviewed_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} ({self.into.language})"

    def get_absolute_url(self) -> str:
        return reverse("desk:translate_section", args=[self.section.report.key, self.into.language, self.section.key])

    @property
    def text(self) -> str:
        """The translation in Markdown, without segments that have none."""
        return join_segments((source, target) for source, target in self.segments)

    @property
    def shown_state(self) -> str:
        """As people see it: also whether the section changed since."""
        if self.state != self.State.NONE and self.source_text != self.section.text:
            return self.State.OUTDATED
        return self.state

    @property
    def state_label(self) -> str:
        return str(self.State(self.shown_state).label)

    @property
    def is_finished(self) -> bool:
        return self.shown_state == self.State.REVIEWED


class TranslationVersion(SittingVersion):
    """A translation at the end of one sitting of one person."""

    translation = models.ForeignKey(SectionTranslation, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    segments = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="one_version_of_a_translation_each")
        ]

    def __str__(self) -> str:
        return f"{self.translation_id} {self.number}"

    @property
    def text(self) -> str:
        return join_segments((source, target) for source, target in self.segments)


class MemorySegmentQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of sections that the person reads: nothing of a report that is not open to them is offered."""
        sections = ReportSection.objects.readable_by(user).order_by().values("pk")
        translations = SectionTranslation.objects.filter(section__in=sections).order_by()
        return self.filter(translation__in=translations.values("pk"))


class MemorySegment(models.Model):
    """A paragraph or sentence of a reviewed translation, to be used again in later reports."""

    translation = models.ForeignKey(SectionTranslation, models.CASCADE, related_name="memory")
    source_language = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    key = models.CharField(max_length=32)  # equal for equal texts
    length = models.PositiveIntegerField()  # characters of the source
    source = models.TextField()
    target = models.TextField()
    day = models.DateField()  # of the review

    objects = MemorySegmentQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["source_language", "language", "key"], name="memory_of_a_text"),
            models.Index(fields=["source_language", "language", "length"], name="memory_of_a_length"),
        ]

    def __str__(self) -> str:
        return self.source[:80]
