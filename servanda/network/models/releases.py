from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReleaseQuerySet(models.QuerySet):
    def keys_for(self, kind: str, *audiences: str) -> Self:
        """Keys of the entries of a kind that are shared with one of these audiences."""
        return self.filter(kind=kind, audience__in=audiences).order_by().values("key")


class Release(models.Model):
    """The decision of a person that other systems may read one entry, which has no public page."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Requests for assistance")
        OFFER = "offer", _("Offers of assistance")
        MEETING = "meeting", _("Meetings")
        TRAINING = "training", _("Training")
        EVALUATION = "evaluation", _("Evaluations of assistance")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", pgettext_lazy("shared with", "Everyone")
        MEMBERS = "members", pgettext_lazy("shared with", "Peers that are members")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.UUIDField()
    audience = models.CharField(_("shared with"), max_length=8, choices=Audience)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing of an entry")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_release_of_an_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.audience}"

    @classmethod
    def covering(cls, audience: str) -> set[str]:
        """The audiences to which everyone in this one belongs."""
        return {audience, cls.Audience.EVERYONE}
