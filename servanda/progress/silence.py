"""Silence is data: since when nothing was heard of a record or from an institution, and what a record lacks.

An update counts once it is published, so the answer is the same for everybody who sees the record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.planning.models import Action, ActionRecommendation, Assignment, Indicator, IndicatorRecommendation
from servanda.progress.models import (
    Assessment,
    Evidence,
    EvidenceRecommendation,
    InputRequest,
    LastUpdate,
    Update,
    UpdateRecommendation,
)
from servanda.progress.models.evidence import came_out
from servanda.recommendations.counts import Audience, Ids
from servanda.recommendations.models import Recommendation

HALF_A_YEAR = 180
MOST_SILENT = 10
LONG = (90, HALF_A_YEAR, 365)  # days without a word, as the list asks for them


@dataclass(frozen=True, slots=True)
class Said:
    """Rows that say something of records, as far as one audience may count them; each names its record."""

    assessments: QuerySet
    actions: QuerySet
    indicators: QuerySet
    evidence: QuerySet
    last_updates: QuerySet


def said_to(audience: Audience, user=None, within: Ids | None = None) -> Said:
    """By the rules of `visible_to` of each; on a record that a reader sees from outside, only what is public."""
    here = Q() if within is None else Q(recommendation__in=within)
    evidence = Evidence.objects.kept()
    if user is not None and can(user, Can.READ_EVERYTHING):
        evidence = evidence.filter(is_submitted=True)
    else:
        own = [scope.institutions for scope in scopes(user, Can.READ_INTERNAL)] if user else []
        public = Q(is_public=True) & came_out()
        evidence = evidence.filter(public | Q(institution__in=frozenset().union(*own)))
    return Said(
        assessments=Assessment.objects.latest().filter(here),
        actions=opened(ActionRecommendation.objects.filter(here), "action", Action.objects.kept(), audience),
        indicators=opened(
            IndicatorRecommendation.objects.filter(here), "indicator", Indicator.objects.kept(), audience
        ),
        evidence=EvidenceRecommendation.objects.filter(here, evidence__in=evidence.order_by().values("pk")),
        last_updates=LastUpdate.objects.filter(here),
    )


def opened(rows: QuerySet, name: str, things: QuerySet, audience: Audience) -> QuerySet:
    """What is published, and the rest on records whose internal side is open."""
    rows = rows.filter((f"{name}__in", things.order_by().values("pk")))
    if audience.bodies is None:
        return rows
    published = Q((f"{name}__is_published", True))
    return rows.filter(published | Q(recommendation__body__code__in=audience.bodies))


def published_updates() -> QuerySet:
    return UpdateRecommendation.objects.filter(update__state=Update.State.PUBLISHED, update__withdrawn_at=None)


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def heard_since(last_updates: QuerySet, day: date) -> QuerySet:
    return last_updates.filter(published_at__gte=begin_of(day))


def named(rows: QuerySet) -> Q:
    """The records that these rows name."""
    return Q(pk__in=rows.order_by().values("recommendation_id"))


def with_last_update(records: QuerySet) -> QuerySet:
    """Each record with `last_update`, the moment when the newest update on it was published."""
    return records.annotate(last_update=F("last_update_kept__published_at"))


def with_last_word(institutions: QuerySet, visible: QuerySet) -> QuerySet:
    """Each institution with `last_word`, the moment when its newest update on one of these records was published."""
    about = UpdateRecommendation.objects.filter(
        update=OuterRef("pk"), recommendation__in=visible.order_by().values("pk")
    )
    newest = Update.objects.published().filter(Exists(about), institution=OuterRef("pk")).order_by("-published_at")
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


def numbers_heard(led: QuerySet, audience: Audience, user, *, on: date) -> Numbers:
    """Of all institutions that lead on records, as these assignments say; one that this audience may read of."""
    lately = begin_of(on - timedelta(days=HALF_A_YEAR))
    rows = led.order_by().values("institution")
    rows = rows.annotate(
        led=Count("pk"),
        past=Count("pk", filter=Q(due_on__lt=on)),
        heard=Count("recommendation__last_update_kept"),
        lately=Count("pk", filter=Q(recommendation__last_update_kept__published_at__gte=lately)),
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


def answers_owed(institutions: Collection[int], audience: Audience, user, *, on: date) -> dict[int, int]:
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
