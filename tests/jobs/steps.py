"""Tasks for the tests of the worker: real ones, in a module that the worker can import."""

import time
from pathlib import Path

from django.tasks import task

from servanda.jobs.declare import retryable

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
