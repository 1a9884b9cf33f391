"""Merging records and moving clusters: updates, evidence, contributions and assessments go along, and back again."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning import merging as planning_merging
from servanda.progress.assessments.services import keep_latest
from servanda.progress.assessments.signer_notices import notify_of_merge
from servanda.progress.assessments.signing import refresh_signatures
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
    """Merge records into one, with everything that was agreed, planned, reported and assessed."""
    survivor = planning_merging.merge_recommendations(into=into, others=others, by=by)
    for other in others:
        carry_over(from_=other, to=survivor)
    return survivor


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Undo a merge. What was answered or assessed since stays on the surviving record."""
    merge, survivor = planning_merging.merge_of(recommendation), recommendation.merged_into
    restored = planning_merging.unmerge_recommendation(recommendation=recommendation, by=by)
    for link in LINKS:
        link.objects.filter(brought_by=merge).delete()
    InputItem.objects.filter(brought_by=merge, answered_at=None).delete()
    Assessment.objects.filter(brought_by=merge).delete()
    refresh(survivor)
    return restored


def carry_over(*, from_: Recommendation, to: Recommendation) -> None:
    merge = planning_merging.merge_of(from_)
    for link, what in LINKS.items():
        present = link.objects.filter(recommendation=to).values(what)
        former = link.objects.filter(recommendation=from_).exclude(**{f"{what}__in": present})
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
    requests = InputItem.objects.filter(recommendation=to).values("request")
    InputItem.objects.bulk_create(
        InputItem(recommendation=to, request_id=item.request_id, answered_at=item.answered_at, brought_by=merge)
        for item in InputItem.objects.filter(recommendation=from_).exclude(request__in=requests)
    )
    for assessment in Assessment.objects.standing().filter(recommendation=from_).order_by("pk"):
        carry_assessment(assessment, to, merge)
    refresh(to)
    signed = Assessment.objects.signed().standing().filter(recommendation=from_).select_related("institution")
    notify_of_merge(list(signed), from_=from_, to=to)


@transaction.atomic
def split_cluster(*, cluster: Cluster, records: Sequence[Recommendation], name: str, by: User) -> Cluster:
    """Split some members off into a new cluster, which keeps the actions and updates of the old one."""
    apart = planning_merging.split_cluster(cluster=cluster, records=records, name=name, by=by)
    carry_abouts(from_=cluster, to=apart, by=by)
    return apart


@transaction.atomic
def move_members(*, cluster: Cluster, records: Sequence[Recommendation], to: Cluster, by: User) -> None:
    """Move members to another cluster. If all of them move, the actions and updates go along."""
    if planning_merging.move_members(cluster=cluster, records=records, to=to, by=by):
        carry_abouts(from_=cluster, to=to, by=by)


def carry_abouts(*, from_: Cluster, to: Cluster, by: User) -> None:
    present = UpdateCluster.objects.filter(cluster=to).values("update")
    former = UpdateCluster.objects.filter(cluster=from_).exclude(update__in=present).order_by("pk")
    UpdateCluster.objects.bulk_create(
        UpdateCluster(cluster=to, update_id=pk, added_by=by) for pk in former.values_list("update", flat=True)
    )


def carry_assessment(original: Assessment, to: Recommendation, merge: Batch) -> None:
    """Copy the assessment to the surviving record, with its date."""
    evidence, measurements = list(original.evidence.all()), list(original.measurements.all())
    contributions = list(original.contributions.all())
    fields = {field.attname: getattr(original, field.attname) for field in Assessment._meta.concrete_fields}
    copy = Assessment(**{**fields, "id": None, "recommendation_id": to.pk, "brought_by_id": merge.pk})
    copy.copied_from_id = original.origin_id
    copy.is_latest = False
    copy.save(force_insert=True)
    copy.evidence.set(evidence)
    copy.measurements.set(measurements)
    copy.contributions.set(contributions)


def refresh(record: Recommendation | None) -> None:
    keep_last_updates([record.pk] if record else [])
    assessments = Assessment.objects.standing().filter(recommendation=record, is_published=True)
    for assessment in {assessment.voice: assessment for assessment in assessments}.values():
        keep_latest(assessment)
    if record:
        refresh_signatures(record.pk)
