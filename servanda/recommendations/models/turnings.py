"""Paragraphs of documents that a person turned from a record into an obligation, or the other way round."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from servanda.people.access import Can, can
from servanda.recommendations.models.recommendation import Recommendation, within_scopes
from servanda.sources.models import Obligation


class RecordObligationQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user) -> Self:
        """Those of which a person sees the internal side of the obligation, and may know the record, which may be
        withdrawn."""
        rows = self.filter(obligation__in=Obligation.objects.internal_to(user).order_by())
        if can(user, Can.READ_EVERYTHING):
            return rows
        former = Recommendation.every_kind.live().filter(within_scopes(user))
        former = former.exclude(confidentiality=Recommendation.Confidentiality.RESTRICTED)
        kept = Recommendation.every_kind.visible_to(user)
        return rows.filter(Q(recommendation__in=kept.order_by()) | Q(recommendation__in=former.order_by()))


class RecordObligation(models.Model):
    """One paragraph as a record and as an obligation, of which one is followed up: the other is withdrawn, or has
    lapsed, until the row ends."""

    class Direction(models.TextChoices):
        INTO_OBLIGATION = "obligation"
        INTO_RECORD = "record"

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="turnings")
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    direction = models.CharField(max_length=10, choices=Direction)
    is_made = models.BooleanField(default=True)  # the obligation was made for it, and did not exist before
    state_before = models.CharField(max_length=16, choices=Obligation.State, blank=True)  # of the obligation
    reason_before = models.TextField(blank=True)
    turned_at = models.DateTimeField(auto_now_add=True)
    turned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RecordObligationQuerySet.as_manager()

    class Meta:
        ordering = ["-turned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(ended_at=None), name="a_record_is_turned_once"
            ),
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(ended_at=None, direction="record"),
                name="an_obligation_is_turned_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.code} – {self.obligation.code}"

    @property
    def is_into_obligation(self) -> bool:
        return self.direction == self.Direction.INTO_OBLIGATION
