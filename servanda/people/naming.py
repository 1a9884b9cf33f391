"""What a person is called before a reader: contributors are named only to those who may know who they are."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.people.models import Appointment, User


def shown_names(people: Iterable[User | None], *, to) -> dict[int, str]:
    """The names by primary key; one question to the database at most, however many people there are."""
    there = {person.pk: person for person in people if person is not None}
    hidden = unnamed(there.values(), to=to)
    return {pk: _("A contributor") if pk in hidden else str(person) for pk, person in there.items()}


def unnamed(people: Iterable[User], *, to) -> set[int]:
    """Those among them who never were anything but contributors; oneself one always knows."""
    if can(to, Can.SEE_CONTRIBUTORS):
        return set()
    asked = [person.pk for person in people if not person.role and person.pk != getattr(to, "pk", None)]
    if not asked:
        return set()
    functions: dict[int, set[str]] = {}
    for pk, function in Appointment.objects.filter(person__in=asked).order_by().values_list("person", "function"):
        functions.setdefault(pk, set()).add(function)
    return {pk for pk, held in functions.items() if held == {Appointment.Function.CONTRIBUTOR}}
