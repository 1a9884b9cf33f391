"""What moved the deadline of an obligation: a document in place of a rule, more time, a suspension."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.sources.models.obligations import Obligation
from servanda.vocab.models import Certainty


class ReplacedDeadline(models.Model):
    """A deadline of a rule in whose place an imported document has set its own; undoing the import restores it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="replaced_deadlines")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()  # of the obligation, with the deadline of the document

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "batch"], name="one_deadline_replaced_by_an_import")
        ]

    def __str__(self) -> str:
        return f"{self.obligation} ({self.version})"


class Extension(models.Model):
    """More time that the State asked for, and what the body answered."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    asked_on = models.DateField(_("requested on"))
    asked_until = models.DateField(_("requested until"), null=True, blank=True)
    ground = models.TextField(_("ground"))
    due_before = models.DateField(_("deadline before"), null=True, blank=True)
    day_from_before = models.CharField(max_length=10, choices=Obligation.DayFrom)
    certainty_before = models.CharField(max_length=20, choices=Certainty)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    granted_until = models.DateField(_("granted until"), null=True, blank=True)  # empty once answered: refused

    class Meta:
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_until=None) | Q(answered_on__isnull=False), name="a_grant_has_an_answer"
            ),
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(answered_on=None), name="one_open_request_for_more_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.asked_on)

    @property
    def is_refused(self) -> bool:
        return self.answered_on is not None and self.granted_until is None


class Suspension(models.Model):
    """A time in which the clock of a deadline does not run. The deadline moves by its days."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="suspensions")
    starts_on = models.DateField(_("suspended from"))
    ends_on = models.DateField(_("time runs again from"), null=True, blank=True)
    ground = models.TextField(_("ground"))
    due_before = models.DateField(_("deadline before"), null=True, blank=True)
    day_from_before = models.CharField(max_length=10, choices=Obligation.DayFrom)
    certainty_before = models.CharField(max_length=20, choices=Certainty)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="a_suspension_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(ends_on=None), name="one_suspension_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.starts_on)

    @property
    def days(self) -> int | None:
        return (self.ends_on - self.starts_on).days if self.ends_on else None

    @property
    def due_after(self) -> date | None:
        """The deadline after it; None as long as no one knows when it ends."""
        if self.due_before is None or self.days is None:
            return None
        return self.due_before + timedelta(days=self.days)
