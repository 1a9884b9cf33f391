"""Questions without an answer and gaps in a text that are accepted, each with the reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.reporting.models.reports import ReportSection
from servanda.sources.models import Question


class UnansweredQuestion(models.Model):
    """A question of the section that does not block its clearance, with the reason for that."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="unanswered")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("question without an answer")
        constraints = [
            models.UniqueConstraint(fields=["section", "question"], name="one_reason_of_a_question_in_a_section"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="unanswered_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.question}"


class AcceptedGap(models.Model):
    """A gap in the text of the section that does not block its clearance, with the reason for that."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="accepted_gaps")
    key = models.CharField(max_length=64)  # hash of its words
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("accepted gap")
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="one_reason_of_a_gap_in_a_section"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="gap_accepted_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.key[:8]}"
