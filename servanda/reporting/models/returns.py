"""Copies of a report that left as Word files, and the files that came back."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can
from servanda.reporting.models.reports import Reader, Report, ReportSection


class SentCopy(models.Model):
    """What a Word file of a report contained when it was made. Equal files share one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="copies")
    digest = models.CharField(max_length=64)
    printed = models.TextField(blank=True)  # hashes of what the file has beside the texts of its sections
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["report", "digest"], name="one_sent_copy_of_the_same_texts")]

    def __str__(self) -> str:
        return str(self.key)


class SentSection(models.Model):
    """A section as it was sent; `number` is its place in the file."""

    copy = models.ForeignKey(SentCopy, models.CASCADE, related_name="sections")
    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    citations = models.JSONField(default=dict)  # the texts of its endnotes by the numbers of their marks

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["copy", "number"], name="one_sent_section_of_a_number")]

    def __str__(self) -> str:
        return self.heading


class WordReturnQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of reports that the person edits. The file may have sections of every institution."""
        rows = self.filter(report__withdrawn_at=None)
        return rows if can(user, Can.EDIT_REPORTS) else rows.none()


class WordReturn(models.Model):
    """A Word file that came back. The file itself is not stored, only what was read in it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="returns")
    copy = models.ForeignKey(SentCopy, models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(null=True, blank=True)  # until then it is a preview
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = WordReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("returned Word file")
        verbose_name_plural = _("returned Word files")
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="one_return_of_the_same_file")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:word_return", args=[self.key])


class ReturnedSection(models.Model):
    """A section whose text came back changed: a proposal, until a person decides."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("text from a Word file", "To be decided")
        ACCEPTED = "accepted", pgettext_lazy("text from a Word file", "Accepted")
        REFUSED = "refused", pgettext_lazy("text from a Word file", "Refused")
        MISSING = "missing", pgettext_lazy("text from a Word file", "Not in the file")

    word_return = models.ForeignKey(WordReturn, models.CASCADE, related_name="sections")
    sent = models.ForeignKey(SentSection, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    text = models.TextField(blank=True)
    replaced_text = models.TextField(blank=True)  # that of the section before it was accepted
    written_version = models.PositiveIntegerField(null=True, blank=True)  # of the section, by accepting
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent__number"]
        constraints = [
            models.UniqueConstraint(fields=["word_return", "sent"], name="one_returned_text_of_a_section"),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(written_version__isnull=False),
                name="an_accepted_text_has_its_version",
            ),
        ]

    def __str__(self) -> str:
        return self.sent.heading


class ReturnedPart(models.Model):
    """The decision on one part of a section that was divided after the file was created, and the text it saved."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("text from a Word file", "Accepted")
        REFUSED = "refused", pgettext_lazy("text from a Word file", "Refused")

    returned = models.ForeignKey(ReturnedSection, models.CASCADE, related_name="parts")
    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACCEPTED)
    replaced_text = models.TextField(blank=True)
    written_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["returned", "section"], name="one_returned_part_of_a_section"),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(written_version__isnull=False),
                name="an_accepted_part_has_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.returned}: {self.section}"


class ReturnedNoteQuerySet(models.QuerySet):
    def comments_on(self, section: ReportSection) -> Self:
        """The comments on a section that are still to be answered, of files that were kept."""
        rows = self.filter(kind=ReturnedNote.Kind.COMMENT, is_resolved=False, word_return__kept_at__isnull=False)
        return rows.filter(section=section)


class ReturnedNote(models.Model):
    """A comment, a tracked change, or a text outside of the known sections."""

    class Kind(models.TextChoices):
        COMMENT = "comment", pgettext_lazy("in a Word file", "Comment")
        INSERTED = "inserted", pgettext_lazy("in a Word file", "Inserted")
        DELETED = "deleted", pgettext_lazy("in a Word file", "Deleted")
        MOVED_AWAY = "moved-away", pgettext_lazy("in a Word file", "Moved from here")
        MOVED_HERE = "moved-here", pgettext_lazy("in a Word file", "Moved to here")
        OUTSIDE = "outside", pgettext_lazy("in a Word file", "Outside of the sections")

    word_return = models.ForeignKey(WordReturn, models.CASCADE, related_name="notes")
    section = models.ForeignKey(ReportSection, models.CASCADE, null=True, blank=True, related_name="returned_notes")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.CharField(_("author"), max_length=200, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    quoted = models.TextField(blank=True)  # what a comment is about
    text = models.TextField(blank=True)
    is_resolved = models.BooleanField(default=False)

    objects = ReturnedNoteQuerySet.as_manager()

    class Meta:
        ordering = ["word_return", "place"]
        indexes = [models.Index(fields=["word_return", "kind", "place"])]

    def __str__(self) -> str:
        return self.text[:80]
