"""Silence is data: since when nothing was heard of a record or from an institution, and what a record lacks.

An update counts once it is published, so the answer is the same for everybody who sees the record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
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
    UpdateCluster,
    UpdateRecommendation,
)
from servanda.progress.models.evidence import came_out
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.models import ClusterMember, Recommendation
from servanda.recommendations.records.id_sets import Ids

HALF_A_YEAR = 180
MOST_SILENT = 10
THROUGH = "cluster__update_abouts__update"  # from a member of a cluster to what is reported on the cluster
LONG = (90, HALF_A_YEAR, 365)  # days without a word, as the list asks for them


@dataclass(frozen=True, slots=True)
class Said:
    """Rows that say something of records, as far as one audience may count them; each names its record.

    What is said of a cluster stands in rows of its members, as they are now.
    """

    assessments: QuerySet
    actions: QuerySet
    actions_through: QuerySet
    indicators: QuerySet
    evidence: QuerySet
    last_updates: QuerySet
    here: Q

    def heard(self, *, since: date | None = None) -> Q:
        """The records of which something was heard, by name or through a cluster."""
        by_name = self.last_updates if since is None else heard_since(self.last_updates, since)
        return named(by_name, heard_through(since=since).filter(self.here))


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
        actions_through=members_answered(audience).filter(here),
        indicators=opened(
            IndicatorRecommendation.objects.filter(here), "indicator", Indicator.objects.kept(), audience
        ),
        evidence=EvidenceRecommendation.objects.filter(here, evidence__in=evidence.order_by().values("pk")),
        last_updates=LastUpdate.objects.filter(here),
        here=here,
    )


def opened(rows: QuerySet, name: str, things: QuerySet, audience: Audience) -> QuerySet:
    """What is published, and the rest on records whose internal side is open."""
    rows = rows.filter((f"{name}__in", things.order_by().values("pk")))
    if audience.bodies is None:
        return rows
    published = Q((f"{name}__is_published", True))
    return rows.filter(published | Q(recommendation__body__code__in=audience.bodies))


def members_answered(audience: Audience) -> QuerySet:
    """The members of clusters, once for each action on their cluster that this audience may count."""
    to = "cluster__action_answers__action"
    answered = Q((f"{to}__in", Action.objects.kept().order_by().values("pk")))
    if audience.bodies is not None:
        answered &= Q((f"{to}__is_published", True)) | Q(recommendation__body__code__in=audience.bodies)
    return ClusterMember.objects.reached().filter(answered).annotate(answer=F(to))


def heard_through(*, since: date | None = None) -> QuerySet:
    """The members of clusters, once for each published update on their cluster."""
    told: dict[str, Any] = {f"{THROUGH}__state": Update.State.PUBLISHED, f"{THROUGH}__withdrawn_at": None}
    told |= {} if since is None else {f"{THROUGH}__published_at__gte": begin_of(since)}
    return ClusterMember.objects.reached().filter(**told)


def published_updates() -> QuerySet:
    return UpdateRecommendation.objects.filter(update__state=Update.State.PUBLISHED, update__withdrawn_at=None)


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def heard_since(last_updates: QuerySet, day: date) -> QuerySet:
    return last_updates.filter(published_at__gte=begin_of(day))


def named(*rows: QuerySet) -> Q:
    """The records that any of these rows name."""
    return reduce(or_, (Q(pk__in=some.order_by().values("recommendation_id")) for some in rows))


def with_last_update(records: QuerySet) -> QuerySet:
    """Each record with `last_update`, the moment when the newest update on it was published."""
    return records.annotate(last_update=newest_word())


def newest_word() -> Greatest:
    """When the newest update on the record at hand was published, by name or through its cluster."""
    members = heard_through().filter(recommendation=OuterRef("pk")).order_by().values("recommendation_id")
    through = Subquery(members.annotate(at=Max(f"{THROUGH}__published_at")).values("at"))
    by_name = F("last_update_kept__published_at")
    # The greatest of a day and nothing is nothing in SQLite.
    return Greatest(Coalesce(by_name, through), Coalesce(through, by_name))


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


def numbers_heard(led: QuerySet, audience: Audience, user, *, on: date) -> Numbers:
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
