"""Creates, renames, splits, merges and dissolves clusters, and restores them; rejects proposals."""

from collections.abc import Collection, Sequence
from itertools import product

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock_all
from servanda.recommendations.models import Cluster, ClusterMember, Likeness, Recommendation, RejectedProposal
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

LONGEST_NAME = 200
NOT_COMPARED = 0.0  # the similarity of pairs on which only a person has decided
AT_ONCE = 1_000


@transaction.atomic
def make_cluster(*, name: str, records: Sequence[Recommendation], by: User) -> Cluster:
    """Create a cluster of records, which can then be viewed and followed up together. Raises `Refused`."""
    if len({record.pk for record in records}) < 2:
        raise Refused(_("Select at least two records."))
    refuse_clustered(records)
    cluster = Cluster.objects.create(name=cluster_name(name), created_by=by)
    put_in(cluster, records, by)
    Event.record("cluster-made", cluster, by=by, difference={"members": ["", codes_of(records)]})
    return cluster


@transaction.atomic
def rename_cluster(*, cluster: Cluster, name: str, by: User) -> None:
    locked = lock_cluster(cluster)
    previous, locked.name = locked.name, cluster_name(name)
    locked.save(update_fields=["name"])
    Event.record("cluster-renamed", locked, by=by, difference={"name": [previous, locked.name]})


@transaction.atomic
def add_members(*, cluster: Cluster, records: Sequence[Recommendation], by: User) -> None:
    """Add records to a cluster. Raises `Refused` where one is in a cluster already."""
    locked = lock_cluster(cluster)
    refuse_clustered(records)
    put_in(locked, records, by)
    Event.record("cluster-changed", locked, by=by, difference={"members": ["", codes_of(records)]})


