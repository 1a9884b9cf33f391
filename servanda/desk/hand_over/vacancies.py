"""Vacancies: institutions with records and no focal point first, then vacant functions and ending appointments."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import batched

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.appointments.services import appointed, has_focal_point
from servanda.people.models import Appointment, AppointmentQuerySet, Institution, Succession, User
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation

type Reader = User | AnonymousUser

ENDING = timedelta(days=60)
ENDED = timedelta(days=90)
ON_A_PAGE = 50
COLUMNS = 500  # parameters in one query, within the limits of both databases
Function = Appointment.Function


@require_safe
@requires(Can.MANAGE_PEOPLE)
def vacancies(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    missing = incomplete(user, on=today)
    page = page_of(missing.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {
        "alarms": alarms(user, on=today),
        "missing": missing[slice_of(page)],
        **pager(page),
        "ending": ending(user, on=today),
        "ended": ended_without_hand_over(user, on=today),
        "ending_days": ENDING.days,
        "ended_days": ENDED.days,
    }
    return render(request, "desk/hand_over/vacancies.html", context)


def incomplete(user: Reader, *, on: date) -> QuerySet[Institution]:
    """Active institutions without a principal focal point or a validating authority."""
    rows = Institution.objects.visible_to(user).active(on=on).select_related("parent")
    rows = rows.annotate(
        has_principal=appointed([Function.PRINCIPAL], on=on), has_authority=appointed([Function.AUTHORITY], on=on)
    )
    return rows.filter(Q(has_principal=False) | Q(has_authority=False)).order_by("code")


def ending(user: Reader, *, on: date) -> AppointmentQuerySet:
    rows = Appointment.objects.visible_to(user).ending(on=on, within=ENDING)
    return rows.filter(~goes_on()).select_related("person", "institution").order_by("end", "pk")


def ended_without_hand_over(user: Reader, *, on: date) -> AppointmentQuerySet:
    rows = Appointment.objects.visible_to(user).filter(end__lt=on, end__gte=on - ENDED, hand_over=None)
    return rows.filter(~goes_on()).select_related("person", "institution").order_by("-end", "pk")


def goes_on() -> Exists:
    """A renewed appointment: the same person in the same function at the same institution."""
    same = Appointment.objects.filter(
        person=OuterRef("person"), institution=OuterRef("institution"), function=OuterRef("function")
    )
    return Exists(same.filter(start__gt=OuterRef("end")))


def alarms(user: Reader, *, on: date) -> list[Institution]:
    """Institutions without a focal point that have records, by name, assignment or succession; `waiting` is the
    number of those records that this person may see."""
    vacant = Institution.objects.visible_to(user).active(on=on).filter(~has_focal_point(on=on)).in_bulk()
    numbers = named_on(vacant.keys(), user)
    for pk, number in numbers.items():
        vacant[pk].waiting = number
    return [vacant[pk] for pk in sorted(numbers, key=lambda pk: (-numbers[pk], vacant[pk].code))]


def number_of_alarms(user: Reader, *, on: date) -> int:
    """How many institutions `alarms` lists."""
    vacant = Institution.objects.visible_to(user).active(on=on).filter(~has_focal_point(on=on)).order_by()
    rows = vacant.values_list("pk", Value(None, IntegerField()))
    pairs = list(rows.union(Succession.objects.values_list("successor_id", "predecessor_id"), all=True).order_by())
    keys = [pk for pk, predecessor in pairs if predecessor is None]
    return len(named_on(keys, user, pairs=[pair for pair in pairs if pair[1] is not None]))


def named_on(
    institutions: Iterable[int], user: Reader, pairs: Iterable[tuple[int, int]] | None = None
) -> dict[int, int]:
    """The number of records on which each institution, or one of its predecessors, is named or assigned; without
    zeros. `pairs` are all pairs of successor and predecessor, if they are known."""
    lines, keys = places_taken(pairs), set(institutions)
    heirs: dict[int, set[int]] = {}
    for pk in keys:
        for predecessor in lines.get(pk, {pk}):
            heirs.setdefault(predecessor, set()).add(pk)
    records: dict[int, set[int]] = {}
    for institution, record in pairs_named(heirs, user):
        for heir in heirs[institution]:
            records.setdefault(heir, set()).add(record)
    return {pk: len(named_records) for pk, named_records in records.items()}


def pairs_named(institutions: Collection[int], user: Reader) -> Iterator[tuple[int, int]]:
    """Pairs of institutions and visible records that are restricted or assigned to them."""
    opened = Recommendation.every_kind.opened_to(user).order_by()
    restricted = opened.filter(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    named = Recommendation.restricted_to.through.objects.filter(recommendation__in=restricted.values("pk")).order_by()
    assigned = Assignment.objects.current().filter(recommendation__in=opened.values("pk")).order_by()
    for batch in batched(institutions, COLUMNS, strict=False):
        rows = (
            links.filter(institution__in=batch).values_list("institution", "recommendation")
            for links in (named, assigned)
        )
        yield from next(rows).union(*rows).iterator()


def places_taken(pairs: Iterable[tuple[int, int]] | None = None) -> dict[int, set[int]]:
    """By institution: itself and all its direct and indirect predecessors."""
    before: dict[int, set[int]] = {}
    if pairs is None:
        pairs = Succession.objects.values_list("successor_id", "predecessor_id")
    for successor, predecessor in pairs:
        before.setdefault(successor, set()).add(predecessor)
    lines = {}
    for pk in before:
        line, waiting = {pk}, [pk]
        while waiting:
            new = before.get(waiting.pop(), set()) - line
            line |= new
            waiting += new
        lines[pk] = line
    return lines
