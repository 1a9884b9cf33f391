from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from servanda.network.models.assistance import Cooperation
from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import RestorableQuerySet
from servanda.people.models import User


class MissionQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        cooperations = Cooperation.objects.visible_to(user).order_by().values("pk")
        return self.filter(withdrawn_at=None, cooperation__in=cooperations)

    def public(self) -> Self:
        """Published ones between mechanisms whose profiles are published."""
        published = MechanismProfile.objects.public().order_by().values("pk")
        return self.filter(
            is_published=True,
            withdrawn_at=None,
            cooperation__request__withdrawn_at=None,
            cooperation__request__mechanism__in=published,
            cooperation__provider__in=published,
        )


class Mission(models.Model):
    """A journey within a cooperation: who went where, for what, what it cost and what came of it."""

    cooperation = models.ForeignKey(Cooperation, models.PROTECT, related_name="missions")
    sent_by = models.ForeignKey(MechanismProfile, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    people = models.CharField(_("who travelled"), max_length=300)
    destination = models.CharField(_("destination"), max_length=200)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    purpose = models.TextField(_("purpose"))
    cost = models.DecimalField(_("cost"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    result = models.TextField(_("result"), blank=True)
    is_published = models.BooleanField(_("published"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["start", "pk"]
        indexes = [models.Index(fields=["start"], name="missions_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="a_mission_ends_after_it_begins",
                violation_error_message=_("Enter an end date that is not before the start date."),
            ),
            models.CheckConstraint(condition=Q(cost=None) | ~Q(currency=""), name="mission_cost_has_currency"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="mission_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination}: {self.purpose[:80]}"

    def get_absolute_url(self) -> str:
        return self.cooperation.get_absolute_url()

    @property
    def is_public(self) -> bool:
        sides = (self.cooperation.request.mechanism, self.cooperation.provider)
        is_kept = self.withdrawn_at is None and self.cooperation.request.withdrawn_at is None
        return self.is_published and is_kept and all(side.is_public for side in sides)
