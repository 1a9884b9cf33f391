from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.models.persons import User


class InvitationQuerySet(models.QuerySet):
    def open(self, *, on: datetime):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=on)


class Invitation(models.Model):
    """An invitation with a link that works once; only a hash of the link is stored."""

    LASTS = timedelta(days=7)

    person = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.person)


class ApiTokenQuerySet(models.QuerySet):
    def usable(self, *, on: datetime):
        return self.filter(revoked_at=None, expires_at__gt=on, person__is_active=True)


class ApiToken(models.Model):
    """A key with which a program acts for a person, within that person's rights. Shown once; only a hash is
    stored."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("purpose"), max_length=80)
    scope = models.CharField(_("permissions"), max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    start_of_key = models.CharField(max_length=12)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_use = models.CharField(_("last use"), max_length=5, choices=Scope, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.start_of_key}…"


class KnownBrowser(models.Model):
    """A browser in which a person has logged in before, which guesses made elsewhere do not lock out."""

    person = models.ForeignKey(User, models.CASCADE, related_name="known_browsers")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="one_row_for_a_browser")]

    def __str__(self) -> str:
        return self.digest[:8]


class LogInAttempt(models.Model):
    """An attempt at a password, counted under a hash of the typed address."""

    account = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "browser", "at"])]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at}"
