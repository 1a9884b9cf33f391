"""The newest published update on a record, by name or through a cluster, and its moment stored beside the record."""

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
    """The members of clusters, once for each published update on their cluster."""
    told: dict[str, Any] = {f"{THROUGH}__state": Update.State.PUBLISHED, f"{THROUGH}__withdrawn_at": None}
    told |= {} if since is None else {f"{THROUGH}__published_at__gte": begin_of(since)}
    return ClusterMember.objects.reached().filter(**told)


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


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


@transaction.atomic
def keep_last_updates(records: Collection[int]) -> None:
    """Anew from the updates that stand. Two deeds on one record wait for each other, so that neither writes down what
    the other has just made old."""
    list(
        Recommendation.objects.select_for_update(no_key=True).filter(pk__in=records).order_by("pk").values_list("pk")
    )
    there = published_updates().filter(recommendation__in=records).order_by()
    newest = dict(there.values_list("recommendation").annotate(Max("update__published_at")))
    LastUpdate.objects.filter(recommendation__in=set(records) - newest.keys()).delete()
    LastUpdate.objects.bulk_create(
        [LastUpdate(recommendation_id=pk, published_at=at) for pk, at in newest.items()],
        update_conflicts=True,
        unique_fields=["recommendation"],
        update_fields=["published_at"],
    )
