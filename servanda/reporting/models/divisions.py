"""How sections were divided, so that changes in an older Word file are assigned to the right part."""

from django.db import models

from servanda.reporting.models.reports import ReportSection


class SectionDivision(models.Model):
    """The texts of the two sections when one was divided; `made` is the new one."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="divisions")
    made = models.OneToOneField(ReportSection, models.CASCADE, related_name="division")
    first = models.TextField(blank=True)
    second = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.section} / {self.made}"
