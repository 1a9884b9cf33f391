"""Many assessments of the government published at once: previewed, applied in short steps, undone as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import Instance, User
from servanda.progress.assessments.services import keep_latest_on, refuse_stranger
from servanda.progress.models import Assessment, AssessmentQuerySet, Voice
from servanda.recommendations.bulk.registry import BULK, BulkChange, Difference
from servanda.recommendations.models import Recommendation


def unpublished(user: User) -> AssessmentQuerySet:
    """The government's assessments that wait, on records that this person sees and that are in the register."""
    waiting = Assessment.objects.visible_to(user).unpublished().filter(voice=Voice.GOVERNMENT)
    return waiting.filter(recommendation__in=Recommendation.objects.kept().order_by().values("pk"))


def publishable(assessments: AssessmentQuerySet, by: User | None) -> AssessmentQuerySet:
    """Those that lack nothing and that this person may publish."""
    complete = assessments.exclude(pk__in=assessments.order_by().lacking_outcome().values("pk"))
    return complete.exclude(pk__in=left_to_others(assessments, by).order_by().values("pk"))


def left_to_others(assessments: AssessmentQuerySet, by: User | None) -> AssessmentQuerySet:
    """Those that this person made, where the instance lets another person publish them."""
    is_shared = by is None or Instance.current().assessor_may_publish
    return assessments.none() if is_shared else assessments.filter(made_by=by)


@dataclass(slots=True, frozen=True)
class PublishAssessments(BulkChange):
    """Assessments, not records, are its rows."""

    shape: ClassVar[str] = f"{BULK}-publication"

    by: User | None = None

    def as_json(self) -> dict[str, Any]:
        """Without who publishes: the batch says who started it."""
        return {}

    def title(self) -> str:
        return _("Publish assessments")

    def affected(self, rows: Any) -> AssessmentQuerySet:
        return publishable(rows, self.by)

    def differences(self, first: Sequence[Assessment]) -> list[Difference]:
        """None: the page lists what the others lack."""
        return []

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_stranger(by)

    def apply_to(self, batch: Batch, pks: Sequence[int]) -> None:
        records = locked_records(pks)
        waiting = Assessment.objects.unpublished().filter(pk__in=pks, recommendation__in=records)
        ready = list(publishable(waiting, batch.created_by).values_list("pk", flat=True))
        Assessment.objects.filter(pk__in=ready).update(is_published=True, published_in=batch)
        keep_latest_on(records, Voice.GOVERNMENT)

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return {"deed": self.shape, "assessments": Assessment.objects.filter(published_in=batch).count()}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """What was taken back by hand since stays so."""
        records = locked_records(pks)
        published = Assessment.objects.filter(pk__in=pks, published_in=batch)
        left = published.exclude(retracted_at=None).count()
        published.standing().update(is_published=False, published_in=None, is_latest=False)
        keep_latest_on(records, Voice.GOVERNMENT)
        return left


def locked_records(pks: Sequence[int]) -> list[int]:
    """The records first, as whoever assesses one does."""
    about = Assessment.objects.filter(pk__in=pks).order_by().values("recommendation")
    there = Recommendation.objects.kept().select_for_update(of=("self",)).filter(pk__in=about)
    return list(there.order_by("pk").values_list("pk", flat=True))
