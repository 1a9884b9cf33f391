"""Record log-ins, passwords and second factors in the trail. Uses signals, because allauth offers nothing else."""

from allauth.account.signals import authentication_step_completed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import ngettext

from servanda.people.access_keys.services import revoke_tokens, usable_tokens
from servanda.people.models import User
from servanda.people.requests.idle_sessions import change_session_id, start_clocks
from servanda.trail.models import Event

# Django's own receiver overwrites the previous visit; it is connected already, as its app is ready first.
user_logged_in.disconnect(dispatch_uid="update_last_login")


@receiver(user_logged_in)
def remember_visit(user, **_kwargs):
    user.previous_visit, user.last_login = user.last_login, timezone.now()
    user.save(update_fields=["previous_visit", "last_login"])


@receiver(user_logged_in)
def record_log_in(request, user, **_kwargs):
    start_clocks(request.session)
    Event.record("logged-in", by=user)


@receiver(user_logged_out)
def record_log_out(user, **_kwargs):
    if user is not None:
        Event.record("logged-out", by=user)


@receiver(user_login_failed)
def record_failed_log_in(credentials, **_kwargs):
    """For unknown accounts, the attempt is recorded without the typed address, which may be a password. Recording it
    also keeps the response time the same."""
    account = User.objects.filter(email=credentials.get("email", "").lower()).first()
    if account is not None:
        Event.record("log-in-failed", account)
    else:
        Event.record("log-in-unknown")


@receiver([password_changed, password_set])
def record_password_change(user, **_kwargs):
    Event.record("password-changed", by=user)


@receiver(password_reset)
def record_password_reset(request, user, **_kwargs):
    """Revoke the access keys: whoever resets a password may have lost the account to another person."""
    Event.record("password-reset", user)
    if count := revoke_tokens(tokens=usable_tokens(user), by=user):
        sentence = ngettext(
            "Your access key was revoked when the password changed. Create a new one under Access keys.",
            "Your %(count)s access keys were revoked when the password changed. Create new ones under Access keys.",
            count,
        )
        messages.warning(request, sentence % {"count": count})


@receiver(authentication_step_completed)
def change_session_id_on_proof(request, **step):
    if step.get("reauthenticated"):
        change_session_id(request)


@receiver(authenticator_added)
def record_second_factor(user, authenticator, **_kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        Event.record("second-factor-activated", by=user)


@receiver(authenticator_removed)
def record_removed_second_factor(user, authenticator, **_kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        Event.record("second-factor-removed", by=user)


@receiver(authenticator_reset)
def record_new_recovery_codes(user, **_kwargs):
    Event.record("recovery-codes-made", by=user)


@receiver(authenticator_used)
def record_recovery_code(user, authenticator, **_kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        Event.record("recovery-code-used", by=user)


@receiver(authentication_failed)
def record_wrong_code(user, **_kwargs):
    Event.record("second-factor-failed", user)
