"""Checks, before a command begins, that the database can be reached and has this version's tables."""

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


def refuse_unready_database() -> None:
    """Raises `CommandError` where the database cannot be reached, or its tables are missing or of another version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        sentence = _("The database cannot be reached: %(reason)s. Check DATABASE_URL and that the server runs.")
        raise CommandError(sentence % {"reason": str(problem).strip()}) from problem
    if missing:
        raise CommandError(_("The database is not set up for this version. Run “./run manage migrate” first."))
