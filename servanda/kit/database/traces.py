"""What deleted data leave: in the file of a database, and as stored files."""

from django.core.files.storage import Storage
from django.db import connection, transaction


def wipe_after_commit() -> None:
    """Move what was just written over deleted data out of SQLite's log and into its file. PostgreSQL does this by
    itself (autovacuum)."""
    if connection.vendor == "sqlite":
        transaction.on_commit(empty_log)


def empty_log() -> None:
    """Readers of the log are not waited for: it is emptied later, by the next that finds none."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def delete_after_commit(storage: Storage, name: str) -> None:
    """A crash in between leaves a file without a row, which the daily sweep deletes."""
    if name:
        transaction.on_commit(lambda: storage.delete(name))
