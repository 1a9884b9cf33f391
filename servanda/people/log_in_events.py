"""Log-ins and passwords in the trail. Signals, because allauth offers nothing else."""

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from servanda.people.models import User
from servanda.trail.models import Event


@receiver(user_logged_in)
def record_log_in(user, **_kwargs):
    Event.record("logged-in", by=user)


@receiver(user_logged_out)
def record_log_out(user, **_kwargs):
    if user is not None:
        Event.record("logged-out", by=user)


@receiver(user_login_failed)
def record_failed_log_in(credentials, **_kwargs):
    """Only for accounts that exist: what else is typed into the field may be a password."""
    account = User.objects.filter(email=credentials.get("email", "").lower()).first()
    if account is not None:
        Event.record("log-in-failed", account)


@receiver(password_changed)
def record_password_change(user, **_kwargs):
    Event.record("password-changed", by=user)


@receiver(password_reset)
def record_password_reset(user, **_kwargs):
    Event.record("password-reset", user)
