from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.models import Institution
from servanda.recommendations.models.by_hand import Link
from servanda.recommendations.models.recommendation import Recommendation


class Signature(models.Model):
    """An accredited institution with a published assessment, on its own signature, of a record. `progress` writes it;
    while it exists, the record can stop being public only with a public reason."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="signatures")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "institution"], name="one_signature_of_an_institution_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution} · {self.recommendation.code}"


class PublicReasonQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def with_code(self, code: str):
        """Those of the record with this current or former reference."""
        return self.filter(recommendation__in=Recommendation.objects.with_code(code).order_by().values("pk"))


def split_from_hidden() -> models.Subquery:
    """The reference of the record that this one was split from, if its address shows a public reason."""
    origin = Link.objects.filter(
        from_recommendation=models.OuterRef("pk"),
        relation=Link.Relation.SPLIT_FROM,
        to_recommendation__in=PublicReason.objects.open().order_by().values("recommendation"),
    )
    return models.Subquery(origin.values("to_recommendation__code")[:1])


class PublicReason(models.Model):
    """Why a record with a signed assessment is no longer public. Its permanent address shows this, with a copy of the
    record as it was last published, so that nothing written afterwards is disclosed."""

    class Concealment(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("a record", "Withdrawn")
        UNPUBLISHED = "unpublished", pgettext_lazy("a record", "No longer published")
        INTERNAL = "internal", pgettext_lazy("a record", "Made internal")
        RESTRICTED = "restricted", pgettext_lazy("a record", "Restricted to named institutions")

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="public_reasons")
    what = models.CharField(_("what was done"), max_length=11, choices=Concealment)
    reason = models.TextField(_("public reason"))
    protects_person = models.BooleanField(_("to protect a person"), default=False)
    symbol = models.CharField(_("document"), max_length=120, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    text = models.TextField(_("text"), blank=True)  # empty where a person is protected
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("public again since"), null=True, blank=True)

    objects = PublicReasonQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="public_reason_is_given"),
            models.CheckConstraint(
                condition=Q(protects_person=False) | Q(text=""), name="no_text_where_a_person_is_protected"
            ),
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(ended_at=None), name="one_open_public_reason_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.code}: {self.get_what_display()}"
