"""The context of every page: the instance and the rights of the reader, read once in each request."""

from collections.abc import Callable
from functools import cache, partial

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property

from servanda.kit.database.kept_texts import Kept, Text
from servanda.people.access import ROLES, Can, roles_of
from servanda.people.models import Instance, Notification, instance_read_once
from servanda.people.reader_keys import all_of_reader

API = "/api/"
UNREAD = Kept[Text](lambda text: [text])


class Permissions:
    """The rights of the user of the request, for templates: `permitted.edit_register`."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def granted(self) -> set[Can]:
        """Cached: a page checks some twenty permissions."""
        return set().union(*(ROLES[role] for role in roles_of(self.user)))

    def __getitem__(self, name: str) -> bool:
        return Can(name.replace("_", "-")) in self.granted


def instance(request) -> dict:
    user = getattr(request, "user", None)
    return {
        "instance": SimpleLazyObject(Instance.current),
        "permitted": Permissions(user),
        # A callable with a cached number: Arabic plurals use modulo, which lazy objects do not support.
        "unread_notifications": cache(partial(count_unread, user)),
    }


def count_unread(user) -> int:
    """The number of unread notifications; the user of a session is annotated with whether there are any, and any on
    confidential objects of each type (`backend.py`). Otherwise each page would ask for all that the user may see."""
    if not getattr(user, "has_unread", True):
        return 0
    text = UNREAD.get(all_of_reader(user), lambda: unread_text(user))
    with connection.cursor() as cursor:
        cursor.execute(text.sql, text.params)
        return cursor.fetchone()[0]


def unread_text(user) -> Text:
    sql, params = Notification.objects.unread_by(user).order_by().values("pk").query.sql_with_params()
    return Text(f"SELECT COUNT(*) FROM ({sql}) AS unread", tuple(params))


def read_instance_once(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """With its time zone: times on pages and in forms, and what "today" is, are those of the State. Times of the API
    are in UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with instance_read_once():
            zone = None if request.path.startswith(API) else Instance.current().time_zone
            with timezone.override(zone):
                return get_response(request)

    return middleware
