import logging
import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, OperationalError, close_old_connections, connection, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import is_locked_database_exception

from servanda.jobs import reaper, services
from servanda.jobs.declare import RETRYABLE
from servanda.jobs.models import RunningWorker
from servanda.kit.server.request_id import with_request_id

logger = logging.getLogger("servanda.jobs")
INTERVAL = {"sqlite": 5.0, "postgresql": 1.0}  # seconds between two looks, unless the operator says otherwise
REAP_EVERY = 60  # seconds between two runs of the reaper


class Stopped(KeyboardInterrupt):
    """The worker was asked to end while it runs a task that can be resumed later.

    It is a KeyboardInterrupt because psycopg cancels a running query only for that exception; after any other the
    connection would stay busy, and releasing the task would fail.
    """


class HouseWorker(Worker):
    """Runs tasks one by one; between two it starts scheduled tasks, sends mails and reclaims lost tasks.

    The parent's loop takes SQLite's only write lock at every poll; this one polls by reading first.
    """

    def __init__(self, *, worker_id: str, batch: bool, interval: float | None = None):
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval or INTERVAL[connection.vendor],
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
        )
        self.next_reaping = 0.0
        self.task_path = ""

    def run(self) -> None:
        logger.info("Worker %s begins.", self.worker_id)
        with heartbeats(self.worker_id):
            services.set_up_schedules(on=timezone.now())
            while self.running:
                close_old_connections()
                self.do_housekeeping(timezone.now())
                if not self.run_next() and self.running:
                    if self.batch:
                        break
                    self.sleep()
        logger.info("Worker %s ends.", self.worker_id)

    def do_housekeeping(self, on: datetime) -> None:
        with ignore_busy_database():
            if time.monotonic() >= self.next_reaping:
                self.next_reaping = time.monotonic() + REAP_EVERY
                reaper.reap(on=on)
            services.run_due_schedules(on=on)
            services.send_due_mails(on=on)

    def run_next(self) -> bool:
        task = None
        with ignore_busy_database():
            task = self.claim_next()
        if task is None:
            return False
        self.run_task(task)
        return True

    def claim_next(self) -> DBTaskResult | None:
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.exists():
            return None
        with transaction.atomic():
            task = ready.get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task

    def run_task(self, db_task_result: DBTaskResult) -> None:
        self.task_path = db_task_result.task_path
        try:
            with with_request_id(str(db_task_result.pk)):
                super().run_task(db_task_result)
        except DatabaseError:
            if self.running or self.task_path not in RETRYABLE:
                raise
            connection.close()  # the signal arrived during a query, and the connection cannot be used any more
            return_task(db_task_result)
            return
        finally:
            self.task_path = ""
        if db_task_result.status != TaskResultStatus.FAILED:
            return
        if db_task_result.exception_class_path.endswith(f".{Stopped.__name__}"):
            return_task(db_task_result)
            return
        logger.error("Task %s failed.\n%s", db_task_result.task_path, db_task_result.traceback)
        if reaper.may_retry(db_task_result):
            reaper.retry_later(db_task_result, on=timezone.now())
        else:
            reaper.give_up(db_task_result)

    def shutdown(self, signum, frame) -> None:
        """The first signal lets the worker finish its task, or return a resumable one; the second ends it at once."""
        if not self.running:
            os._exit(1)
        self.running = False
        logger.info("Worker %s is asked to end.", self.worker_id)
        if self.task_path in RETRYABLE:
            raise Stopped(signal.strsignal(signum))

    def sleep(self) -> None:
        """Sleep in short pieces: a signal does not interrupt `time.sleep`, it only clears `running`."""
        end = time.monotonic() + self.interval
        while self.running and time.monotonic() < end:
            time.sleep(0.2)


def return_task(task: DBTaskResult) -> None:
    """Release a task as if this worker had never claimed it."""
    task.worker_ids = task.worker_ids[:-1]
    reaper.release(task)


@contextmanager
def ignore_busy_database():
    """Log a database that another writer keeps locked, and try again in the next round instead of ending."""
    try:
        yield
    except OperationalError as error:
        if not is_locked_database_exception(error):
            raise
        logger.warning("The database was busy: %s", error)


@contextmanager
def heartbeats(worker_id: str):
    """Record heartbeats from a thread and a connection of their own."""
    over = threading.Event()

    def beat_until_stopped():
        while not over.wait(RunningWorker.BEAT.total_seconds()):
            with ignore_busy_database():
                reaper.beat(worker_id, on=timezone.now())
        connection.close()

    reaper.beat(worker_id, on=timezone.now())
    thread = threading.Thread(target=beat_until_stopped, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(RunningWorker.SILENCE.total_seconds())
        reaper.remove_worker(worker_id)
