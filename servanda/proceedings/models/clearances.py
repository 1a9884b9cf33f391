"""Clearance of a text before it leaves the State. Any text may have one: it points to no room."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.models import Institution


class TextInClearance(NamedTuple):
    """What is known of a text in clearance: its bodies, and whoever wrote any of it."""

    bodies: Collection[str]
    writers: Collection[int | None]


class ClearanceStep(models.Model):
    """A step that this installation asks for: who clears, in this order."""

    title = models.CharField(_("step"), max_length=120)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("institution"),
        help_text=_("Its validating authority clears. Leave empty for a coordinator."),
    )
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("clearance step")
        verbose_name_plural = _("clearance steps")

    def __str__(self) -> str:
        return self.title


class Clearance(models.Model):
    """One text on its way through the steps. It starts again if the text changes or is returned."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("clearance", "In clearance")
        CLEARED = "cleared", pgettext_lazy("clearance", "Cleared")
        RETURNED = "returned", pgettext_lazy("clearance", "Returned for changes")
        REOPENED = "reopened", pgettext_lazy("clearance", "Text changed since")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")

    def __str__(self) -> str:
        return str(self.get_state_display())


class ClearanceVerdict(models.Model):
    """A step of one clearance: copied from the steps of the installation when it starts, then decided."""

    class Verdict(models.TextChoices):
        PENDING = "pending", pgettext_lazy("clearance", "Pending")
        CLEARED = "cleared", pgettext_lazy("clearance", "Cleared")
        RETURNED = "returned", pgettext_lazy("clearance", "Returned for changes")

    clearance = models.ForeignKey(Clearance, models.CASCADE, related_name="verdicts")
    title = models.CharField(_("step"), max_length=120)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict, default=Verdict.PENDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("date and time"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="returned") | ~Q(reason=""), name="clearance_returned_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(verdict="pending") | Q(at__isnull=False), name="clearance_decided_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_verdict_display()}"
