"""Tasks whose worker died, and tasks that failed but may be tried again."""

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
    """The process that ran a task ended in the middle of it."""


def beat(worker_id: str, *, on: datetime) -> None:
    """Say that a worker lives; the reaper leaves its task alone."""
    RunningWorker.objects.update_or_create(
        worker_id=worker_id, defaults={"seen_at": on}, create_defaults={"seen_at": on, "started_at": on}
    )


def leave(worker_id: str) -> None:
    RunningWorker.objects.filter(worker_id=worker_id).delete()


def reap(*, on: datetime) -> int:
    """Take tasks out of the hands of dead workers: they run again if they may, or fail with a message."""
    RunningWorker.objects.silent(on=on).delete()
    return sum(reap_task(task.pk) for task in DBTaskResult.objects.running().only("pk"))


@transaction.atomic
def reap_task(pk) -> bool:
    """Under the row's lock, so that of two reapers one finds it changed."""
    task = DBTaskResult.objects.running().select_for_update().filter(pk=pk).first()
    if not task or RunningWorker.objects.filter(worker_id__in=task.worker_ids[-1:]).exists():
        return False
    if may_run_again(task):
        give_back(task)
    else:
        task.set_failed(WorkerLost(_("The worker stopped in the middle of this task.")))
        give_up(task)
    return True


def may_run_again(task: DBTaskResult) -> bool:
    return task.task_path in RETRYABLE and len(task.worker_ids) <= RETRIES


def give_back(task: DBTaskResult) -> None:
    """The task is free again, as if nobody had begun it; who tried is kept."""
    task.status, task.finished_at = TaskResultStatus.READY, None
    task.exception_class_path = task.traceback = ""
    fields = ["status", "finished_at", "exception_class_path", "traceback", "run_after", "worker_ids"]
    task.save(update_fields=fields)


def try_again_later(task: DBTaskResult, *, on: datetime) -> None:
    """After an error, each further try waits longer."""
    task.run_after = on + BACK_OFF[len(task.worker_ids) - 1]
    give_back(task)


def give_up(task: DBTaskResult) -> None:
    if then := GIVEN_UP.get(task.task_path):
        then.enqueue(*task.args_kwargs["args"])
