"""Documents that are read in the background."""

from django.tasks import task
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable, when_given_up
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
