"""End one's own sessions, and link identities of the single sign-on to accounts."""

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.accounts import services as accounts
from servanda.people.models import User
from servanda.trail.models import Event


@transaction.atomic
def end_session(*, session: UserSession, by: User) -> None:
    """Log out in one other browser."""
    session.end()
    Event.record("session-ended", by=by)


@transaction.atomic
def end_other_sessions(*, by: User) -> User:
    """Log out in all other browsers; returns the user with which the present session continues."""
    person = User.objects.select_for_update().get(pk=by.pk)
    accounts.end_sessions(person)
    Event.record("other-sessions-ended", by=by)
    return person


@transaction.atomic
def end_sessions(*, by: User) -> None:
    """Log out in every browser, this one included."""
    accounts.end_sessions(User.objects.select_for_update().get(pk=by.pk))
    Event.record("sessions-ended", by=by)


@transaction.atomic
def link_single_sign_on(*, person: User, provider: str, uid: str) -> SocialAccount:
    """Link an identity of the provider to a person, and accept their open invitation.

    Raises `Refused` for a second identity: the address may have been given to another person since.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if SocialAccount.objects.filter(user=person, provider=provider).exclude(uid=uid).exists():
        raise Refused(_("Your account is linked to another identity of the same provider."))
    if not person.is_active:
        accept_open_invitation(person)
    account, _is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": person})
    Event.record("single-sign-on-linked", person, by=person)
    return account


def accept_open_invitation(person: User) -> None:
    """Accept an open invitation: the provider has verified the invited address.

    Raises `Refused` for a closed account, or if the invitation has expired.
    """
    now = timezone.now()
    invitations = person.invitations.open(on=now)
    if person.accepted_at or not invitations.exists():
        raise Refused(_("Your account is closed, or your invitation has expired."))
    invitations.update(accepted_at=now)
    person.is_active, person.accepted_at = True, now
    person.save(update_fields=["is_active", "accepted_at"])
    Event.record("invitation-accepted", person, by=person)


@transaction.atomic
def unlink_single_sign_on(*, person: User, by: User) -> None:
    """Unlink, so that the next identity with the address of this person can be linked. Raises `Refused` if none
    is."""
    deleted, _each = SocialAccount.objects.filter(user=person).delete()
    if not deleted:
        raise Refused(_("This account does not use single sign-on."))
    Event.record("single-sign-on-unlinked", person, by=by)
