"""Merging records and moving clusters: assignments, actions and indicators go along, and back when it is undone."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.planning.assignments.services import Ending, Part, may_read
from servanda.planning.models import ActionCluster, ActionRecommendation, Assignment, IndicatorRecommendation
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.editing import merging
from servanda.recommendations.models import Cluster, Recommendation


@transaction.atomic
def merge_recommendations(*, into: Recommendation, others: Sequence[Recommendation], by: User) -> Recommendation:
    """Merge records into one, with their assignments, actions and indicators."""
    survivor = merging.merge_recommendations(into=into, others=others, by=by)
    for other in others:
        carry_over(from_=other, to=survivor, by=by)
    return survivor


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Undo a merge, and remove what it added to the surviving record."""
    merge = merge_of(recommendation)
    restored = merging.unmerge_recommendation(recommendation=recommendation, by=by)
    Assignment.objects.current().filter(brought_by=merge).update(
        ended_at=timezone.now(), ended_by=by, ending=Ending.UNDONE
    )
    ActionRecommendation.objects.filter(brought_by=merge).delete()
    IndicatorRecommendation.objects.filter(brought_by=merge).delete()
    return restored


def merge_of(recommendation: Recommendation) -> Batch:
    """The merge by which this record left the register, to which everything that it copied refers.

    Raises `Refused` if the record is not merged.
    """
    merge = Batch.objects.filter(shape=merging.MERGE, name=recommendation.code, state=Batch.State.APPLIED).last()
    if merge is None:
        raise Refused(_("This record is not merged into another one."))
    return merge


def carry_over(*, from_: Recommendation, to: Recommendation, by: User) -> None:
    """Copy to the surviving record, unless that has its own; the originals stay with the merged record."""
    merge = merge_of(from_)
    carry_assignments(from_, to, merge, by)
    present = actions_on(to)
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(recommendation=to, action_id=pk, added_by=by, brought_by=merge)
        for pk in sorted(actions_on(from_) - present)
    )
    linked = IndicatorRecommendation.objects.filter(recommendation=to).values("indicator")
    IndicatorRecommendation.objects.bulk_create(
        IndicatorRecommendation(
            recommendation=to, indicator_id=link.indicator_id, weight=link.weight, brought_by=merge
        )
        for link in IndicatorRecommendation.objects.filter(recommendation=from_).exclude(indicator__in=linked)
    )


def actions_on(record: Recommendation) -> set[int]:
    """The actions that answer it by name or through its cluster, which may not be the cluster of the surviving
    record."""
    by_name = ActionRecommendation.objects.filter(recommendation=record).values_list("action", flat=True)
    return {*by_name, *ActionCluster.objects.on(record).values_list("action", flat=True)}


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Split some members off into a new cluster, which is answered by the same actions."""
    apart = clustering.split_cluster(cluster=cluster, records=records, name=name, by=by)
    carry_answers(from_=cluster, to=apart, by=by)
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> bool:
    """Move members to another cluster. If all of them move, the actions go along; returns whether that is so."""
    clustering.move_members(cluster=cluster, records=records, to=to, by=by)
    if is_merged := not Cluster.objects.standing().filter(pk=cluster.pk).exists():
        carry_answers(from_=cluster, to=to, by=by)
    return is_merged


def carry_answers(*, from_: Cluster, to: Cluster, by: User) -> None:
    """Copy the actions. The old cluster keeps them too, in case it is restored."""
    present = ActionCluster.objects.filter(cluster=to).values("action")
    former = ActionCluster.objects.filter(cluster=from_).exclude(action__in=present).order_by("pk")
    ActionCluster.objects.bulk_create(
        ActionCluster(cluster=to, action_id=pk, added_by=by) for pk in former.values_list("action", flat=True)
    )


def carry_assignments(from_: Recommendation, to: Recommendation, merge: Batch, by: User) -> None:
    """Copy the assignments, except a second lead, and those of institutions that may not read the surviving
    record."""
    current = list(Assignment.objects.current().filter(recommendation=to))
    assigned, has_lead = (
        {assignment.institution_id for assignment in current},
        any(assignment.part == Part.LEAD for assignment in current),
    )
    former = Assignment.objects.current().filter(recommendation=from_).select_related("institution")
    for assignment in former:
        is_free = assignment.institution_id not in assigned and not (has_lead and assignment.part == Part.LEAD)
        if is_free and may_read(assignment.institution, to):
            terms = {
                "institution": assignment.institution,
                "part": assignment.part,
                "since": assignment.since,
                "due_on": assignment.due_on,
            }
            Assignment.objects.create(
                recommendation=to, **terms, note=assignment.note, assigned_by=by, brought_by=merge
            )
