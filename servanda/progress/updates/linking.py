"""What an update is shown on: records, and clusters of them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.progress.models import Update, UpdateRecommendation
from servanda.progress.updates.coverage import (
    covered_records,
    link_cluster,
    linked_to,
    records_of,
    refuse_answer,
    settle_items,
)
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.permissions import (
    refuse_mixed,
    refuse_unready,
)
from servanda.progress.updates.transitions import State, lock, refuse_unless, refuse_unless_coordinator, trail_label
from servanda.recommendations.models import Cluster, Recommendation
from servanda.trail.models import Event


@transaction.atomic
def link_update(
    *, update: Update, recommendations: Sequence[Recommendation], by: User, cluster: Cluster | None = None
) -> Update:
    """Show a published update on further records or a cluster as well; nothing is copied.

    Raises `Refused` for users who are not coordinators, for nothing new, or if the readers of the records differ.
    """
    update = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(update, State.PUBLISHED)
    refuse_answer(update)
    new = [record for record in recommendations if record.pk not in set(linked_to(update))]
    if not new and cluster is None:
        raise Refused(_("This update is already shown on these records. Choose others."))
    refuse_mixed([*records_of(update), *new])
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation=record) for record in new
    )
    keep_last_updates([record.pk for record in new])
    difference = {"records": ["", ", ".join(record.code for record in new)]} if new else {}
    if cluster is not None:
        link_cluster(update, cluster, by=by)
        difference |= {"clusters": ["", cluster.name]}
    update.version += 1
    update.save()
    settle_items(update)
    Event.record("update-linked", update, by=by, label=trail_label(update), difference=difference)
    return update


@transaction.atomic
def unlink_update(*, update: Update, cluster: Cluster, by: User) -> Update:
    """Stop showing an update through a cluster.

    Raises `Refused` for anyone except a coordinator, and if the update would be about nothing any more.
    """
    update = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(update, State.PUBLISHED)
    records = covered_records(update)
    deleted, _by_model = update.cluster_abouts.filter(cluster=cluster).delete()
    if not deleted:
        raise Refused(_("This update is not shown on that cluster."))
    refuse_unready(update, records_of(update))
    update.version += 1
    update.save()
    settle_items(update, records)
    difference = {"clusters": [cluster.name, ""]}
    Event.record("update-unlinked", update, by=by, label=trail_label(update), difference=difference)
    return update


def link(update: Update, recommendations: Sequence[Recommendation]) -> None:
    """Link the update to exactly these records."""
    chosen, linked = {record.pk for record in recommendations}, set(linked_to(update))
    update.abouts.exclude(recommendation__in=chosen).delete()
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation_id=pk) for pk in sorted(chosen - linked)
    )
