"""How long ago the last update on a record, or from an institution, was published.

Only published updates count, so everyone who sees a record gets the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.models import InputRequest, Update, UpdateCluster, UpdateRecommendation
from servanda.progress.updates.last_updates import begin_of, heard_through, with_last_update
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.models import Recommendation

HALF_A_YEAR = 180
MOST_SILENT = 10
LEADS = ("led", "past", "heard", "lately")
LONG = (90, HALF_A_YEAR, 365)  # the days without an update that the filter offers


def heard_since(last_updates: QuerySet, day: date) -> QuerySet:
    return last_updates.filter(published_at__gte=begin_of(day))


def named(*rows: QuerySet) -> Q:
    """The records that any of these rows name."""
    return reduce(or_, (Q(pk__in=rows_of_link.order_by().values("recommendation_id")) for rows_of_link in rows))


def with_last_publication(institutions: QuerySet, visible: QuerySet) -> QuerySet:
    """Annotate each institution with `last_word`: when its newest update on one of these records was published."""
    about = UpdateRecommendation.objects.filter(
        update=OuterRef("pk"), recommendation__in=visible.order_by().values("pk")
    )
    on_these_records = Q(Exists(about)) | Q(pk__in=UpdateCluster.objects.reaching(visible).values("update"))
    newest = Update.objects.published().filter(on_these_records, institution=OuterRef("pk")).order_by("-published_at")
    return institutions.annotate(last_word=Subquery(newest.values("published_at")[:1]))


def days_since(moment: datetime | None, *, on: date) -> int | None:
    """None if there was never an update."""
    return None if moment is None else max(0, (on - timezone.localtime(moment).date()).days)


@dataclass(frozen=True, slots=True)
class LastReport:
    """How many records one institution leads on, and how long it has reported nothing."""

    institution: Institution
    led: int
    past: int  # of these, past their due date
    heard: int  # of these, with an update at any time
    lately: int  # of these, with an update within half a year
    days: int | None  # since its last update on any record; None if there was none
    owed: int  # overdue answers to open rounds, as far as this reader may know

    @property
    def never(self) -> int:
        return self.led - self.heard

    @property
    def silent(self) -> int:
        """With an update, but none within half a year."""
        return self.heard - self.lately


type Numbers = dict[int, dict[str, Any]]  # by institution: the fields of `LastReport`


def numbers_heard(led: QuerySet, audience: Audience, user: User, *, on: date) -> Numbers:
    """The numbers for each institution that leads on records in these assignments."""
    rows = list(leads_heard(led, on=on))
    institutions = Institution.objects.filter(pk__in=[row[0] for row in rows])
    owed = answers_owed(audience, user, on=on).filter(institution__in=institutions.order_by().values("pk"))
    return numbers_of(rows, owed, last_publications(institutions, audience), on=on)


def leads_heard(led: QuerySet, *, on: date) -> QuerySet:
    """By institution: on how many records it leads, how many of these are past their date, and of how many there was
    an update, ever and lately."""
    half_a_year_ago = on - timedelta(days=HALF_A_YEAR)
    by_name = Q(recommendation__last_update_kept__isnull=False)
    lately = Q(recommendation__last_update_kept__published_at__gte=begin_of(half_a_year_ago))
    rows = led.order_by().values("institution")
    rows = rows.annotate(
        led=Count("pk"),
        past=Count("pk", filter=Q(due_on__lt=on)),
        heard=Count("pk", filter=by_name | in_rows(heard_through())),
        lately=Count("pk", filter=lately | in_rows(heard_through(since=half_a_year_ago))),
    )
    return rows.values_list("institution", *LEADS)


def last_publications(institutions: QuerySet[Institution], audience: Audience) -> QuerySet:
    return with_last_publication(institutions.order_by(), audience.visible).values_list("pk", "last_word")


def numbers_of(
    leads: Iterable[tuple],
    owed: Iterable[tuple[int, int]],
    last: Iterable[tuple[int, datetime | None]],
    *,
    on: date,
) -> Numbers:
    """From the rows of these queries; institutions that lead on nothing are left out."""
    answers, days = dict(owed), {pk: days_since(moment, on=on) for pk, moment in last}
    return {
        pk: dict(zip(LEADS, numbers, strict=True)) | {"days": days.get(pk), "owed": answers.get(pk, 0)}
        for pk, *numbers in leads
    }


def institutions_heard(numbers: Numbers) -> list[LastReport]:
    """Those without any update first, then by days since the last one."""
    institutions = Institution.objects.filter(pk__in=numbers.keys())
    institutions_led = [LastReport(institution, **numbers[institution.pk]) for institution in institutions]
    return sorted(
        institutions_led, key=lambda row: (row.days is not None, -(row.days or 0), -row.never, row.institution.code)
    )


def in_rows(rows: QuerySet) -> Q:
    return Q(recommendation__in=rows.order_by().values("recommendation_id"))


def answers_owed(audience: Audience, user: User, *, on: date) -> QuerySet:
    """How many overdue answers to open rounds each institution owes, on records that this audience sees."""
    late = InputRequest.objects.visible_to(user).open().filter(due_on__lt=on)
    owed = Q(items__answered_at=None, items__recommendation__in=audience.visible.order_by().values("pk"))
    counts = late.order_by().values("institution").annotate(n=Count("items", filter=owed))
    return counts.values_list("institution", "n")


def records_silent(
    audience: Audience, institution: Institution, *, on: date
) -> list[tuple[Recommendation, int | None]]:
    """Of the records that one institution leads on, those without an update for longest."""
    led = Assignment.objects.current().leading().filter(institution=institution)
    led = led if audience.bodies is None else led.filter(recommendation__body__code__in=audience.bodies)
    records = with_last_update(audience.visible.filter(pk__in=led.values("recommendation_id")))
    longest = records.order_by(F("last_update").asc(nulls_first=True), "order_key", "pk")[:MOST_SILENT]
    return [(record, days_since(record.last_update, on=on)) for record in longest]
