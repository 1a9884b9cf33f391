"""Reclaims tasks whose worker died, and retries tasks that failed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.tasks import TaskResultStatus
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from servanda.jobs.declare import GIVEN_UP, RETRYABLE
from servanda.jobs.models import RunningWorker

RETRIES = 3
BACK_OFF = [timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30)]


class WorkerLost(Exception):
    """The process that ran a task ended before the task was finished."""


def beat(worker_id: str, *, on: datetime) -> None:
    """Record that a worker is alive, so that its task is not reclaimed."""
    RunningWorker.objects.update_or_create(
        worker_id=worker_id, defaults={"seen_at": on}, create_defaults={"seen_at": on, "started_at": on}
    )


def remove_worker(worker_id: str) -> None:
    RunningWorker.objects.filter(worker_id=worker_id).delete()


def reap(*, on: datetime) -> int:
    """Reclaim the tasks of dead workers: they are retried if that is allowed, or fail with a message."""
    RunningWorker.objects.silent(on=on).delete()
    return sum(reap_task(task.pk) for task in DBTaskResult.objects.running().only("pk"))


@transaction.atomic
def reap_task(pk) -> bool:
    """Locks the row, so that only one of two reapers reclaims the task."""
    task = DBTaskResult.objects.running().select_for_update().filter(pk=pk).first()
    if not task or RunningWorker.objects.filter(worker_id__in=task.worker_ids[-1:]).exists():
        return False
    if may_retry(task):
        release(task)
    else:
        task.set_failed(WorkerLost(_("The worker stopped during this task.")))
        give_up(task)
    return True


def may_retry(task: DBTaskResult) -> bool:
    return task.task_path in RETRYABLE and len(task.worker_ids) <= RETRIES


def release(task: DBTaskResult) -> None:
    """Make the task ready to be claimed again; the workers that tried it stay recorded."""
    task.status, task.finished_at = TaskResultStatus.READY, None
    task.exception_class_path = task.traceback = ""
    fields = ["status", "finished_at", "exception_class_path", "traceback", "run_after", "worker_ids"]
    task.save(update_fields=fields)


def retry_later(task: DBTaskResult, *, on: datetime) -> None:
    """Retry a task after an error; each further try waits longer."""
    task.run_after = on + BACK_OFF[len(task.worker_ids) - 1]
    release(task)


def give_up(task: DBTaskResult) -> None:
    if then := GIVEN_UP.get(task.task_path):
        then.enqueue(*task.args_kwargs["args"])
