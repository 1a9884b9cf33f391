"""What is measured in a process of its own, so that memory of earlier measurements does not count."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.db import connections


def in_a_fork(function: Callable[..., Any], *arguments: object) -> Any:
    """Call it in a fork of this process, which has imported what it needs already."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(function, *arguments).result()
