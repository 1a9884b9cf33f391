"""Locks for work that only one process may do at a time. A process that dies releases its lock."""

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

TRIES = 5  # `under_way_since` holds the lock for a moment
PAUSE = 0.02  # seconds

HELD_SINCE = """
SELECT min(holder.backend_start) FROM pg_locks held JOIN pg_stat_activity holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory' AND held.objsubid = 1 AND held.granted
AND (held.classid::bigint << 32) | held.objid::bigint = %s
AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class AlreadyRunning(Refused):
    """Another process is doing this work."""


@contextmanager
def exclusive(work: str, *, refusal: str) -> Iterator[None]:
    """Do this work while no other process can. Raises `AlreadyRunning`, with this refusal, where one is doing it."""
    holding = lock_in_database if connection.vendor == "postgresql" else lock_as_file
    with holding(work) as is_ours:
        if not is_ours:
            raise AlreadyRunning(refusal)
        yield


def under_way_since(work: str) -> datetime | None:
    """The time since which another process has been doing this work, or None."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot()"
            )  # otherwise the statistics are those of an earlier query
            cursor.execute(HELD_SINCE, [lock_number(work)])
            return cursor.fetchone()[0]
    try:
        with lock_file(work).open("rb") as file:
            if try_lock(file, fcntl.LOCK_SH):
                return None
            return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except FileNotFoundError:
        return None


@contextmanager
def lock_in_database(work: str) -> Iterator[bool]:
    """A lock of a separate connection: it ends with the process, and no query of the work can release it."""
    own = connections.create_connection(connection.alias)
    is_ours = False
    try:
        is_ours = query_lock(own, "SELECT pg_try_advisory_lock(%s)", work)
        yield is_ours
    finally:
        if is_ours:  # the server takes a while to notice that a connection is closed
            with suppress(DatabaseError):  # a broken connection has released it already
                query_lock(own, "SELECT pg_advisory_unlock(%s)", work)
        own.close()


def query_lock(own: BaseDatabaseWrapper, question: str, work: str) -> bool:
    with own.cursor() as cursor:
        cursor.execute(question, [lock_number(work)])
        return cursor.fetchone()[0]


@contextmanager
def lock_as_file(work: str) -> Iterator[bool]:
    """SQLite has only locks of whole transactions. Its processes share a disk, so a lock on a file works, and the
    system releases it when the process ends."""
    with lock_file(work).open("ab") as file:
        is_ours = try_lock_repeatedly(file)
        if is_ours:
            os.utime(file.fileno())
        yield is_ours


def try_lock_repeatedly(file: BinaryIO) -> bool:
    for _try in range(TRIES):
        if try_lock(file, fcntl.LOCK_EX):
            return True
        time.sleep(PAUSE)
    return False


def try_lock(file: BinaryIO, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False


def lock_file(work: str) -> Path:
    """One file for each database that this directory serves."""
    return settings.DATA_DIR / f"{work}-{digest(str(connection.settings_dict['NAME'])).hex()[:8]}.lock"


def lock_number(work: str) -> int:
    """The key of PostgreSQL's advisory lock for this work, a signed number of 64 bits."""
    return int.from_bytes(digest(work)[:8], signed=True)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
