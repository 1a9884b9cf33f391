"""The authentication backend. Sessions in the database refer to this module, so it cannot move."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from servanda.people.models import Notification, User
from servanda.people.models.notices import unread_of


@cache
def known() -> QuerySet[User]:
    """The query for the user of a request, built once: building it takes longer than running it."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    unread = Notification.objects.unread().filter(person=OuterRef("pk")).order_by()
    return User.objects.order_by().annotate(
        has_second_factor=Exists(factors),
        has_unread=Exists(unread),
        **{unread_of(kind): Exists(unread.on_confidential(kind)) for kind in Notification.CONFIDENTIAL},
    )


class Accounts(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The user of the request, annotated with whether they have a second factor and unread notifications."""
        person = known().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
