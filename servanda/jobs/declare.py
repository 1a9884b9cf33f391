"""What a room says about its tasks, beside the task in its `tasks.py`: that it may run again, that it comes round."""

from collections.abc import Callable
from datetime import timedelta

from django.tasks import Task
from django.utils.module_loading import autodiscover_modules

RETRYABLE: set[str] = set()
GIVEN_UP: dict[str, Task] = {}
SCHEDULED: dict[str, tuple[timedelta, Task]] = {}


def retryable(task: Task) -> Task:
    """A task that may start again after an error or a crash: it goes on where it stopped, or does nothing twice."""
    RETRYABLE.add(task.module_path)
    return task


def when_given_up(task: Task, *, then: Task) -> None:
    """What is started, with the same arguments, when a task has failed for good: it tells those who wait for it."""
    GIVEN_UP[task.module_path] = then


def scheduled(name: str, *, every: timedelta) -> Callable[[Task], Task]:
    """A task without arguments that the worker starts again and again."""

    def declare(task: Task) -> Task:
        SCHEDULED[name] = (every, task)
        return task

    return declare


def read_declarations() -> None:
    """Open the `tasks.py` of every room, so that what they say is known."""
    autodiscover_modules("tasks")
