"""Imports in the background. Each task may be started again after a crash and goes on where it stopped."""

from django.tasks import task

from servanda.intake.models import Batch
from servanda.recommendations.services import importing, settling


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
