"""Sessions name this module in the database, so it stays where it is."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from servanda.people.models import Notification, User


@cache
def known() -> QuerySet[User]:
    """Put together once and asked for each request: putting it together takes longer than the answer."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    unread = Notification.objects.unread().filter(person=OuterRef("pk")).order_by()
    return User.objects.order_by().annotate(has_second_factor=Exists(factors), has_unread=Exists(unread))


class Accounts(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Every request asks who it comes from; whether they have a second factor, and anything to read, is answered
        with it."""
        person = known().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
