"""Clusters as people keep them: made, renamed, split, merged, and all of it undone; and proposals they reject."""

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
NOT_COMPARED = 0.0  # the likeness of two records of which only a person has spoken
AT_ONCE = 1_000


@transaction.atomic
def make_cluster(*, name: str, records: Sequence[Recommendation], by: User) -> Cluster:
    """Put records together under a name; from then on they can be looked at and followed up as one."""
    if len({record.pk for record in records}) < 2:
        raise Refused(_("Choose at least two records."))
    refuse_clustered(records)
    cluster = Cluster.objects.create(name=named(name), created_by=by)
    put_in(cluster, records, by)
    Event.record("cluster-made", cluster, by=by, difference={"members": ["", codes_of(records)]})
    return cluster


@transaction.atomic
def rename_cluster(*, cluster: Cluster, name: str, by: User) -> None:
    held = hold_cluster(cluster)
    before, held.name = held.name, named(name)
    held.save(update_fields=["name"])
    Event.record("cluster-renamed", held, by=by, difference={"name": [before, held.name]})


@transaction.atomic
def add_members(*, cluster: Cluster, records: Sequence[Recommendation], by: User) -> None:
    """Put more records into a cluster, by their references."""
    held = hold_cluster(cluster)
    refuse_clustered(records)
    put_in(held, records, by)
    Event.record("cluster-changed", held, by=by, difference={"members": ["", codes_of(records)]})


