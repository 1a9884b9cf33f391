from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.profiles import MechanismProfile
from servanda.people.models import User
from servanda.recommendations.models import Recommendation


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those whose record's internal side is open to this person."""
        records = Recommendation.every_kind.opened_to(user).filter(kind=Recommendation.Kind.COMMITMENT)
        return self.filter(recommendation__in=records.order_by().values("pk"))

    def public(self) -> Self:
        return self.filter(recommendation__in=Recommendation.every_kind.public().order_by().values("pk"))


class Commitment(models.Model):
    """Facts that only commitments of the network have: wording, source, owner and deadline. Their record in the
    register is followed up like any other."""

    class Wording(models.TextChoices):
        COMMITMENT = "commitment", pgettext_lazy("wording of what was agreed", "Commitment")
        CONCLUSION = "conclusion", pgettext_lazy("wording of what was agreed", "Conclusion (not a commitment)")
        PRIORITY = "priority", pgettext_lazy("wording of what was agreed", "Voluntary priority")

    recommendation = models.OneToOneField(Recommendation, models.CASCADE, related_name="commitment")
    wording = models.CharField(_("wording"), max_length=10, choices=Wording)
    source = models.CharField(_("source"), max_length=300)
    owner = models.ForeignKey(
        MechanismProfile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mechanism")
    )
    due_on = models.DateField(_("deadline"), null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment of the network")
        verbose_name_plural = _("commitments of the network")
        ordering = ["recommendation__order_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=""), name="a_commitment_names_its_source"),
        ]

    def __str__(self) -> str:
        return self.recommendation.code

    def get_absolute_url(self) -> str:
        return reverse("desk:record", args=[self.recommendation.code])

    @property
    def is_public(self) -> bool:
        return self.recommendation.is_public
