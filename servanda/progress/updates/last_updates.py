"""Which update on a record is the newest, kept beside the record with each deed that changes it."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from servanda.progress.models import LastUpdate
from servanda.progress.updates.inactivity import published_updates
from servanda.recommendations.models import Recommendation


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
