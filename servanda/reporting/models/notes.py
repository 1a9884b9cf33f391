"""Comments, suggestions and tasks on a section while it is written, and the replies to them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from servanda.reporting.models.reports import Reader, ReportSection


class SectionNoteQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those on sections that the person reads."""
        return self.filter(section__in=ReportSection.objects.readable_by(user).order_by().values("pk"))

    def threads(self) -> Self:
        """Without replies."""
        return self.filter(parent=None)

    def open(self) -> Self:
        return self.threads().filter(outcome="")

    def tasks_of(self, user: Reader) -> Self:
        """The open tasks of this person, on sections that they read."""
        return self.visible_to(user).open().filter(kind=SectionNote.Kind.TASK, owner=user.pk)


class SectionNote(models.Model):
    """A comment, a suggestion or a task on a section, or a reply to one of them, which belongs to its thread."""

    class Kind(models.TextChoices):
        COMMENT = "comment", pgettext_lazy("on a section", "Comment")
        SUGGESTION = "suggestion", pgettext_lazy("on a section", "Suggestion")
        TASK = "task", pgettext_lazy("on a section", "Task")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("of a comment", "Open")
        RESOLVED = "resolved", pgettext_lazy("of a comment", "Resolved")
        ACCEPTED = "accepted", pgettext_lazy("of a suggestion", "Accepted")

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="notes")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMMENT)
    text = models.TextField(_("text"), blank=True)
    passage = models.TextField(_("passage"), blank=True)  # as the section has it
    replacement = models.TextField(_("new text"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("date and time"), auto_now_add=True)
    outcome = models.CharField(_("state"), max_length=8, choices=Outcome, blank=True, default=Outcome.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SectionNoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = pgettext_lazy("on a section", "comment")
        verbose_name_plural = pgettext_lazy("on a section", "comments")
        indexes = [models.Index(fields=["owner", "outcome"], name="tasks_of_a_person")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="suggestion") | ~Q(passage=""), name="suggestion_for_a_passage"),
            models.CheckConstraint(condition=~Q(kind="task") | Q(owner__isnull=False), name="task_of_a_person"),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind="comment", outcome=""), name="reply_is_a_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        page = reverse("desk:section_notes", args=[self.section.report.key, self.section.key])
        return f"{page}#note-{self.parent_id or self.pk}"

    @property
    def outcome_label(self) -> str:
        """A suggestion that was closed without being accepted was declined."""
        if self.kind == self.Kind.SUGGESTION and self.outcome == self.Outcome.RESOLVED:
            return pgettext("of a suggestion", "Declined")
        return str(self.get_outcome_display())

    @property
    def is_open(self) -> bool:
        return not self.outcome
