from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.proceedings.models.proceedings import Proceeding
from servanda.sources.models import Obligation

LONGEST = 100  # years


class RetentionPeriod(models.Model):
    """For how many years after closing the personal data of one kind, or the files of one kind of obligations, are
    kept. A kind without a row keeps them."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)  # a code of `retention/periods.py`
    years = models.PositiveSmallIntegerField(
        _("years after closing"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=Q(years__gte=1), name="kept_for_a_year_at_least")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.years}"


class LegalHoldQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(released_at=None)

    def visible_to(self, user: User) -> Self:
        return self if can(user, Can.READ_EVERYTHING) else self.none()


class LegalHold(models.Model):
    """While it is open, no personal data of the proceeding, or no file of the obligation, can be erased."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, null=True, related_name="holds")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(_("placed at"))
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True)
    release_reason = models.TextField(_("reason for the release"), blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding"], condition=Q(released_at=None), name="one_open_hold_of_a_proceeding"
            ),
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(released_at=None), name="one_open_hold_of_an_obligation"
            ),
            models.CheckConstraint(
                condition=Q(proceeding=None, obligation__isnull=False) | Q(proceeding__isnull=False, obligation=None),
                name="hold_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_placed_with_a_reason"),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(release_reason=""), name="hold_released_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proceeding or self.obligation} {self.placed_at:%Y-%m-%d}"
