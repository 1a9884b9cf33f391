from typing import Self

from django.db import models

from servanda.people.access import Can, can
from servanda.people.models import User


class RestorableQuerySet(models.QuerySet):
    """Rows with `withdrawn_at`: a withdrawn row is left out everywhere until somebody restores it."""

    def kept(self) -> Self:
        return self.filter(withdrawn_at=None)

    def former_for(self, user: User) -> Self:
        """Withdrawn ones that this person may restore."""
        return self.filter(withdrawn_at__isnull=False) if can(user, Can.EDIT_NETWORK) else self.none()


class WithdrawableQuerySet(RestorableQuerySet):
    """Rows that everybody with access to the internal side may read until they are withdrawn."""

    def visible_to(self, user: User) -> Self:
        return self.kept() if can(user, Can.READ_INTERNAL) else self.none()
