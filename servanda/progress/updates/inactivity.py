"""Since when nothing was heard of a record or from an institution.

An update counts once it is published, so the answer is the same for everybody who sees the record.
"""

from collections.abc import Collection
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
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.models import Recommendation

HALF_A_YEAR = 180
MOST_SILENT = 10
LONG = (90, HALF_A_YEAR, 365)  # days without a word, as the list asks for them


def heard_since(last_updates: QuerySet, day: date) -> QuerySet:
    return last_updates.filter(published_at__gte=begin_of(day))


def named(*rows: QuerySet) -> Q:
    """The records that any of these rows name."""
    return reduce(or_, (Q(pk__in=some.order_by().values("recommendation_id")) for some in rows))


def with_last_word(institutions: QuerySet, visible: QuerySet) -> QuerySet:
    """Each institution with `last_word`, the moment when its newest update on one of these records was published."""
    about = UpdateRecommendation.objects.filter(
        update=OuterRef("pk"), recommendation__in=visible.order_by().values("pk")
    )
    there = Q(Exists(about)) | Q(pk__in=UpdateCluster.objects.reaching(visible).values("update"))
    newest = Update.objects.published().filter(there, institution=OuterRef("pk")).order_by("-published_at")
    return institutions.annotate(last_word=Subquery(newest.values("published_at")[:1]))


def days_since(moment: datetime | None, *, on: date) -> int | None:
    """Nothing when nothing was ever heard."""
    return None if moment is None else max(0, (on - timezone.localtime(moment).date()).days)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one institution leads on, and how long nothing was heard from it."""

    institution: Institution
    led: int
    past: int  # of these, past their day
    heard: int  # of these, an update at some time
    lately: int  # of these, an update within half a year
    days: int | None  # since its last update on any record; nothing when there was none
    owed: int  # answers that it owes to open rounds past their day, as far as this reader may know

    @property
    def never(self) -> int:
        return self.led - self.heard

    @property
    def silent(self) -> int:
        """An update once, but none for half a year."""
        return self.heard - self.lately


type Numbers = dict[int, dict[str, Any]]  # by institution: what is told of it


def numbers_heard(led: QuerySet, audience: Audience, user: User, *, on: date) -> Numbers:
    """Of all institutions that lead on records, as these assignments say; one that this audience may read of."""
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
    numbers: Numbers = {row.pop("institution"): row for row in rows}
    owed = answers_owed(numbers.keys(), audience, user, on=on)
    words = with_last_word(Institution.objects.filter(pk__in=numbers.keys()).order_by(), audience.visible)
    for pk, moment in words.values_list("pk", "last_word"):
        numbers[pk] |= {"days": days_since(moment, on=on), "owed": owed.get(pk, 0)}
    return numbers


def institutions_heard(numbers: Numbers) -> list[Heard]:
    """The most silent first."""
    places = Institution.objects.filter(pk__in=numbers.keys())
    found = [Heard(one, **numbers[one.pk]) for one in places]
    return sorted(found, key=lambda one: (one.days is not None, -(one.days or 0), -one.never, one.institution.code))


def in_rows(rows: QuerySet) -> Q:
    return Q(recommendation__in=rows.order_by().values("recommendation_id"))


def answers_owed(institutions: Collection[int], audience: Audience, user: User, *, on: date) -> dict[int, int]:
    """What each owes to open rounds past their day, on records that this audience sees."""
    late = InputRequest.objects.visible_to(user).open().filter(institution__in=institutions, due_on__lt=on)
    owed = Q(items__answered_at=None, items__recommendation__in=audience.visible.order_by().values("pk"))
    counted = late.order_by().values("institution").annotate(n=Count("items", filter=owed))
    return dict(counted.values_list("institution", "n"))


def records_silent(
    audience: Audience, institution: Institution, *, on: date
) -> list[tuple[Recommendation, int | None]]:
    """Of the records that one institution leads on, those of which nothing was heard for longest."""
    led = Assignment.objects.current().leading().filter(institution=institution)
    led = led if audience.bodies is None else led.filter(recommendation__body__code__in=audience.bodies)
    found = with_last_update(audience.visible.filter(pk__in=led.values("recommendation_id")))
    longest = found.order_by(F("last_update").asc(nulls_first=True), "order_key", "pk")[:MOST_SILENT]
    return [(one, days_since(one.last_update, on=on)) for one in longest]
