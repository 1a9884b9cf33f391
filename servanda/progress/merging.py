"""What was reported, shown and said of a record that is merged away goes to the one that stays, and back with it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning import merging as planning_merging
from servanda.progress.assessments.services import keep_latest
from servanda.progress.assessments.signer_notices import tell_of_merge
from servanda.progress.assessments.signing import settle_signatures
from servanda.progress.models import (
    Assessment,
    ContributionRecommendation,
    EvidenceRecommendation,
    InputItem,
    UpdateCluster,
    UpdateRecommendation,
)
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.recommendations.models import Cluster, Recommendation

LINKS: dict[Any, str] = {
    UpdateRecommendation: "update",
    EvidenceRecommendation: "evidence",
    ContributionRecommendation: "contribution",
}


@transaction.atomic
def merge_recommendations(*, into: Recommendation, others: Sequence[Recommendation], by: User) -> Recommendation:
    """Make several records one, with all that was agreed, planned, reported and said of each."""
    survivor = planning_merging.merge_recommendations(into=into, others=others, by=by)
    for other in others:
        carry_over(from_=other, to=survivor)
    return survivor


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Make a merged record one of its own again. What was answered or said meanwhile stays where it was said."""
    merge, survivor = planning_merging.merge_of(recommendation), recommendation.merged_into
    held = planning_merging.unmerge_recommendation(recommendation=recommendation, by=by)
    for link in LINKS:
        link.objects.filter(brought_by=merge).delete()
    InputItem.objects.filter(brought_by=merge, answered_at=None).delete()
    Assessment.objects.filter(brought_by=merge).delete()
    settle(survivor)
    return held


def carry_over(*, from_: Recommendation, to: Recommendation) -> None:
    merge = planning_merging.merge_of(from_)
    for link, what in LINKS.items():
        there = link.objects.filter(recommendation=to).values(what)
        former = link.objects.filter(recommendation=from_).exclude(**{f"{what}__in": there})
        link.objects.bulk_create(
            link(recommendation=to, brought_by=merge, **{f"{what}_id": pk})
            for pk in former.values_list(f"{what}_id", flat=True)
        )
    clustered = UpdateCluster.objects.on(from_).exclude(update__in=UpdateCluster.objects.on(to).values("update"))
    named = UpdateRecommendation.objects.filter(recommendation=to).values("update")
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(recommendation=to, update_id=pk, brought_by=merge)
        for pk in clustered.exclude(update__in=named).values_list("update", flat=True)
    )
    asked = InputItem.objects.filter(recommendation=to).values("request")
    InputItem.objects.bulk_create(
        InputItem(recommendation=to, request_id=one.request_id, answered_at=one.answered_at, brought_by=merge)
        for one in InputItem.objects.filter(recommendation=from_).exclude(request__in=asked)
    )
    for one in Assessment.objects.standing().filter(recommendation=from_).order_by("pk"):
        carry_assessment(one, to, merge)
    settle(to)
    signed = Assessment.objects.signed().standing().filter(recommendation=from_).select_related("institution")
    tell_of_merge(list(signed), from_=from_, to=to)


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Make a cluster of its own of some members, with what was planned for it and reported on it."""
    apart = planning_merging.split_cluster(cluster=cluster, records=records, name=name, by=by)
    carry_abouts(from_=cluster, to=apart, by=by)
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> None:
    """Put members of one cluster into another; with all of them goes what was planned and reported."""
    if planning_merging.move_members(cluster=cluster, records=records, to=to, by=by):
        carry_abouts(from_=cluster, to=to, by=by)


def carry_abouts(*, from_: Cluster, to: Cluster, by: User) -> None:
    there = UpdateCluster.objects.filter(cluster=to).values("update")
    former = UpdateCluster.objects.filter(cluster=from_).exclude(update__in=there).order_by("pk")
    UpdateCluster.objects.bulk_create(
        UpdateCluster(cluster=to, update_id=pk, added_by=by) for pk in former.values_list("update", flat=True)
    )


def carry_assessment(said: Assessment, to: Recommendation, merge: Batch) -> None:
    """The same words of the same day, beside those of the record that stays."""
    evidence, measurements = list(said.evidence.all()), list(said.measurements.all())
    contributions = list(said.contributions.all())
    fields = {field.attname: getattr(said, field.attname) for field in Assessment._meta.concrete_fields}
    held = Assessment(**{**fields, "id": None, "recommendation_id": to.pk, "brought_by_id": merge.pk})
    held.copied_from_id = said.origin_id
    held.is_latest = False
    held.save(force_insert=True)
    held.evidence.set(evidence)
    held.measurements.set(measurements)
    held.contributions.set(contributions)


def settle(record: Recommendation | None) -> None:
    keep_last_updates([record.pk] if record else [])
    spoken = Assessment.objects.standing().filter(recommendation=record, is_published=True)
    for one in {said.voice: said for said in spoken}.values():
        keep_latest(one)
    if record:
        settle_signatures(record.pk)
