"""Imports and changes of many records, in the background.

Each task may be started again after a crash and goes on where it stopped.
"""

from django.tasks import task

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.recommendations.services import bulk, importing, settling


@task()
def preview_import(key: str) -> None:
    importing.preview_batch(Batch.objects.get(key=key))


@task()
def apply_import(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        importing.apply_batch(batch)


@task()
def clean_imports() -> None:
    settling.clean_leftovers()


@task()
def apply_bulk(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        bulk.apply_bulk(batch)


@task()
def clear_bulk(key: str, by: int) -> None:
    bulk.clear_bulk(Batch.objects.get(key=key), by=User.objects.get(pk=by))
