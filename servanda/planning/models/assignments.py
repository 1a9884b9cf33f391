from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.recommendations.models import Recommendation

SOON = timedelta(days=30)
CURRENT = Q(ended_at=None, refused_at=None)


class AssignmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(CURRENT)

    def current_at(self, moment: datetime | None):
        """Those that were current at the moment; today's without one."""
        if moment is None:
            return self.current()
        later = Q(ended_at=None) | Q(ended_at__gt=moment)
        return self.filter(later, Q(refused_at=None) | Q(refused_at__gt=moment), assigned_at__lte=moment)

    def leading(self):
        return self.filter(part=Assignment.Part.LEAD)

    def refused(self):
        """Refused by the institution, and waiting for a decision of the coordinator."""
        return self.filter(ended_at=None, refused_at__isnull=False)

    def due_by(self, day: date):
        return self.filter(due_on__lte=day)

    def in_scope_of(self, user, permission: Can = Can.READ_INTERNAL):
        """Of the institutions, and the bodies, for which this person's appointments give the permission."""
        condition = Q(pk__in=[])
        for scope in scopes(user, permission):
            of_institutions = Q(institution__in=scope.institutions)
            condition |= (
                of_institutions & Q(recommendation__body__code__in=scope.bodies) if scope.bodies else of_institutions
            )
        return self.filter(condition)

    def visible_to(self, user):
        """Current ones for all who see the record at the desk; ended and refused ones for the institution and the
        offices."""
        opened = self.filter(recommendation__in=Recommendation.every_kind.opened_to(user).order_by().values("pk"))
        if can(user, Can.READ_EVERYTHING):
            return opened
        return opened.filter(CURRENT | Q(pk__in=Assignment.objects.in_scope_of(user).values("pk")))


class Assignment(models.Model):
    """One institution answers for one recommendation, as lead or supporting, from a day on.

    Rows are never rewritten: when the terms change, the old row ends and a new one is added.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        SUPPORTING = "supporting", _("Supporting")

    class Ending(models.TextChoices):
        BY_HAND = "by-hand", _("Ended")
        REPLACED = "replaced", _("Replaced by a newer assignment")
        UNDONE = "undone", _("Undone with the bulk change")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="assignments")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="assignments", verbose_name=_("institution")
    )
    part = models.CharField(_("role"), max_length=10, choices=Part, default=Part.LEAD)
    since = models.DateField(_("since"))
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    note = models.TextField(_("expected follow-up"), blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned by")
    )
    assigned_at = models.DateTimeField(_("assigned at"), auto_now_add=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("refused by"),
    )
    refusal_reason = models.TextField(_("reason for refusing"), blank=True)

    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ending = models.CharField(_("how it ended"), max_length=8, choices=Ending, blank=True)
    ending_reason = models.TextField(_("reason for ending"), blank=True)
    ended_in = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["part", "institution__code", "pk"]
        indexes = [
            models.Index(fields=["institution", "due_on"], condition=CURRENT, name="assignments_of_an_institution"),
            models.Index(
                fields=["recommendation"],
                condition=Q(ended_at=None, refused_at__isnull=False),
                name="refusals_that_wait",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"], condition=CURRENT & Q(part="lead"), name="one_current_lead"
            ),
            models.UniqueConstraint(
                fields=["recommendation", "institution"], condition=CURRENT, name="one_current_assignment_each"
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("since")), name="assignment_due_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | ~Q(refusal_reason=""), name="assignment_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="assignment_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(ending="by-hand") | ~Q(ending_reason=""), name="assignment_ended_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.institution}, {self.get_part_display()}"

    @property
    def is_current(self) -> bool:
        return self.ended_at is None and self.refused_at is None
