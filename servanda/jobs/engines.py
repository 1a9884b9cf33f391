"""The whole database into one file and back, in the words of each engine."""

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
    """One moment of the database, while people go on writing."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
    else:
        run_postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Put a dump in the place of an empty database: all of it or nothing."""
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
    done = subprocess.run(
        [find_program(program), *arguments], env=connection_environment(), capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(
            _("%(program)s could not do its work: %(reason)s")
            % {"program": program, "reason": done.stderr.decode(errors="replace").strip()[-500:]}
        )


def connection_environment() -> dict[str, str]:
    """How to reach the server; the password is in no list of processes this way."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return os.environ | {name: str(given[key]) for name, key in names.items() if given[key]}


def find_program(name: str) -> str:
    """The program on the path, or the newest one where Debian keeps them."""
    if found := shutil.which(name):
        return found
    kept = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    if newest := max(kept, key=lambda path: float(path.parts[-3]), default=None):
        return str(newest)
    raise Refused(_("%(program)s is not here. Install the package postgresql-client.") % {"program": name})
