"""When the newest update on a record was published, by name or through a cluster; the date by name is stored."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from servanda.progress.models import LastUpdate, Update, UpdateRecommendation
from servanda.recommendations.models import ClusterMember, Recommendation

THROUGH = "cluster__update_abouts__update"  # from a member of a cluster to what is reported on the cluster


def published_updates() -> QuerySet:
    return UpdateRecommendation.objects.filter(update__state=Update.State.PUBLISHED, update__withdrawn_at=None)


def heard_through(*, since: date | None = None) -> QuerySet:
    """Members of clusters, one row for each published update on their cluster."""
    conditions: dict[str, Any] = {f"{THROUGH}__state": Update.State.PUBLISHED, f"{THROUGH}__withdrawn_at": None}
    conditions |= {} if since is None else {f"{THROUGH}__published_at__gte": begin_of(since)}
    return ClusterMember.objects.reached().filter(**conditions)


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def with_last_update(records: QuerySet) -> QuerySet:
    """Annotate each record with `last_update`: when the newest update on it was published."""
    return records.annotate(last_update=latest_publication())


def latest_publication() -> Greatest:
    """An expression on records: when the newest update on one was published, by name or through its cluster."""
    members = heard_through().filter(recommendation=OuterRef("pk")).order_by().values("recommendation_id")
    through = Subquery(members.annotate(at=Max(f"{THROUGH}__published_at")).values("at"))
    by_name = F("last_update_kept__published_at")
    # In SQLite, GREATEST is NULL if one argument is.
    return Greatest(Coalesce(by_name, through), Coalesce(through, by_name))


@transaction.atomic
def keep_last_updates(records: Collection[int]) -> None:
    """Compute the stored dates again from the published updates.

    The records are locked first, so that of two changes to one record neither stores what the other has just
    outdated.
    """
    list(
        Recommendation.objects.select_for_update(no_key=True).filter(pk__in=records).order_by("pk").values_list("pk")
    )
    published = published_updates().filter(recommendation__in=records).order_by()
    newest = dict(published.values_list("recommendation").annotate(Max("update__published_at")))
    LastUpdate.objects.filter(recommendation__in=set(records) - newest.keys()).delete()
    LastUpdate.objects.bulk_create(
        [LastUpdate(recommendation_id=pk, published_at=at) for pk, at in newest.items()],
        update_conflicts=True,
        unique_fields=["recommendation"],
        update_fields=["published_at"],
    )
