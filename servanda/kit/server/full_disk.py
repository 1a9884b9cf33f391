"""When the disk is full, pages can still be read, saving answers with an error page, and no partial file remains."""

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

DISK_FULL = "53100"  # SQLSTATE of PostgreSQL
LEAST = 256 * 1024  # bytes; with less, SQLite cannot open its own files and reports another error


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page for unexpected errors; it needs neither database nor session."""
    error = sys.exc_info()[1]
    return refused(503 if error and is_full(error) else 500)


def is_full(error: BaseException) -> bool:
    return any(is_full_disk_error(cause) for cause in causes_of(error))


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_full_disk_error(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        has_code = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        return has_code or (isinstance(error, sqlite3.OperationalError) and is_nothing_free())
    return getattr(error, "sqlstate", "") == DISK_FULL


def is_nothing_free() -> bool:
    return shutil.disk_usage(settings.DATA_DIR).free < LEAST


class Cache(FileBasedCache):
    """A cache that ignores a full disk: what cannot be stored is computed again."""

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
    """Removes files that were written only in part, and those whose row was not saved (see `remove_orphans`)."""

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
    """Delete the file if the transaction inside, which saves its row, fails."""
    try:
        yield
    except BaseException:
        file.delete(save=False)
        raise


def remove_pending() -> None:
    """Delete files that are still pending after their transaction was rolled back."""
    if connection.in_atomic_block:
        return
    for name in list(pending.names):
        del pending.names[name]
        default_storage.delete(name)


def remove_orphans(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Clean up after each request; files left by a worker are deleted daily."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        remove_pending()
        return response

    return middleware