@transaction.atomic
def take_out(*, cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    """Remove records from a cluster; the rejection is remembered, and they can be put back. Raises `Refused`."""
    locked = lock_cluster(cluster)
    removed = remove_members(locked, records)
    mark_apart(locked, removed, by)
    Event.record("cluster-changed", locked, by=by, difference={"members": [codes_of(removed), ""]})


@transaction.atomic
def put_back(*, cluster: Cluster, records: Sequence[Recommendation], by: User) -> None:
    """Put records back that were taken out, and forget the rejection. Raises `Refused`."""
    locked = lock_cluster(cluster)
    refuse_clustered(records)
    put_in(locked, records, by)
    rejected = pairs_across(locked, records).filter(decision=Likeness.Decision.REJECTED)
    rejected.filter(cosine=NOT_COMPARED).delete()
    rejected.update(decision=Likeness.Decision.OPEN, decided_by=None, decided_at=None)
    Event.record("cluster-changed", locked, by=by, difference={"members": ["", codes_of(records)]})


@transaction.atomic
def pin_members(*, cluster: Cluster, records: Collection[Recommendation], is_pinned: bool, by: User) -> None:
    """Pin records to a cluster whatever is proposed later, or unpin them. Raises `Refused`."""
    locked = lock_cluster(cluster)
    members_among(locked, records).update(is_pinned=is_pinned)
    pinned = ["", codes_of(records)] if is_pinned else [codes_of(records), ""]
    Event.record("cluster-changed", locked, by=by, difference={"pinned": pinned})


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Move some members into a new cluster. Raises `Refused`."""
    locked = lock_cluster(cluster)
    removed = remove_members(locked, records)
    apart = Cluster.objects.create(name=cluster_name(name), created_by=by)
    put_in(apart, removed, by)
    Event.record("cluster-changed", locked, by=by, difference={"members": [codes_of(removed), ""]})
    Event.record("cluster-made", apart, by=by, difference={"members": ["", codes_of(removed)]})
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> None:
    """Move members to another cluster; if none remain, the first cluster is dissolved. Raises `Refused`."""
    if cluster.pk == to.pk:
        raise Refused(_("Choose another cluster."))
    locked_clusters = {
        either.pk: lock_cluster(either) for either in sorted([cluster, to], key=lambda either: either.pk)
    }
    locked, target = locked_clusters[cluster.pk], locked_clusters[to.pk]
    removed = remove_members(locked, records)
    put_in(target, removed, by)
    Event.record("cluster-changed", locked, by=by, difference={"members": [codes_of(removed), ""]})
    Event.record("cluster-changed", target, by=by, difference={"members": ["", codes_of(removed)]})
    if not locked.members.current().exists():
        dissolve_cluster(cluster=locked, by=by)


@transaction.atomic
def dissolve_cluster(*, cluster: Cluster, by: User) -> None:
    """Dissolve a cluster; its records do not change, and it can be restored. Raises `Refused`."""
    locked = lock_cluster(cluster)
    locked.dissolved_at = timezone.now()
    locked.save(update_fields=["dissolved_at"])
    Event.record("cluster-dissolved", locked, by=by)


@transaction.atomic
def restore_cluster(*, cluster: Cluster, by: User) -> None:
    """Restore a dissolved cluster with those of its records that are in no other one. Raises `Refused`."""
    locked = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if locked.dissolved_at is None:
        raise Refused(_("This cluster is not dissolved."))
    lock_all(locked.members.filter(left_at=None).values_list("recommendation", flat=True))
    elsewhere = ClusterMember.objects.current().values("recommendation")
    locked.members.filter(left_at=None, recommendation__in=elsewhere).update(left_at=timezone.now())
    locked.dissolved_at = None
    locked.save(update_fields=["dissolved_at"])
    Event.record("cluster-restored", locked, by=by)


def lock_cluster(cluster: Cluster) -> Cluster:
    locked = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if locked.dissolved_at:
        raise Refused(_("This cluster is dissolved. Restore it first."))
    return locked


def cluster_name(name: str) -> str:
    if not (cleaned_name := " ".join(clean(name).split())[:LONGEST_NAME]):
        raise Refused(_("Enter a name for the cluster."))
    return cleaned_name


def refuse_clustered(records: Collection[Recommendation]) -> None:
    """Raises `Refused` where a record is in a cluster already: it can be in one only, so that nothing counts
    twice."""
    lock_all([record.pk for record in records])
    members = (
        ClusterMember.objects.current().filter(recommendation__in=records).select_related("recommendation", "cluster")
    )
    if member := members.first():
        raise Refused(
            _("%(code)s is already in the cluster %(name)s. Move it from that cluster.")
            % {"code": member.recommendation.code, "name": member.cluster.name}
        )


def put_in(cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    for record in records:
        ClusterMember.objects.update_or_create(
            cluster=cluster, recommendation=record, defaults={"left_at": None, "added_by": by, "is_pinned": False}
        )


def remove_members(cluster: Cluster, records: Collection[Recommendation]) -> list[Recommendation]:
    """Remove records from a cluster and return those that were in it: a person may just have moved one of them.

    Raises `Refused` where none is left.
    """
    lock_all([record.pk for record in records])
    present = set(members_among(cluster, records).values_list("recommendation", flat=True))
    if not present:
        raise Refused(_("Select at least one record of this cluster."))
    members_among(cluster, records).update(left_at=timezone.now())
    return [record for record in records if record.pk in present]


def members_among(cluster: Cluster, records: Collection[Recommendation]) -> QuerySet[ClusterMember]:
    return ClusterMember.objects.filter(cluster=cluster, left_at=None, recommendation__in=records)


def pairs_across(cluster: Cluster, records: Collection[Recommendation]) -> QuerySet[Likeness]:
    """Likenesses between some records and the other members of a cluster."""
    inside = cluster.members.current().exclude(recommendation__in=records).values("recommendation")
    return Likeness.objects.filter(Q(one__in=records, other__in=inside) | Q(other__in=records, one__in=inside))


def mark_apart(cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    """Reject the pairs of these records and the members, including pairs that were never found similar: proposals
    join by the mean of all pairs, and must not join these again."""
    decision_values = {"decision": Likeness.Decision.REJECTED, "decided_by": by, "decided_at": timezone.now()}
    pairs_across(cluster, records).filter(decision=Likeness.Decision.OPEN).update(**decision_values)
    removed = {record.pk for record in records}
    inside = cluster.members.current().exclude(recommendation__in=removed).values_list("recommendation", flat=True)
    pairs = (sorted(pair) for pair in product(removed, inside))
    rows = (
        Likeness(
            one_id=first, other_id=second, relation=Likeness.Relation.RELATED, cosine=NOT_COMPARED, **decision_values
        )
        for first, second in pairs
    )
    Likeness.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def codes_of(records: Collection[Recommendation]) -> str:
    return ", ".join(sorted(record.code for record in records))


@transaction.atomic
def reject_cluster_proposal(*, records: Sequence[Recommendation], name: str, by: User) -> RejectedProposal:
    """Reject a proposed cluster as a whole; any two of its records may still be similar. Raises `Refused`."""
    pks = {record.pk for record in records}
    if len(pks) < 2:
        raise Refused(_("Select at least two records."))
    lock_all(pks)
    if has_rejected(pks):
        raise Refused(_("This decision is already recorded."))
    rejected = RejectedProposal.objects.create(name=clean_label(name)[:LONGEST_NAME], rejected_by=by)
    rejected.records.set(pks)
    Event.record("cluster-rejected", rejected, by=by, difference={"members": [codes_of(records), ""]})
    return rejected


def has_rejected(pks: set[int]) -> bool:
    """Whether exactly this set of records is currently rejected."""
    holding = RejectedProposal.objects.standing().filter(records=min(pks))
    return any(set(cluster.records.values_list("pk", flat=True)) == pks for cluster in holding)


@transaction.atomic
def propose_cluster_again(*, rejected: RejectedProposal, by: User) -> None:
    """Undo a rejection, so that the records may be proposed again. Raises `Refused` where that was done already."""
    locked = RejectedProposal.objects.select_for_update().get(pk=rejected.pk)
    if locked.taken_back_at:
        raise Refused(_("This decision is already recorded."))
    locked.taken_back_at = timezone.now()
    locked.save(update_fields=["taken_back_at"])
    Event.record("cluster-proposed-again", locked, by=by)
