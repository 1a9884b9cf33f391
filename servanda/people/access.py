"""Who can do what. One enum of permissions, one table of roles; what a person can see is asked of
`visible_to(user)` and `public()` on the QuerySet of the thing itself."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    FOCAL_POINT = "focal-point", _("Focal point")
    AUTHORITY = "authority", _("Validating authority")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Can(StrEnum):
    USE_DESK = "use-desk"  # a home page and saved views of one's own
    READ_INTERNAL = "read-internal"  # records that are internal or not yet published
    READ_EVERYTHING = "read-everything"  # also records restricted to named institutions
    READ_TRAIL = "read-trail"
    IMPORT = "import"
    EDIT_REGISTER = "edit-register"  # create, edit, tag, split, merge, withdraw, publish
    EDIT_VOCABULARY = "edit-vocabulary"
    EDIT_INSTANCE = "edit-instance"


READING = {Can.USE_DESK, Can.READ_INTERNAL}
ROLES: dict[str, set[Can]] = {
    Role.READER: READING,
    Role.CONTRIBUTOR: {Can.USE_DESK},
    Role.FOCAL_POINT: READING,
    Role.AUTHORITY: READING,
    Role.COORDINATOR: READING
    | {Can.READ_EVERYTHING, Can.READ_TRAIL, Can.IMPORT, Can.EDIT_REGISTER, Can.EDIT_VOCABULARY},
    Role.AUDITOR: READING | {Can.READ_EVERYTHING, Can.READ_TRAIL},
    Role.ADMINISTRATOR: set(Can),
}


def can(user, permission: Can) -> bool:
    return bool(user and user.is_authenticated and user.is_active and permission in ROLES[user.role])


def requires(permission: Can) -> Callable:
    """Guard a page: a stranger is sent to log in, a person without the permission is told so."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            if not can(request.user, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
