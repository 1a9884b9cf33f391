"""When the disk is full: reading goes on, saving is refused with a page, and no file is left over."""

import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse

from servanda.kit.server.refused_requests import refused
from servanda.kit.server.whole_answers import FULL

DISK_FULL = "53100"  # as PostgreSQL numbers it
LEAST = 256 * 1024  # bytes; with less, SQLite can no longer open its own files and says something else


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page for every error that nobody expected; it needs neither database nor session."""
    error = sys.exc_info()[1]
    return refused(503 if error and is_full(error) else 500)


def is_full(error: BaseException) -> bool:
    return any(tells_of_full_disk(cause) for cause in causes_of(error))


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def tells_of_full_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        is_said = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        return is_said or (isinstance(error, sqlite3.OperationalError) and is_nothing_free())
    return getattr(error, "sqlstate", "") == DISK_FULL


def is_nothing_free() -> bool:
    return shutil.disk_usage(settings.DATA_DIR).free < LEAST


class Cache(FileBasedCache):
    """What cannot be remembered is computed again: no page fails for that."""

    def set(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except OSError as error:
            if error.errno not in FULL:
                raise


class Pending(threading.local):
    def __init__(self) -> None:
        self.names: dict[str, None] = {}


pending = Pending()  # files written in a transaction that has not ended


class Storage(FileSystemStorage):
    """A file that was written in part is removed, and so is one whose row was not saved (`remove_orphans`)."""

    def _save(self, name: str, content: File) -> str:
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]  # -- the stubs leave it out
        except OSError:
            with suppress(FileNotFoundError):
                self.delete(name)
            raise
        if connection.in_atomic_block:
            pending.names[saved] = None
            transaction.on_commit(lambda: pending.names.pop(saved, None), robust=True)
        return saved


@contextmanager
def removed_unless_saved(file: FieldFile) -> Iterator[None]:
    """Around the transaction that saves the row of a file that was written before it."""
    try:
        yield
    except BaseException:
        file.delete(save=False)
        raise


def remove_pending() -> None:
    """What is still pending after its transaction was rolled back."""
    if connection.in_atomic_block:
        return
    for name in list(pending.names):
        del pending.names[name]
        default_storage.delete(name)


def remove_orphans(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Around each request; what a worker leaves is swept every day."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        remove_pending()
        return response

    return middleware
