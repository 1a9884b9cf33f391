"""Re-encrypt second factors with the present key, and reset those that cannot be read."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.accounts.services import refuse_without_reason, reset_second_factor
from servanda.people.models import User
from servanda.people.second_factor.secrets import UnreadableFactor, encrypted_anew, unreadable_factors, with_secrets
from servanda.trail.models import Event


@transaction.atomic
def encrypt_second_factors() -> int:
    """Encrypt all secrets with the present key, and return how many changed; unreadable ones are left."""
    changed = [factor for factor in Authenticator.objects.select_for_update().order_by("pk") if encrypt_one(factor)]
    if changed:
        Authenticator.objects.bulk_update(changed, ["data"], batch_size=200)
        Event.record("second-factors-encrypted", difference={"number": ["", len(changed)]})
    return len(changed)


def encrypt_one(factor: Authenticator) -> bool:
    try:
        data = with_secrets(factor.data, encrypted_anew)
    except UnreadableFactor:
        return False
    is_changed = data != factor.data
    factor.data = data
    return is_changed


@transaction.atomic
def reset_unreadable_factors(*, reason: str) -> list[User]:
    """Remove unreadable second factors; the owners and all administrators are notified.

    Raises `Refused` without a reason, or if all can be read.
    """
    refuse_without_reason(reason)
    people = list(User.objects.filter(pk__in={factor.user_id for factor in unreadable_factors()}).order_by("pk"))
    if not people:
        raise Refused(_("Two-step verification can be read for all users. No reset is needed."))
    for person in people:
        reset_second_factor(person=person, reason=reason)
    return people
