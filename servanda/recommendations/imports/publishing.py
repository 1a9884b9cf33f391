"""Whether the new records of a file become public when it is applied, and how many they are."""

from django.db.models import Q

from servanda.intake.models import Batch, StagedRow


def records_to_publish(batch: Batch) -> int:
    """How many records the checked file adds, which are those that are published at once."""
    is_new = Q(verdict=StagedRow.Verdict.NEW) | Q(decision=StagedRow.Decision.NEW)
    return batch.rows.filter(is_new, is_supplement=False).count()


def published_last(batch: Batch) -> bool:
    """Whether the last applied file of the same sender, or of the same format, was published at once."""
    alike = Batch.objects.filter(state=Batch.State.APPLIED, shape=batch.shape, mapping=batch.mapping_id)
    last = alike.exclude(pk=batch.pk).order_by("-applied_at").values_list("publish", flat=True).first()
    return bool(last)
