"""What every page knows of the instance and of its reader, asked for once a request."""

from collections.abc import Callable
from functools import cache, partial

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, cached_property

from servanda.people.access import ROLES, Can, roles_of
from servanda.people.models import Instance, Notification, instance_read_once


class Permissions:
    """`permitted.import` in a template: what the person of this request may do."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def granted(self) -> set[Can]:
        """Asked for once: a page asks some twenty times what its reader may do."""
        return set().union(*(ROLES[role] for role in roles_of(self.user)))

    def __getitem__(self, name: str) -> bool:
        return Can(name.replace("_", "-")) in self.granted


def instance(request) -> dict:
    user = getattr(request, "user", None)
    return {
        "instance": SimpleLazyObject(Instance.current),
        "permitted": Permissions(user),
        # Called by the template, and counted once: the plurals of Arabic divide, which a lazy object cannot.
        "unread_notifications": cache(partial(count_unread, user)),
    }


def count_unread(user) -> int:
    """Whom a session names brings along whether there is anything to count (`backend.py`)."""
    return Notification.objects.visible_to(user).unread().count() if getattr(user, "has_unread", True) else 0


def read_instance_once(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        with instance_read_once():
            return get_response(request)

    return middleware
