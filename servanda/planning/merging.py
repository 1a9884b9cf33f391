"""What was agreed for a record that is merged away goes to the record that stays, and back with the merge.

What is planned for a cluster goes with its records when it is split, and into another one when it is merged.
"""

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
    """Make several records one, with who answers for them, and the actions and indicators of each."""
    survivor = merging.merge_recommendations(into=into, others=others, by=by)
    for other in others:
        carry_over(from_=other, to=survivor, by=by)
    return survivor


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Make a merged record one of its own again; what came with the merge goes with it."""
    merge = merge_of(recommendation)
    held = merging.unmerge_recommendation(recommendation=recommendation, by=by)
    Assignment.objects.current().filter(brought_by=merge).update(
        ended_at=timezone.now(), ended_by=by, ending=Ending.UNDONE
    )
    ActionRecommendation.objects.filter(brought_by=merge).delete()
    IndicatorRecommendation.objects.filter(brought_by=merge).delete()
    return held


def merge_of(recommendation: Recommendation) -> Batch:
    """The merge by which this record left the register: what it brought is found by it, and by nothing less."""
    found = Batch.objects.filter(shape=merging.MERGE, name=recommendation.code, state=Batch.State.APPLIED).last()
    if found is None:
        raise Refused(_("This record is not merged into another one."))
    return found


def carry_over(*, from_: Recommendation, to: Recommendation, by: User) -> None:
    """As far as the record that stays says nothing else; what the merged one said stays with it."""
    merge = merge_of(from_)
    carry_assignments(from_, to, merge, by)
    there = actions_on(to)
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(recommendation=to, action_id=pk, added_by=by, brought_by=merge)
        for pk in sorted(actions_on(from_) - there)
    )
    counted = IndicatorRecommendation.objects.filter(recommendation=to).values("indicator")
    IndicatorRecommendation.objects.bulk_create(
        IndicatorRecommendation(recommendation=to, indicator_id=one.indicator_id, weight=one.weight, brought_by=merge)
        for one in IndicatorRecommendation.objects.filter(recommendation=from_).exclude(indicator__in=counted)
    )


def actions_on(record: Recommendation) -> set[int]:
    """Those that answer it by name or through its cluster: the record that stays is in another one, or in none."""
    by_name = ActionRecommendation.objects.filter(recommendation=record).values_list("action", flat=True)
    return {*by_name, *ActionCluster.objects.on(record).values_list("action", flat=True)}


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Make a cluster of its own of some members, which are answered by the same actions as before."""
    apart = clustering.split_cluster(cluster=cluster, records=records, name=name, by=by)
    carry_answers(from_=cluster, to=apart, by=by)
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> bool:
    """Into another cluster. When all of them go, so do its actions; answers whether the two are one now."""
    clustering.move_members(cluster=cluster, records=records, to=to, by=by)
    if is_merged := not Cluster.objects.standing().filter(pk=cluster.pk).exists():
        carry_answers(from_=cluster, to=to, by=by)
    return is_merged


def carry_answers(*, from_: Cluster, to: Cluster, by: User) -> None:
    """The cluster that is left keeps its own, for the day when it is restored."""
    there = ActionCluster.objects.filter(cluster=to).values("action")
    former = ActionCluster.objects.filter(cluster=from_).exclude(action__in=there).order_by("pk")
    ActionCluster.objects.bulk_create(
        ActionCluster(cluster=to, action_id=pk, added_by=by) for pk in former.values_list("action", flat=True)
    )


def carry_assignments(from_: Recommendation, to: Recommendation, merge: Batch, by: User) -> None:
    """The lead of the record that stays goes on leading; nobody is assigned what they may not read."""
    there = list(Assignment.objects.current().filter(recommendation=to))
    taken, has_lead = {one.institution_id for one in there}, any(one.part == Part.LEAD for one in there)
    former = Assignment.objects.current().filter(recommendation=from_).select_related("institution")
    for one in former:
        is_free = one.institution_id not in taken and not (has_lead and one.part == Part.LEAD)
        if is_free and may_read(one.institution, to):
            terms = {"institution": one.institution, "part": one.part, "since": one.since, "due_on": one.due_on}
            Assignment.objects.create(recommendation=to, **terms, note=one.note, assigned_by=by, brought_by=merge)
