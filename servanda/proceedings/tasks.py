"""Background tasks of proceedings."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.proceedings.models import ProceedingFile
from servanda.progress.evidence.cleanup import sweep_folder


@scheduled("sweep-proceeding-files", every=timedelta(days=1))
@retryable
@task()
def sweep_proceeding_files() -> None:
    """Delete files that a crash left without a row."""
    sweep_folder("proceedings", ProceedingFile.objects.all(), on=timezone.now())
