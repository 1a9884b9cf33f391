"""Tasks for the tests of the worker: real ones, in a module that the worker can import."""

import os
import signal
import time
from pathlib import Path

from django.db import connection
from django.tasks import task

from servanda.jobs.declare import retryable
from servanda.trail.models import Event

STEPS = 4


@retryable
@task()
def take_steps(log: str) -> None:
    """Like an import: what is done is on disk, and a second start goes on behind it."""
    path = Path(log)
    done = len(path.read_text().splitlines()) if path.exists() else 0
    for step in range(done + 1, STEPS + 1):
        with path.open("a") as file:
            file.write(f"step {step}\n")
        if step == 2 and done < 2:
            time.sleep(30)


@task()
def take_steps_once(log: str) -> None:
    take_steps.func(log)


@retryable
@task()
def stumble(log: str) -> None:
    with Path(log).open("a") as file:
        file.write("tried\n")
    raise ValueError("the third stair is broken")


@task()
def note(log: str) -> None:
    with Path(log).open("a") as file:
        file.write("noted\n")


@task()
def leave_a_line() -> None:
    Event.record("instance-edited")


@retryable
@task()
def wait_in_the_database(log: str) -> None:
    """A long query; a second start has nothing to do."""
    if Path(log).exists():
        return
    Path(log).write_text("step 2\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")


@retryable
@task()
def be_asked_to_end_before_the_answer(log: str) -> None:
    """The signal comes when a question is on its way and no one waits for its answer yet."""
    if Path(log).exists():
        return
    Path(log).write_text("step 2\n")
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        connection.connection.pgconn.send_query(b"SELECT pg_sleep(30) -- outlives its worker")
    os.kill(os.getpid(), signal.SIGTERM)
