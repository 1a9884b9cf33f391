"""Garbage collection of a process: what it loads at its start stays as long as it lives."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage while modules are loaded: that would take a tenth of the time, and find a megabyte.

    Nor does the process collect any when it ends, which took a quarter of a second; the system takes all it had.
    """
    gc.disable()
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        freeze_loaded_objects()
        gc.enable()


def freeze_loaded_objects() -> None:
    """Exclude everything loaded so far from garbage collection.

    Modules, models and URLs are a quarter of a million objects that live as long as the process. A full collection
    over them stops the page that is being made for 150 ms, and finds nothing.
    """
    gc.freeze()
