"""What is due for erasure: the dry run. It counts persons and files, and names none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from servanda.kit.pages.listing import ListFilter, choice_in, page_number
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import (
    LegalHold,
    PersonConcerned,
    Proceeding,
    ProceedingFile,
    ProceedingQuerySet,
    TakenStep,
)
from servanda.proceedings.models.proceedings import CLOSED

NOW, NEXT, HELD = "now", "next", "held"
WHICH = {
    NOW: gettext_lazy("Due now"),
    NEXT: gettext_lazy("Due within a year"),
    HELD: gettext_lazy("Under legal hold"),
}
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureFilter(ListFilter):
    which: str = NOW
    kind: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        which = choice_in(params, "which", WHICH, NOW)
        return cls(which=which, kind=choice_in(params, "kind", kinds()), number=page_number(params))


def years_before(on: date, years: int) -> date:
    """The last date whose period of so many years is over on this date; 29 February is over on 1 March."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 2, 28)


def years_after(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return date(on.year + years, 3, 1)


def ended() -> ProceedingQuerySet:
    """Closed or withdrawn proceedings whose personal data are there, each with the date as `ended_on`."""
    closing = TakenStep.objects.filter(proceeding=OuterRef("pk"), step=CLOSED, is_return=False).order_by("-pk")
    ended_on = Case(
        When(step=CLOSED, then=Subquery(closing.values("on")[:1])),
        default=TruncDate("withdrawn_at"),
        output_field=DateField(),
    )
    found = Proceeding.objects.filter(Q(step=CLOSED) | Q(withdrawn_at__isnull=False), erased_at=None)
    return found.annotate(ended_on=ended_on)


def over(periods: Mapping[str, int], *, on: date) -> ProceedingQuerySet:
    """Those whose period is over on this date."""
    is_over = Q(pk__in=[])
    for kind, years in periods.items():
        is_over |= Q(kind=kind, ended_on__lte=years_before(on, years))
    return ended().filter(is_over)


def is_held() -> Exists:
    return Exists(LegalHold.objects.open().filter(proceeding=OuterRef("pk")))


def due(periods: Mapping[str, int], *, on: date) -> ProceedingQuerySet:
    """What can be erased on this date: the period is over, and no hold is in the way."""
    return over(periods, on=on).filter(~is_held())


def find_due(periods: Mapping[str, int], filters: ErasureFilter, *, on: date) -> ProceedingQuerySet:
    if filters.which == HELD:
        found = Proceeding.objects.filter(is_held())
        found = found.annotate(ended_on=Subquery(ended().filter(pk=OuterRef("pk")).values("ended_on")[:1]))
    elif filters.which == NEXT:
        found = over(periods, on=on + A_YEAR).exclude(pk__in=over(periods, on=on).order_by().values("pk"))
    else:
        found = due(periods, on=on)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    return counted(found).order_by("ended_on", "reference", "pk")


def counted(found: ProceedingQuerySet) -> ProceedingQuerySet:
    """Each with how many persons and files it has: numbers only."""
    persons = PersonConcerned.objects.filter(erased_at=None)
    return found.annotate(
        person_count=number_of(persons), file_count=number_of(ProceedingFile.objects.all()), held=is_held()
    )


def number_of(rows: QuerySet) -> Coalesce:
    rows = rows.order_by().filter(proceeding=OuterRef("pk")).values("proceeding").annotate(number=Count("pk"))
    return Coalesce(Subquery(rows.values("number")), 0, output_field=IntegerField())
