"""The keys with which this instance signs what it shares."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SigningKeyQuerySet(models.QuerySet):
    def trusted(self) -> Self:
        return self.filter(revoked_at=None)

    def current(self) -> Self:
        """The key that signs; at most one."""
        return self.trusted().filter(replaced_at=None)

    def former(self) -> Self:
        return self.exclude(replaced_at=None, revoked_at=None)

    def revoked(self) -> Self:
        return self.exclude(revoked_at=None)


class SigningKey(models.Model):
    """A key with which this instance signs what it shares. The private part is encrypted like other secrets."""

    fingerprint = models.CharField(max_length=40, unique=True)
    public = models.CharField(max_length=64)  # as in a JWK: the value of "x"
    private = models.TextField()
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revoked_reason"], condition=Q(replaced_at=None, revoked_at=None), name="one_key_that_signs"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_reason=""), name="key_revoked_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint

    @property
    def signs(self) -> bool:
        return self.replaced_at is None and self.revoked_at is None
