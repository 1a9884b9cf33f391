"""Many assessments of the government published at once: previewed, applied in short steps, undone as a whole."""

from collections.abc import Sequence
from itertools import batched

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import Instance, User
from servanda.progress.assessments.services import keep_latest_on, refuse_stranger
from servanda.progress.models import Assessment, AssessmentQuerySet, Voice
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Recommendation

PUBLICATION = f"{bulk.BULK}-publication"  # the shape of such a batch
State = Batch.State


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


def publish_many(*, assessments: AssessmentQuerySet, by: User) -> Batch:
    """Keep which assessments are to be published; it runs with `apply_publication`.

    Raises `Refused` if none of them can be published.
    """
    refuse_stranger(by)
    pks = list(publishable(assessments, by).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=PUBLICATION, name=_("Publish assessments"), change={}, pks=pks, by=by)


def apply_publication(batch: Batch) -> None:
    _change, pks = bulk.read_kept(batch)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, some)
    published = Assessment.objects.filter(published_in=batch).count()
    bulk.switch_on(batch, said={"deed": PUBLICATION, "assessments": published})


@transaction.atomic
def apply_some(batch: Batch, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    records = locked_records(pks)
    still_waiting = Assessment.objects.unpublished().filter(pk__in=pks, recommendation__in=records)
    ready = list(publishable(still_waiting, batch.created_by).values_list("pk", flat=True))
    Assessment.objects.filter(pk__in=ready).update(is_published=True, published_in=batch)
    keep_latest_on(records, Voice.GOVERNMENT)
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def locked_records(pks: Sequence[int]) -> list[int]:
    """The records first, as whoever assesses one does."""
    about = Assessment.objects.filter(pk__in=pks).order_by().values("recommendation")
    there = Recommendation.objects.kept().select_for_update(of=("self",)).filter(pk__in=about)
    return list(there.order_by("pk").values_list("pk", flat=True))


def clear_publication(batch: Batch, *, by: User) -> int:
    """Take an undone publication back; may be repeated. Returns how many were taken back by hand since."""
    _change, pks = bulk.read_kept(batch)
    return sum(clear_some(batch, some) for some in batched(pks, bulk.AT_ONCE))


@transaction.atomic
def clear_some(batch: Batch, pks: Sequence[int]) -> int:
    records = locked_records(pks)
    mine = Assessment.objects.filter(pk__in=pks, published_in=batch)
    left = mine.exclude(retracted_at=None).count()
    mine.standing().update(is_published=False, published_in=None, is_latest=False)
    keep_latest_on(records, Voice.GOVERNMENT)
    return left
