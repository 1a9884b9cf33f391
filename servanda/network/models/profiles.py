import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from servanda.network.models.withdrawable import WithdrawableQuerySet
from servanda.vocab.models import Country


class MechanismProfileQuerySet(WithdrawableQuerySet):
    def public(self) -> Self:
        return self.kept().filter(is_published=True)


class MechanismProfile(models.Model):
    """What is known about one national mechanism; that of this system is a profile of the same kind."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("State"))
    name = models.CharField(_("name of the mechanism"), max_length=200)
    is_own = models.BooleanField(_("our own mechanism"), default=False)
    is_invented = models.BooleanField(_("invented"), default=False)
    is_published = models.BooleanField(_("published"), default=False)
    # What another system sent and a person accepted: its permanent address there. Never edited here.
    origin = models.URLField(_("origin"), max_length=500, blank=True, editable=False)
    received_on = models.DateField(_("received on"), null=True, blank=True, editable=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MechanismProfileQuerySet.as_manager()
    current_facts: "list[ProfileFact]"  # those that apply now, where `with_facts` has read them

    class Meta:
        verbose_name = _("profile of a mechanism")
        verbose_name_plural = _("profiles of mechanisms")
        ordering = ["-is_own", "country__code", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_own"], condition=Q(is_own=True, withdrawn_at=None), name="one_profile_of_our_own"
            ),
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="one_profile_of_an_origin"),
            models.CheckConstraint(
                condition=Q(origin="", received_on=None) | (~Q(origin="") & Q(received_on__isnull=False)),
                name="a_received_profile_has_its_date",
            ),
            models.CheckConstraint(condition=Q(origin="") | Q(is_own=False), name="our_own_profile_is_not_received"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="profile_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:mechanism", args=[self.key])

    @property
    def is_received(self) -> bool:
        return bool(self.origin)

    @property
    def is_public(self) -> bool:
        return self.is_published and self.withdrawn_at is None


class ProfileFactQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(replaced_at=None)


class ProfileFact(models.Model):
    """The value of one field of a profile, since when it applies and where it is known from.

    A row for each field instead of a column: each value has a source of its own, and the fields are data
    (`data/profile_fields.yaml`). A changed fact is a new row; the former one stays as history.
    """

    profile = models.ForeignKey(MechanismProfile, models.CASCADE, related_name="facts")
    field = models.CharField(max_length=40)  # a code of `data/profile_fields.yaml`
    value = models.TextField(_("value"), blank=True)  # codes divided by blanks for fields with choices
    since = models.DateField(_("since"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = ProfileFactQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["field", "profile"], condition=Q(replaced_at=None), name="facts_by_field"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "field"], condition=Q(replaced_at=None), name="one_current_fact_of_a_field"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.field}"