@transaction.atomic
def take_out(*, cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    """Say that records do not belong there; the machine remembers it, and they can be put back."""
    held = hold_cluster(cluster)
    gone = leave(held, records)
    mark_apart(held, gone, by)
    Event.record("cluster-changed", held, by=by, difference={"members": [codes_of(gone), ""]})


@transaction.atomic
def put_back(*, cluster: Cluster, records: Sequence[Recommendation], by: User) -> None:
    """Take back that records do not belong there."""
    held = hold_cluster(cluster)
    refuse_clustered(records)
    put_in(held, records, by)
    rejected = pairs_across(held, records).filter(decision=Likeness.Decision.REJECTED)
    rejected.filter(cosine=NOT_COMPARED).delete()
    rejected.update(decision=Likeness.Decision.OPEN, decided_by=None, decided_at=None)
    Event.record("cluster-changed", held, by=by, difference={"members": ["", codes_of(records)]})


@transaction.atomic
def pin_members(*, cluster: Cluster, records: Collection[Recommendation], is_pinned: bool, by: User) -> None:
    """Say that records belong there whatever the machine proposes, or take that back."""
    held = hold_cluster(cluster)
    members_among(held, records).update(is_pinned=is_pinned)
    pinned = ["", codes_of(records)] if is_pinned else [codes_of(records), ""]
    Event.record("cluster-changed", held, by=by, difference={"pinned": pinned})


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Make a cluster of its own of some members."""
    held = hold_cluster(cluster)
    gone = leave(held, records)
    apart = Cluster.objects.create(name=named(name), created_by=by)
    put_in(apart, gone, by)
    Event.record("cluster-changed", held, by=by, difference={"members": [codes_of(gone), ""]})
    Event.record("cluster-made", apart, by=by, difference={"members": ["", codes_of(gone)]})
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> None:
    """Put members of one cluster into another; with all of them, the two are merged and the first is dissolved."""
    if cluster.pk == to.pk:
        raise Refused(_("Choose another cluster."))
    both = {one.pk: hold_cluster(one) for one in sorted([cluster, to], key=lambda one: one.pk)}
    held, other = both[cluster.pk], both[to.pk]
    gone = leave(held, records)
    put_in(other, gone, by)
    Event.record("cluster-changed", held, by=by, difference={"members": [codes_of(gone), ""]})
    Event.record("cluster-changed", other, by=by, difference={"members": ["", codes_of(gone)]})
    if not held.members.current().exists():
        dissolve_cluster(cluster=held, by=by)


@transaction.atomic
def dissolve_cluster(*, cluster: Cluster, by: User) -> None:
    """The records stay as they are; the cluster can be restored."""
    held = hold_cluster(cluster)
    held.dissolved_at = timezone.now()
    held.save(update_fields=["dissolved_at"])
    Event.record("cluster-dissolved", held, by=by)


@transaction.atomic
def restore_cluster(*, cluster: Cluster, by: User) -> None:
    """Bring a dissolved cluster back with those of its records that are in no other one."""
    held = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if held.dissolved_at is None:
        raise Refused(_("This cluster is there already."))
    lock_all(held.members.filter(left_at=None).values_list("recommendation", flat=True))
    elsewhere = ClusterMember.objects.current().values("recommendation")
    held.members.filter(left_at=None, recommendation__in=elsewhere).update(left_at=timezone.now())
    held.dissolved_at = None
    held.save(update_fields=["dissolved_at"])
    Event.record("cluster-restored", held, by=by)


def hold_cluster(cluster: Cluster) -> Cluster:
    held = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if held.dissolved_at:
        raise Refused(_("This cluster is dissolved. Restore it first."))
    return held


def named(name: str) -> str:
    if not (said := " ".join(clean(name).split())[:LONGEST_NAME]):
        raise Refused(_("Give the cluster a name."))
    return said


def refuse_clustered(records: Collection[Recommendation]) -> None:
    """A record is in one cluster, so that nothing is counted twice."""
    lock_all([record.pk for record in records])
    there = (
        ClusterMember.objects.current().filter(recommendation__in=records).select_related("recommendation", "cluster")
    )
    if member := there.first():
        raise Refused(
            _("%(code)s is in the cluster %(name)s already. Move it from there.")
            % {"code": member.recommendation.code, "name": member.cluster.name}
        )


def put_in(cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    for record in records:
        ClusterMember.objects.update_or_create(
            cluster=cluster, recommendation=record, defaults={"left_at": None, "added_by": by, "is_pinned": False}
        )


def leave(cluster: Cluster, records: Collection[Recommendation]) -> list[Recommendation]:
    """Those of the records that were in it and no longer are: somebody may have moved one of them a moment ago."""
    lock_all([record.pk for record in records])
    there = set(members_among(cluster, records).values_list("recommendation", flat=True))
    if not there:
        raise Refused(_("Choose at least one record of this cluster."))
    members_among(cluster, records).update(left_at=timezone.now())
    return [record for record in records if record.pk in there]


def members_among(cluster: Cluster, records: Collection[Recommendation]) -> QuerySet[ClusterMember]:
    return ClusterMember.objects.filter(cluster=cluster, left_at=None, recommendation__in=records)


def pairs_across(cluster: Cluster, records: Collection[Recommendation]) -> QuerySet[Likeness]:
    """Likenesses between some records and those that are in a cluster without them."""
    inside = cluster.members.current().exclude(recommendation__in=records).values("recommendation")
    return Likeness.objects.filter(Q(one__in=records, other__in=inside) | Q(other__in=records, one__in=inside))


def mark_apart(cluster: Cluster, records: Collection[Recommendation], by: User) -> None:
    """Also what the machine never found alike: a cluster joins by the mean of all, and must not join these again."""
    said = {"decision": Likeness.Decision.REJECTED, "decided_by": by, "decided_at": timezone.now()}
    pairs_across(cluster, records).filter(decision=Likeness.Decision.OPEN).update(**said)
    gone = {record.pk for record in records}
    inside = cluster.members.current().exclude(recommendation__in=gone).values_list("recommendation", flat=True)
    pairs = (sorted(pair) for pair in product(gone, inside))
    rows = (
        Likeness(one_id=one, other_id=other, relation=Likeness.Relation.RELATED, cosine=NOT_COMPARED, **said)
        for one, other in pairs
    )
    Likeness.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def codes_of(records: Collection[Recommendation]) -> str:
    return ", ".join(sorted(record.code for record in records))


@transaction.atomic
def reject_cluster_proposal(*, records: Sequence[Recommendation], name: str, by: User) -> RejectedProposal:
    """Say that records do not belong together as a whole; each two of them may still be alike."""
    pks = {record.pk for record in records}
    if len(pks) < 2:
        raise Refused(_("Choose at least two records."))
    lock_all(pks)
    if has_rejected(pks):
        raise Refused(_("Somebody has already said so."))
    rejected = RejectedProposal.objects.create(name=clean_label(name)[:LONGEST_NAME], rejected_by=by)
    rejected.records.set(pks)
    Event.record("cluster-rejected", rejected, by=by, difference={"members": [codes_of(records), ""]})
    return rejected


def has_rejected(pks: set[int]) -> bool:
    """Whether it stands that exactly these records are no cluster."""
    holding = RejectedProposal.objects.standing().filter(records=min(pks))
    return any(set(one.records.values_list("pk", flat=True)) == pks for one in holding)


@transaction.atomic
def propose_cluster_again(*, rejected: RejectedProposal, by: User) -> None:
    """Take back that records are no cluster: from then on they may be proposed again."""
    held = RejectedProposal.objects.select_for_update().get(pk=rejected.pk)
    if held.taken_back_at:
        raise Refused(_("Somebody has already said so."))
    held.taken_back_at = timezone.now()
    held.save(update_fields=["taken_back_at"])
    Event.record("cluster-proposed-again", held, by=by)
