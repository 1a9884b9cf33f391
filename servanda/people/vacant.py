"""Whether an institution has people for a function: who can log in, or was invited to."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from servanda.people.models import AccountState, Appointment, User

FOCAL_POINT = (Appointment.Function.PRINCIPAL, Appointment.Function.ALTERNATE)


def appointed(functions: Iterable[str], *, on: date, institution: str = "pk") -> Exists:
    """Whether a person who has an account, or is invited, is appointed to one of these functions; `institution` is
    where the row that is asked about names it."""
    people = User.objects.in_state(AccountState.ACTIVE) | User.objects.in_state(AccountState.INVITED)
    current = Appointment.objects.current(on=on).filter(institution=OuterRef(institution), function__in=functions)
    return Exists(current.filter(person__in=people))


def has_focal_point(*, on: date, institution: str = "pk") -> Exists:
    return appointed(FOCAL_POINT, on=on, institution=institution)
