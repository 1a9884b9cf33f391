"""Publish many assessments of the government at once: preview, apply in short steps, undo as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import Instance, User
from servanda.progress.assessments.services import keep_latest_on, refuse_unless_assessor
from servanda.progress.models import Assessment, AssessmentQuerySet, Voice
from servanda.recommendations.bulk.bases import ChangeOfParts
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.models import Recommendation


def unpublished(user: User) -> AssessmentQuerySet:
    """Unpublished assessments of the government, on records of the register that this person sees."""
    waiting = Assessment.objects.visible_to(user).unpublished().filter(voice=Voice.GOVERNMENT)
    return waiting.filter(recommendation__in=Recommendation.every_kind.kept().order_by().values("pk"))


def publishable(assessments: AssessmentQuerySet, by: User | None) -> AssessmentQuerySet:
    """Those that are complete and that this person may publish."""
    complete = assessments.exclude(pk__in=assessments.order_by().lacking_outcome().values("pk"))
    return complete.exclude(pk__in=left_to_others(assessments, by).order_by().values("pk"))


def left_to_others(assessments: AssessmentQuerySet, by: User | None) -> AssessmentQuerySet:
    """Those that this person made, if the instance requires another person to publish them."""
    is_shared = by is None or Instance.current().assessor_may_publish
    return assessments.none() if is_shared else assessments.filter(made_by=by)


@dataclass(slots=True, frozen=True)
class PublishAssessments(ChangeOfParts):
    """A bulk change whose rows are assessments, not records."""

    shape: ClassVar[str] = f"{BULK}-publication"
    model: ClassVar[type[Model]] = Assessment

    by: User | None = None

    def as_json(self) -> dict[str, Any]:
        """Empty: the person who publishes is stored with the batch."""
        return {}

    def title(self) -> str:
        return _("Publish assessments")

    def affected(self, rows: Any) -> AssessmentQuerySet:
        return publishable(rows, self.by)

    def old_and_new(self, first: Sequence[Assessment]) -> list[tuple[str, str]]:
        """Returns no differences: the page shows which assessments lack evidence instead."""
        return []

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_unless_assessor(by)

    def open_parts(self, batch: Batch, parts: AssessmentQuerySet) -> AssessmentQuerySet:
        return publishable(parts.unpublished(), batch.created_by)

    def write(self, batch: Batch, rows: Sequence[Assessment]) -> None:
        ready = Assessment.objects.filter(pk__in=[assessment.pk for assessment in rows])
        ready.update(is_published=True, published_at=timezone.now(), published_in=batch)
        keep_latest_on([assessment.recommendation_id for assessment in rows], Voice.GOVERNMENT)

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return {"deed": self.shape, "assessments": Assessment.objects.filter(published_in=batch).count()}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """Unpublish, except those that were retracted since; return their number."""
        records = locked_records(pks)
        published = Assessment.objects.filter(pk__in=pks, published_in=batch)
        kept = published.exclude(retracted_at=None).count()
        published.standing().update(is_published=False, published_at=None, published_in=None, is_latest=False)
        keep_latest_on(records, Voice.GOVERNMENT)
        return kept


def locked_records(pks: Sequence[int]) -> list[int]:
    """Lock the records before the assessments, in the same order as `assess`."""
    about = Assessment.objects.filter(pk__in=pks).order_by().values("recommendation")
    rows = Recommendation.every_kind.kept().select_for_update(of=("self",)).filter(pk__in=about)
    return list(rows.order_by("pk").values_list("pk", flat=True))
