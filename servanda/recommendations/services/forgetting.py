"""Files that were sent and never imported."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.services.letters import in_language_of
from servanda.recommendations.services.importing import discard_batch

KEPT = timedelta(days=30)


def forget_imports_never_started(*, on: datetime) -> int:
    """Delete files whose columns nobody named within 30 days; their senders are notified. Gives how many."""
    waiting = Batch.objects.filter(state=Batch.State.UPLOADED, shape="sheet", created_at__lt=on - KEPT).exclude(
        file=""
    )
    forgotten = 0
    for batch in waiting.select_related("created_by"):
        with in_language_of(batch.created_by):
            message = _("The import was not started within 30 days, and its file was deleted. Send the file again.")
        discard_batch(batch=batch, by=None, message=message)
        batch.file.delete(save=True)
        forgotten += 1
    return forgotten
