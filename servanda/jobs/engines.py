"""Dumps the whole database into one file and loads it, with the means of each engine."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def dump(target: Path) -> None:
    """A consistent snapshot of the database, while people go on writing. Raises `Refused`."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
    else:
        run_postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Load a dump into an empty database, completely or not at all. Raises `Refused`."""
    if connection.vendor == "sqlite":
        replace_sqlite(source, Path(connection.settings_dict["NAME"]))
    else:
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        run_postgres("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(source))


def replace_sqlite(source: Path, database: Path) -> None:
    connection.close()
    for leftover in ("-wal", "-shm"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    source.chmod(0o600)
    source.replace(database)


def run_postgres(program: str, *arguments: str) -> None:
    result = subprocess.run(
        [find_program(program), *arguments], env=connection_environment(), capture_output=True, check=False
    )
    if result.returncode:
        raise Refused(
            _("%(program)s failed: %(reason)s")
            % {"program": program, "reason": result.stderr.decode(errors="replace").strip()[-500:]}
        )


def connection_environment() -> dict[str, str]:
    """Environment variables for PostgreSQL's programs: arguments would show the password in the process list."""
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return os.environ | {name: str(database[key]) for name, key in names.items() if database[key]}


def find_program(name: str) -> str:
    """The program on the PATH, or the newest in Debian's folder. Raises `Refused` where there is none."""
    if path := shutil.which(name):
        return path
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    if newest := max(installed, key=lambda path: float(path.parts[-3]), default=None):
        return str(newest)
    raise Refused(_("%(program)s is not installed. Install the package postgresql-client.") % {"program": name})
