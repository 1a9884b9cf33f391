"""Clusters: records that people have grouped across bodies, cycles and languages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.recommendations.models.recommendation import Recommendation
from servanda.vocab.models import Country


class ClusterQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(dissolved_at=None)

    def visible_to(self, user):
        return self.opened_to(user).standing()

    def opened_to(self, user):
        """Clusters including dissolved ones, for people who may read every record: names may contain words of records
        that others may not see."""
        return self.all() if can(user, Can.READ_EVERYTHING) else self.none()


class Cluster(models.Model):
    """Recommendations of the same substance, to be answered and followed up together."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    dissolved_at = models.DateTimeField(_("dissolved at"), null=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:cluster", args=[self.key])


class ClusterMemberQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at=None, cluster__dissolved_at=None)

    def at(self, moment):
        """Members at a moment. The time between leaving and being added again is not recorded: such a member counts
        from the first day."""
        in_it = self.filter(Q(left_at=None) | Q(left_at__gt=moment), added_at__lte=moment)
        return in_it.filter(Q(cluster__dissolved_at=None) | Q(cluster__dissolved_at__gt=moment))

    def reached(self):
        """Members for which plans and reports on their cluster count.

        Restricted records are excluded: what is done about them is recorded on them by name. So no one gains access
        to a restricted record through a cluster, and what a cluster shows to others does not depend on it.
        """
        return self.current().exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)

    def clusters_of(self, recommendation):
        """The cluster of this record, if plans and reports on it count for the record."""
        return self.reached().filter(recommendation=recommendation).values("cluster")


class ClusterMember(models.Model):
    """A record in a cluster, with who added it and when; a removed one is kept, so that it can be restored."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")
    is_pinned = models.BooleanField(_("pinned"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(_("left at"), null=True)

    objects = ClusterMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "recommendation"], name="one_membership_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} in {self.cluster}"


class RejectedProposalQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(taken_back_at=None)

    def visible_to(self, user):
        """For people who may read every record, as for clusters: names may contain words of any record."""
        return self.standing() if can(user, Can.READ_EVERYTHING) else self.none()


class RejectedProposal(models.Model):
    """A rejected cluster, so that nearly the same one is not proposed again."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)  # as it was proposed
    records = models.ManyToManyField(Recommendation, related_name="+")
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rejected_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = RejectedProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejected cluster")
        ordering = ["-rejected_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ThroughCluster(models.QuerySet):
    """Rows that refer to a cluster, and so to its records."""

    def on(self, recommendation):
        """Rows that count for this record through its current cluster."""
        return self.filter(cluster__in=ClusterMember.objects.clusters_of(recommendation))

    def reaching(self, recommendations):
        """Rows that count for any of these records."""
        inside = ClusterMember.objects.reached().filter(recommendation__in=recommendations.order_by().values("pk"))
        return self.filter(cluster__in=inside.values("cluster"))


class ClusterTree(models.Model):
    """The hierarchical clustering of a State's records; each cut through the tree gives a set of proposals."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="+")
    records = models.BinaryField()  # ids of the records, int64
    joins = models.BinaryField()  # scipy's linkage matrix, four float64 per row
    made_at = models.DateTimeField(_("created at"), auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country"], name="one_tree_of_a_state")]

    def __str__(self) -> str:
        return f"{self.country}, {self.made_at:%Y-%m-%d}"
