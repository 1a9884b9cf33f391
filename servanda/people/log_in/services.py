"""Sessions ended by their owner, and identities of the single sign-on linked to accounts."""

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
    """Log out in every browser; whoever asks goes on in theirs with the person that is given back."""
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
    """From now on this identity of the provider is that person; an open invitation is accepted by it.

    The identity stays the same when the address moves on to somebody else, so a second one is refused.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if SocialAccount.objects.filter(user=person, provider=provider).exclude(uid=uid).exists():
        raise Refused(_("Your account belongs to another identity of the same provider."))
    if not person.is_active:
        accept_open_invitation(person)
    account, _is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": person})
    Event.record("single-sign-on-linked", person, by=person)
    return account


def accept_open_invitation(person: User) -> None:
    """Whoever proves the address that was invited needs no letter."""
    now = timezone.now()
    invitations = person.invitations.open(on=now)
    if person.accepted_at or not invitations.exists():
        raise Refused(_("Your account is closed, or its invitation has run out."))
    invitations.update(accepted_at=now)
    person.is_active, person.accepted_at = True, now
    person.save(update_fields=["is_active", "accepted_at"])
    Event.record("invitation-accepted", person, by=person)


@transaction.atomic
def unlink_single_sign_on(*, person: User, by: User) -> None:
    """The next identity that comes with the address of this person is linked instead."""
    gone, _each = SocialAccount.objects.filter(user=person).delete()
    if not gone:
        raise Refused(_("This account does not use single sign-on."))
    Event.record("single-sign-on-unlinked", person, by=by)
