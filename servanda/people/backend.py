from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from servanda.people.models import Notification, User


class Accounts(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Every request asks who it comes from; whether they have a second factor, and anything to read, is answered
        with it."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        unread = Notification.objects.unread().filter(person=OuterRef("pk")).order_by()
        known = User.objects.annotate(has_second_factor=Exists(factors), has_unread=Exists(unread))
        person = known.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
