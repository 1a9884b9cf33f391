"""Deeds at the same moment, each over a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import OperationalError, connection

from servanda.kit.refusal import Refused


def at_once[T](deeds: list[Callable[[], T]]) -> list[T]:
    """All in the same moment, each in a thread and over a connection of its own."""
    start, answers = Barrier(len(deeds)), {}

    def run(number: int) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            answers[number] = deeds[number]()
        finally:
            connection.connection.close()  # that of this thread; Django keeps one open to a database in memory

    threads = [Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(deeds))]


def outcome_of(deed: Callable[[], object]) -> str:
    """Empty if it was done, or the refusal. Whoever is locked out of SQLite in memory, where a file would let them
    wait, tries again."""
    while True:
        try:
            deed()
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
        except Refused as refusal:
            return str(refusal)
        else:
            return ""
