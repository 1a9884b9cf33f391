"""Whom a question reaches: the people appointed to an institution, or to the one that took its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from servanda.people.models import Appointment, Institution, Succession, User

Function = Appointment.Function
ASKED = (Function.PRINCIPAL, Function.ALTERNATE, Function.AUTHORITY)


@dataclass(slots=True)
class Reached:
    """Those appointed today, and apart from them those whom no mail reaches: accounts closed or never opened."""

    appointments: list[Appointment] = field(default_factory=list)
    out_of_reach: list[Appointment] = field(default_factory=list)

    def holding(self, *functions: str) -> list[Appointment]:
        return [held for held in self.appointments if held.function in functions]

    @property
    def first_asked(self) -> list[Appointment]:
        """The principals; where there is none, the alternates."""
        return self.holding(Function.PRINCIPAL) or self.holding(Function.ALTERNATE)


def heirs(institutions: Iterable[Institution], *, on: date) -> dict[int, int | None]:
    """For each institution the one that answers in its place: itself while it exists, then the one that took its
    place; nobody where that is no one, or several."""
    found: dict[int, int | None] = {}
    closed = {one.pk for one in institutions if not one.is_active(on=on)}
    if closed:
        found = inherited(closed, on=on)
    return {one.pk: found[one.pk] if one.pk in closed else one.pk for one in institutions}


def inherited(closed: set[int], *, on: date) -> dict[int, int | None]:
    after: dict[int, set[int]] = {}
    for predecessor, successor in Succession.objects.values_list("predecessor_id", "successor_id"):
        after.setdefault(predecessor, set()).add(successor)
    active = set(Institution.objects.active(on=on).values_list("pk", flat=True))
    return {pk: followed(pk, after, active) for pk in closed}


def followed(pk: int, after: dict[int, set[int]], active: set[int]) -> int | None:
    seen = {pk}
    while pk not in active:
        following = after.get(pk, set()) - seen
        if len(following) != 1:
            return None
        pk = following.pop()
        seen.add(pk)
    return pk


def reached(institutions: Iterable[Institution], *, on: date) -> dict[int, Reached]:
    """By institution; two questions to the database, or four when one of them has closed."""
    heir = heirs(list(institutions), on=on)
    held = Appointment.objects.current(on=on).filter(institution__in=set(heir.values()) - {None}, function__in=ASKED)
    by_place: dict[int, Reached] = {}
    for appointment in held.select_related("person").order_by("pk"):
        there = by_place.setdefault(appointment.institution_id, Reached())
        (there.appointments if is_in_reach(appointment.person) else there.out_of_reach).append(appointment)
    return {pk: by_place.get(place or 0, Reached()) for pk, place in heir.items()}


def is_in_reach(person: User) -> bool:
    return bool(person.is_active and person.email and not person.erased_at)
