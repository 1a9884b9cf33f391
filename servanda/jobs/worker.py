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
from servanda.kit.server.request_id import known_as

logger = logging.getLogger("servanda.jobs")
INTERVAL = {"sqlite": 5.0, "postgresql": 1.0}
LOOK_ROUND = 60  # seconds between two rounds of the reaper


class Stopped(KeyboardInterrupt):
    """Somebody asked the worker to end while it runs a task that can go on later.

    psycopg cancels the query that is running for a Ctrl-C, and for no other exception of a signal's handler;
    the connection would stay busy, and handing the task back would fail.
    """


class HouseWorker(Worker):
    """Runs tasks one after the other; between two it starts what is scheduled, sends mails and frees lost tasks.

    The loop of the parent takes SQLite's one write lock at every look; this one looks first by reading.
    """

    def __init__(self, *, worker_id: str, batch: bool):
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=INTERVAL[connection.vendor],
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
        )
        self.next_round = 0.0
        self.task_path = ""

    def run(self) -> None:
        logger.info("Worker %s begins.", self.worker_id)
        with heartbeats(self.worker_id):
            services.set_up_schedules(on=timezone.now())
            while self.running:
                close_old_connections()
                self.look_after_the_house(timezone.now())
                if not self.run_next() and self.running:
                    if self.batch:
                        break
                    self.rest()
        logger.info("Worker %s ends.", self.worker_id)

    def look_after_the_house(self, on: datetime) -> None:
        with patience():
            if time.monotonic() >= self.next_round:
                self.next_round = time.monotonic() + LOOK_ROUND
                reaper.reap(on=on)
            services.run_due_schedules(on=on)
            services.send_due_mails(on=on)

    def run_next(self) -> bool:
        task = None
        with patience():
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
            with known_as(str(db_task_result.pk)):
                super().run_task(db_task_result)
        except DatabaseError:
            if self.running or self.task_path not in RETRYABLE:
                raise
            connection.close()  # the signal came when an answer was on its way: this one answers nothing else
            hand_back(db_task_result)
            return
        finally:
            self.task_path = ""
        if db_task_result.status != TaskResultStatus.FAILED:
            return
        if db_task_result.exception_class_path.endswith(f".{Stopped.__name__}"):
            hand_back(db_task_result)
            return
        logger.error("Task %s failed.\n%s", db_task_result.task_path, db_task_result.traceback)
        if reaper.may_run_again(db_task_result):
            reaper.try_again_later(db_task_result, on=timezone.now())
        else:
            reaper.give_up(db_task_result)

    def shutdown(self, signum, frame) -> None:
        """The first signal ends the worker after its task, or hands a task back that can go on later."""
        if not self.running:
            os._exit(1)
        self.running = False
        logger.info("Worker %s is asked to end.", self.worker_id)
        if self.task_path in RETRYABLE:
            raise Stopped(signal.strsignal(signum))

    def rest(self) -> None:
        """Sleep in short pieces: a signal does not interrupt `time.sleep`, it only sets `running`."""
        end = time.monotonic() + self.interval
        while self.running and time.monotonic() < end:
            time.sleep(0.2)


def hand_back(task: DBTaskResult) -> None:
    """As if this worker had never had it."""
    task.worker_ids = task.worker_ids[:-1]
    reaper.give_back(task)


@contextmanager
def patience():
    """A writer who keeps the database busy for long is no reason to end: look again at the next round."""
    try:
        yield
    except OperationalError as error:
        if not is_locked_database_exception(error):
            raise
        logger.warning("The database was busy: %s", error)


@contextmanager
def heartbeats(worker_id: str):
    """Tell from a thread of its own, with a connection of its own, that the worker lives."""
    over = threading.Event()

    def tell():
        while not over.wait(RunningWorker.BEAT.total_seconds()):
            with patience():
                reaper.beat(worker_id, on=timezone.now())
        connection.close()

    reaper.beat(worker_id, on=timezone.now())
    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(RunningWorker.SILENCE.total_seconds())
        reaper.leave(worker_id)
