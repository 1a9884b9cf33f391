import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.assistance import Cooperation
from servanda.network.models.commitments import Commitment
from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import RestorableQuerySet, WithdrawableQuerySet
from servanda.people.models import User


class AgreementQuerySet(WithdrawableQuerySet):
    def in_force(self, *, on: date) -> Self:
        begun = Q(start=None, signed_on__lte=on) | Q(start__lte=on)
        return self.filter(begun).filter(Q(end=None) | Q(end__gte=on))

    def counted(self) -> Self:
        """With the number of its parties as `number_of_parties`, and of its duties as `number_of_duties`."""
        duties = Count("duties", filter=Q(duties__withdrawn_at=None), distinct=True)
        return self.annotate(number_of_parties=Count("parties", distinct=True), number_of_duties=duties)


class Agreement(models.Model):
    """What two or more mechanisms agreed in writing; its duties are commitments of the register."""

    class Kind(models.TextChoices):
        BILATERAL = "bilateral", pgettext_lazy("kind of agreement", "Bilateral")
        MULTILATERAL = "multilateral", pgettext_lazy("kind of agreement", "Multilateral")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, editable=False)  # from the number of parties
    parties = models.ManyToManyField(MechanismProfile, related_name="agreements", verbose_name=_("parties"))
    cooperation = models.ForeignKey(
        Cooperation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("cooperation"),
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8)
    signed_on = models.DateField(_("signed on"))
    start = models.DateField(_("in force from"), null=True, blank=True)  # empty: from the signature
    end = models.DateField(_("in force until"), null=True, blank=True)
    is_invented = models.BooleanField(_("invented"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="an_agreement_ends_after_it_begins",
                violation_error_message=_("Enter an end date that is not before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="agreement_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:agreement", args=[self.key])

    def is_in_force(self, *, on: date) -> bool:
        return (self.start or self.signed_on) <= on and (self.end is None or self.end >= on)


class AgreementDutyQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            withdrawn_at=None, agreement__in=Agreement.objects.visible_to(user).order_by().values("pk")
        )


class AgreementDuty(models.Model):
    """A duty of an agreement, which is followed up as a commitment."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="duties")
    number = models.PositiveSmallIntegerField(_("number"))
    commitment = models.OneToOneField(Commitment, models.CASCADE, related_name="duty")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty of an agreement")
        verbose_name_plural = _("duties of agreements")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_duty_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.number}"
