"""Whether the database can be used by this program, said in a sentence before a command begins."""

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


def refuse_unready_database() -> None:
    """Raises `CommandError` where no database answers, or where its tables are missing or of another version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        sentence = _("The database cannot be reached: %(reason)s. Check DATABASE_URL and that the server runs.")
        raise CommandError(sentence % {"reason": str(problem).strip()}) from problem
    if missing:
        raise CommandError(_("The database is not set up for this version. Run “./run manage migrate” first."))
