"""Assignments to many records, in the background. Each task may be started again and goes on where it stopped."""

from django.tasks import task

from servanda.intake.models import Batch
from servanda.jobs.declare import retryable
from servanda.people.models import User
from servanda.planning.services import bulk


@retryable
@task()
def apply_assignments(key: str) -> None:
    batch = Batch.objects.get(key=key)
    if batch.state == Batch.State.APPLYING:
        bulk.apply_assignments(batch)


@retryable
@task()
def clear_assignments(key: str, by: int) -> None:
    bulk.clear_assignments(Batch.objects.get(key=key), by=User.objects.get(pk=by))
