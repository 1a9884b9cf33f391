"""What a report was like at earlier moments: its sections in their order, and the sources of their endnotes."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from servanda.people.models import Institution
from servanda.reporting.models.reports import Report, ReportSection
from servanda.reporting.models.templates import DEEPEST, TemplateSection


class PastQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(until=None)

    def at(self, moment: datetime) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)


class Past(models.Model):
    """What was so from one moment until another; `until` is empty for what is so now."""

    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = PastQuerySet.as_manager()

    class Meta:
        abstract = True


class OutlinedSection(Past):
    """A section in the outline of a report; `section` is empty if it was removed since, which needs an empty text."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="outlined")
    section = models.ForeignKey(ReportSection, models.SET_NULL, null=True, related_name="outlined")
    key = models.SlugField(max_length=40)
    place = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=300)
    content = models.CharField(max_length=10, choices=TemplateSection.Content)
    facts = models.CharField(max_length=200, blank=True)  # codes divided by blanks
    is_counted = models.BooleanField()
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"], condition=Q(until=None), name="one_current_place_of_a_section"
            ),
            models.CheckConstraint(condition=Q(depth__range=(1, DEEPEST)), name="outlined_depth_in_range"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="outlined_until_after_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.heading}"


class CitedSource(Past):
    """The source of an endnote of a section."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="cited")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=40)  # code of a `FactSource`
    object_id = models.CharField(max_length=64)
    citation = models.CharField(max_length=400)
    address = models.CharField(max_length=300)

    class Meta:
        ordering = ["number", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "number"], condition=Q(until=None), name="one_current_source_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="cited_until_after_since"
            ),
        ]

    def __str__(self) -> str:
        return self.citation
