"""Background tasks of follow-up."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.progress.evidence import cleanup as evidence_cleanup
from servanda.progress.evidence.obligation_files import FOLDER
from servanda.progress.rounds import reminders
from servanda.sources.models import ObligationFile


@scheduled("remind-of-input", every=timedelta(hours=1))
@retryable
@task()
def send_input_reminders() -> None:
    reminders.send_input_reminders(now=timezone.now())


@scheduled("sweep-obligation-files", every=timedelta(days=1))
@retryable
@task()
def sweep_obligation_files() -> None:
    """Delete files that a crash left without a row."""
    evidence_cleanup.sweep_folder(FOLDER, ObligationFile.objects.all(), on=timezone.now())


@scheduled("sweep-evidence", every=timedelta(days=1))
@retryable
@task()
def sweep_evidence() -> None:
    evidence_cleanup.sweep_evidence(on=timezone.now())
