"""Who was asked to write which section, so that an assignment can be undone."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.reporting.models.reports import Report, ReportSection


class SectionAssignment(models.Model):
    """One section in one change of assignments: its institution and deadline afterwards, and those before."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="assignments")
    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="assignments")
    change = models.UUIDField(default=uuid.uuid4, editable=False)  # the same for all sections saved together
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    former_institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    former_due_on = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("date and time"))
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("assignment of a section")
        constraints = [
            models.UniqueConstraint(fields=["section", "change"], name="one_assignment_of_a_section_in_a_change"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.institution or ''}"
