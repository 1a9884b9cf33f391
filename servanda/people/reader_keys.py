"""The key of what is kept for one reader (`kit/database/kept_texts.py`)."""

from collections.abc import Hashable
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.functional import LazyObject
from django.utils.translation import get_language

from servanda.people.access import roles_of
from servanda.people.models import Instance, User

SIMPLE = (str, int, date)  # also true or false, and moments


def all_of_reader(user: User) -> Hashable:
    """Everything that the text of a query can take from its reader: the row with its annotations, the appointments
    and where they reach, and the settings, the day and the language."""
    return (
        simple_values(user),
        roles_of(user),
        tuple((role, *user.scopes_of([role])) for role in sorted(user.roles)),
        tuple(simple_values(appointment) for appointment in user.current_appointments),
        simple_values(Instance.current()),
        timezone.localdate(),
        timezone.now().date(),
        timezone.get_current_timezone_name(),
        get_language(),
    )


def simple_values(row: models.Model) -> tuple:
    """The plain values of a row. The user of a request is a lazy object, so the row inside it is read."""
    if isinstance(row, LazyObject) and row.pk:
        row = row._wrapped
    return tuple((name, value) for name, value in vars(row).items() if value is None or isinstance(value, SIMPLE))
