"""What was reported, shown and said of a record that is merged away goes to the one that stays, and back with it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning.services import carrying_over
from servanda.progress.models import (
    Assessment,
    ContributionRecommendation,
    EvidenceRecommendation,
    InputItem,
    UpdateRecommendation,
)
from servanda.progress.services.assessing import keep_latest
from servanda.progress.services.last_updates import keep_last_updates
from servanda.recommendations.models import Recommendation

LINKS: dict[Any, str] = {
    UpdateRecommendation: "update",
    EvidenceRecommendation: "evidence",
    ContributionRecommendation: "contribution",
}


@transaction.atomic
def merge_recommendations(*, into: Recommendation, others: Sequence[Recommendation], by: User) -> Recommendation:
    """Make several records one, with all that was agreed, planned, reported and said of each."""
    survivor = carrying_over.merge_recommendations(into=into, others=others, by=by)
    for other in others:
        carry_over(from_=other, to=survivor)
    return survivor


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Make a merged record one of its own again. What was answered or said meanwhile stays where it was said."""
    merge, survivor = carrying_over.merge_of(recommendation), recommendation.merged_into
    held = carrying_over.unmerge_recommendation(recommendation=recommendation, by=by)
    for link in LINKS:
        link.objects.filter(brought_by=merge).delete()
    InputItem.objects.filter(brought_by=merge, answered_at=None).delete()
    Assessment.objects.filter(brought_by=merge).delete()
    settle(survivor)
    return held


def carry_over(*, from_: Recommendation, to: Recommendation) -> None:
    merge = carrying_over.merge_of(from_)
    for link, what in LINKS.items():
        there = link.objects.filter(recommendation=to).values(what)
        former = link.objects.filter(recommendation=from_).exclude(**{f"{what}__in": there})
        link.objects.bulk_create(
            link(recommendation=to, brought_by=merge, **{f"{what}_id": pk})
            for pk in former.values_list(f"{what}_id", flat=True)
        )
    asked = InputItem.objects.filter(recommendation=to).values("request")
    InputItem.objects.bulk_create(
        InputItem(recommendation=to, request_id=one.request_id, answered_at=one.answered_at, brought_by=merge)
        for one in InputItem.objects.filter(recommendation=from_).exclude(request__in=asked)
    )
    for one in Assessment.objects.standing().filter(recommendation=from_).order_by("pk"):
        carry_assessment(one, to, merge)
    settle(to)


def carry_assessment(said: Assessment, to: Recommendation, merge: Batch) -> None:
    """The same words of the same day, beside those of the record that stays."""
    evidence, measurements = list(said.evidence.all()), list(said.measurements.all())
    contributions = list(said.contributions.all())
    fields = {field.attname: getattr(said, field.attname) for field in Assessment._meta.concrete_fields}
    held = Assessment(**{**fields, "id": None, "recommendation_id": to.pk, "brought_by_id": merge.pk})
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
