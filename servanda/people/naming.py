"""The names of people as a reader may see them: contributors are named only to those who may know them. The names of
institutions in lists and choices say which are closed."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.people.models import Appointment, Institution, User


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


def listed_name(institution: Institution) -> str:
    """Its name, with a word if it is closed, among others that are open."""
    if institution.is_closed(on=timezone.localdate()):
        return _("%(institution)s (closed)") % {"institution": institution}
    return str(institution)


class InstitutionByName(forms.ModelChoiceField):
    label_from_instance = staticmethod(listed_name)


class InstitutionsByName(forms.ModelMultipleChoiceField):
    label_from_instance = staticmethod(listed_name)
