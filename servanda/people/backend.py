"""The authentication backend. Sessions in the database refer to this module, so it cannot move."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from servanda.kit.database.prepared import KEY, OnceInProcess
from servanda.people.models import Notification, User
from servanda.people.models.notices import unread_of


def known() -> QuerySet[User]:
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    unread = Notification.objects.unread().filter(person=OuterRef("pk")).order_by()
    return (
        User.objects.order_by()
        .filter(pk=KEY)
        .annotate(
            has_second_factor=Exists(factors),
            has_unread=Exists(unread),
            **{unread_of(kind): Exists(unread.on_confidential(kind)) for kind in Notification.CONFIDENTIAL},
        )
    )


KNOWN = OnceInProcess(known)


class Accounts(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The user of the request, annotated with whether they have a second factor and unread notifications."""
        person = next(iter(KNOWN.read(key=user_id)), None)
        return person if person and self.user_can_authenticate(person) else None
