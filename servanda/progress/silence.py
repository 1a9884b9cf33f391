"""Silence is data: since when nothing was heard of a record or from an institution, and what a record lacks.

An update counts once it is published, so the answer is the same for everybody who sees the record.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from servanda.people.access import Can, can, scopes
from servanda.planning.models import Action, ActionRecommendation, Indicator, IndicatorRecommendation
from servanda.progress.models import Evidence, EvidenceRecommendation, Update, UpdateRecommendation
from servanda.recommendations.counts import Audience

LONG = (90, 180, 365)  # days without a word, as the list asks for them


@dataclass(frozen=True, slots=True)
class Said:
    """Rows that say something of records, as far as one audience may count them; each names its record."""

    actions: QuerySet
    indicators: QuerySet
    evidence: QuerySet
    updates: QuerySet


def said_to(audience: Audience, user=None) -> Said:
    """By the rules of `visible_to` of each; on a record that a reader sees from outside, only what is public."""
    evidence = Evidence.objects.kept()
    if user is not None and can(user, Can.READ_EVERYTHING):
        evidence = evidence.filter(is_submitted=True)
    else:
        own = [scope.institutions for scope in scopes(user, Can.READ_INTERNAL)] if user else []
        evidence = evidence.filter(Q(is_public=True) | Q(institution__in=frozenset().union(*own)))
    return Said(
        actions=opened(ActionRecommendation.objects.all(), "action", Action.objects.kept(), audience),
        indicators=opened(IndicatorRecommendation.objects.all(), "indicator", Indicator.objects.kept(), audience),
        evidence=EvidenceRecommendation.objects.filter(evidence__in=evidence.order_by().values("pk")),
        updates=published_updates(),
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


def heard_since(day: date) -> QuerySet:
    return published_updates().filter(update__published_at__gte=begin_of(day))


def named(rows: QuerySet) -> Q:
    """The records that these rows name."""
    return Q(pk__in=rows.order_by().values("recommendation_id"))


def silent_for(days: int, *, on: date) -> Q:
    """The records of which something was heard, but nothing for so many days."""
    return named(published_updates()) & ~named(heard_since(on - timedelta(days=days)))


def with_last_update(records: QuerySet) -> QuerySet:
    """Each record with `last_update`, the moment when the newest update on it was published."""
    newest = published_updates().filter(recommendation=OuterRef("pk")).order_by().values("recommendation_id")
    return records.annotate(last_update=Subquery(newest.annotate(at=Max("update__published_at")).values("at")))


def with_last_word(institutions: QuerySet) -> QuerySet:
    """Each institution with `last_word`, the moment when its newest update was published."""
    newest = Update.objects.published().filter(institution=OuterRef("pk")).order_by("-published_at")
    return institutions.annotate(last_word=Subquery(newest.values("published_at")[:1]))


def days_since(moment: datetime | None, *, on: date) -> int | None:
    """Nothing when nothing was ever heard."""
    return None if moment is None else max(0, (on - timezone.localtime(moment).date()).days)
