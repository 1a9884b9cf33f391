"""Background tasks: imports, bulk changes, labels and counts.

Most can be started again after a crash and resume where they stopped (`@retryable`).
"""

import logging
from datetime import timedelta

from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.jobs.exclusive import AlreadyRunning
from servanda.jobs.services import enqueue_once
from servanda.people.models import User
from servanda.people.notifications.services import in_language_of
from servanda.recommendations import comparisons, encoding_tasks
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.counting import counts
from servanda.recommendations.imports import apply_undo, pipeline
from servanda.recommendations.labels import learning, suggesting
from servanda.sources.tasks import TO_BE_READ, read_document_units
from servanda.sources.units import conversion
from servanda.sources.units.reading import SHAPE as DOCUMENT

logger = logging.getLogger("servanda.recommendations")


@retryable
@task()
def preview_import(key: str) -> None:
    batch = Batch.objects.get(key=key)
    with in_language_of(batch.created_by):
        pipeline.preview_batch(batch)


@retryable
@task()
def convert_import(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if conversion.is_to_be_converted(batch) and batch.state in TO_BE_READ:
        conversion.convert_to_word(batch)
    if batch.state == Batch.State.UPLOADED:
        enqueue_once(read_document_units if batch.shape == DOCUMENT else preview_import, key)


@retryable
@task()
def apply_import(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        with in_language_of(batch.created_by):
            pipeline.apply_batch(batch)
        for work in (encoding_tasks.encode_texts, comparisons.compare_records, suggest_labels):
            enqueue_once(work)
        counts.count_ahead(batch.created_by)


@task()
def discard_failed_import(key: str) -> None:
    batch = Batch.objects.get(key=key)
    message = _("The import failed after several attempts. No changes were made. Contact your system administrator.")
    pipeline.discard_batch(batch=batch, by=batch.created_by, message=message)


when_given_up(convert_import, then=discard_failed_import)
when_given_up(preview_import, then=discard_failed_import)
when_given_up(apply_import, then=discard_failed_import)


@scheduled("clean-imports", every=timedelta(hours=1))
@retryable
@task()
def clean_imports() -> None:
    apply_undo.clean_leftovers()


@retryable
@task()
def apply_bulk(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        bulk.apply_bulk(batch)


@retryable
@task()
def clear_bulk(key: str, by: int) -> None:
    bulk.clear_bulk(Batch.objects.get(key=key), by=User.objects.get(pk=by))


@retryable
@task()
def suggest_labels() -> None:
    suggesting.suggest_labels()


@scheduled("forget-imports-never-started", every=timedelta(days=1))
@retryable
@task()
def forget_imports_never_started() -> None:
    pipeline.forget_imports_never_started(on=timezone.now())


@scheduled("hold-register", every=timedelta(minutes=5))
@retryable
@task()
def hold_register() -> None:
    counts.read_ahead()


@scheduled("learn-labels", every=timedelta(days=7))
@retryable
@task()
def learn_labels() -> None:
    """Train models with the latest decisions, and renew waiting suggestions."""
    try:
        learning.learn_labels()
    except AlreadyRunning:
        logger.info("Labels are being learned already by another process.")
        return
    suggesting.suggest_labels()
