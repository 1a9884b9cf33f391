"""Similar records found by the machine, with the decisions of people on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.recommendations.models.recommendation import Recommendation


class LikenessQuerySet(models.QuerySet):
    def among(self, records: models.QuerySet):
        """Pairs whose records are both in this set; a reader must not learn of any others."""
        pks = records.order_by().values("pk")
        return self.filter(one__in=pks, other__in=pks)

    def standing(self):
        """Pairs that no person has rejected."""
        return self.exclude(decision=Likeness.Decision.REJECTED)

    def of(self, recommendation: Recommendation):
        return self.filter(Q(one=recommendation) | Q(other=recommendation))


class Likeness(models.Model):
    """Two records with similar texts: suggested until a person confirms, and never again once rejected."""

    class Relation(models.TextChoices):
        SAME = "same", _("Same text")
        TWIN = "twin", _("Nearly identical text")
        RELATED = "related", pgettext_lazy("records", "Related")

    class Decision(models.TextChoices):
        OPEN = "", _("Not yet confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("likeness", "Confirmed")
        REJECTED = "rejected", pgettext_lazy("likeness", "Not similar")

    one = models.ForeignKey(Recommendation, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")
    relation = models.CharField(_("relation"), max_length=8, choices=Relation)
    cosine = models.FloatField(_("similarity"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_likeness_of_two_records"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="the_older_record_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.get_relation_display()} {self.other}"

    def beside(self, recommendation: Recommendation) -> Recommendation:
        return self.other if self.one_id == recommendation.pk else self.one
