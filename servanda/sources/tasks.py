"""Documents that are read in the background, and obligations that pass to a successor."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.sources.obligations.persons import hand_over_due
from servanda.sources.units import reading, rereading

TO_BE_READ = {Batch.State.UPLOADED, Batch.State.PREVIEWING}


@retryable
@task()
def read_document_units(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state in TO_BE_READ and batch.shape == reading.SHAPE:
        reading.read_into_units(batch)


@retryable
@task()
def recognise_document(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.PREVIEWING and batch.shape == reading.SHAPE:
        rereading.recognise_and_read(batch)


@task()
def give_up_document(key: str) -> None:
    message = _("The document could not be read after several attempts. Contact your system administrator.")
    Batch.objects.filter(key=key).update(state=Batch.State.FAILED, message=message)


when_given_up(read_document_units, then=give_up_document)
when_given_up(recognise_document, then=give_up_document)


@scheduled("hand-over-obligations", every=timedelta(hours=1))
@retryable
@task()
def hand_over_obligations() -> None:
    """Move the obligations of people whose appointment has ended since it was handed over."""
    hand_over_due(on=timezone.localdate())
