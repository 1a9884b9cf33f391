"""Declarations beside a task in a room's `tasks.py`: that it may be retried, or that it runs on a schedule."""

from collections.abc import Callable
from datetime import timedelta

from django.tasks import Task
from django.utils.module_loading import autodiscover_modules

LAST = -50  # priority of work that other systems may delay: all other tasks that are ready are claimed before
RETRYABLE: set[str] = set()
GIVEN_UP: dict[str, Task] = {}
SCHEDULED: dict[str, tuple[timedelta, Task]] = {}


def retryable(task: Task) -> Task:
    """Mark a task that may be retried after an error or crash: it resumes where it stopped, or is idempotent."""
    RETRYABLE.add(task.module_path)
    return task


def when_given_up(task: Task, *, then: Task) -> None:
    """Start `then`, with the same arguments, when a task has failed for good, to inform those who wait for it."""
    GIVEN_UP[task.module_path] = then


def scheduled(name: str, *, every: timedelta) -> Callable[[Task], Task]:
    """Mark a task without arguments that the worker starts at this interval."""

    def declare(task: Task) -> Task:
        SCHEDULED[name] = (every, task)
        return task

    return declare


def read_declarations() -> None:
    """Import the `tasks.py` of every room, so that their declarations take effect."""
    autodiscover_modules("tasks")
