"""The names of people as a reader may see them: contributors are named only to those who may know them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.people.models import Appointment, User


def shown_names(people: Iterable[User | None], *, to) -> dict[int, str]:
    """The names by primary key, with at most one query."""
    by_key = {person.pk: person for person in people if person is not None}
    hidden = unnamed(by_key.values(), to=to)
    return {pk: _("A contributor") if pk in hidden else str(person) for pk, person in by_key.items()}


def unnamed(people: Iterable[User], *, to) -> set[int]:
    """The keys of those who have only ever been contributors, except the reader."""
    if can(to, Can.SEE_CONTRIBUTORS):
        return set()
    to_check = [person.pk for person in people if not person.role and person.pk != getattr(to, "pk", None)]
    if not to_check:
        return set()
    functions: dict[int, set[str]] = {}
    for pk, function in Appointment.objects.filter(person__in=to_check).order_by().values_list("person", "function"):
        functions.setdefault(pk, set()).add(function)
    return {
        pk for pk, person_functions in functions.items() if person_functions == {Appointment.Function.CONTRIBUTOR}
    }
