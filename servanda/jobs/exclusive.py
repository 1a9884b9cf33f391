"""Work that no two processes do at once. The lock belongs to its process: one that dies lets go of it by dying."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from servanda.kit.refusal import Refused

TRIES = 5  # whoever only looks holds the file for a moment
PAUSE = 0.02  # seconds

HELD_SINCE = """
SELECT min(holder.backend_start) FROM pg_locks held JOIN pg_stat_activity holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory' AND held.objsubid = 1 AND held.granted
AND (held.classid::bigint << 32) | held.objid::bigint = %s
AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class UnderWay(Refused):
    """Another process does this very work."""


@contextmanager
def alone(work: str, *, refusal: str) -> Iterator[None]:
    """Do this work while no other process may; `UnderWay`, with this refusal, where one is at it already."""
    holding = held_in_the_database if connection.vendor == "postgresql" else held_as_a_file
    with holding(work) as is_ours:
        if not is_ours:
            raise UnderWay(refusal)
        yield


def under_way_since(work: str) -> datetime | None:
    """Since when some process is at this work; none if nobody is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it sees who was there before
            cursor.execute(HELD_SINCE, [number_of(work)])
            return cursor.fetchone()[0]
    try:
        with lock_file(work).open("rb") as file:
            if locked(file, fcntl.LOCK_SH):
                return None
            return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except FileNotFoundError:
        return None


@contextmanager
def held_in_the_database(work: str) -> Iterator[bool]:
    """By a connection of its own: it ends with the process, and nothing that the work asks lets go of the lock."""
    own = connections.create_connection(connection.alias)
    is_ours = False
    try:
        is_ours = answer(own, "SELECT pg_try_advisory_lock(%s)", work)
        yield is_ours
    finally:
        if is_ours:  # the server takes a while to see that a connection is closed
            with suppress(DatabaseError):  # one that broke has let go already
                answer(own, "SELECT pg_advisory_unlock(%s)", work)
        own.close()


def answer(own: BaseDatabaseWrapper, question: str, work: str) -> bool:
    with own.cursor() as cursor:
        cursor.execute(question, [number_of(work)])
        return cursor.fetchone()[0]


@contextmanager
def held_as_a_file(work: str) -> Iterator[bool]:
    """SQLite has no lock but that of a whole transaction; whoever shares it shares a disk, and the system lets go."""
    with lock_file(work).open("ab") as file:
        is_ours = locked_soon(file)
        if is_ours:
            os.utime(file.fileno())
        yield is_ours


def locked_soon(file: BinaryIO) -> bool:
    for _try in range(TRIES):
        if locked(file, fcntl.LOCK_EX):
            return True
        time.sleep(PAUSE)
    return False


def locked(file: BinaryIO, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False


def lock_file(work: str) -> Path:
    """One for each database that this directory serves."""
    return settings.DATA_DIR / f"{work}-{digest(str(connection.settings_dict['NAME'])).hex()[:8]}.lock"


def number_of(work: str) -> int:
    """What stands for it among the locks of PostgreSQL, which are numbers of 64 bits."""
    return int.from_bytes(digest(work)[:8], signed=True)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
