from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.proceedings.models.proceedings import OfInstitutionQuerySet, Proceeding
from servanda.recommendations.models import Cluster


class Delegate(models.Model):
    """A member of the delegation to a dialogue."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="delegates")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    is_head = models.BooleanField(_("head of delegation"), default=False)
    place = models.PositiveSmallIntegerField(default=0)

    objects = OfInstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the delegation")
        verbose_name_plural = _("members of the delegation")
        ordering = ["-is_head", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proceeding"], condition=Q(is_head=True), name="one_head_of_a_delegation")
        ]

    def __str__(self) -> str:
        return self.name


class SpeakingPoint(models.Model):
    """What the delegation says on a cluster of recommendations, or on a subject of its own."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="points")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cluster")
    )
    title = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("speaking points"), blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    place = models.PositiveSmallIntegerField(default=0)

    objects = OfInstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaking point")
        verbose_name_plural = _("speaking points")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "cluster"], condition=~Q(cluster=None), name="one_point_on_a_cluster"
            )
        ]

    def __str__(self) -> str:
        return self.title
