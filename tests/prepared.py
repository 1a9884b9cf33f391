"""What every process of the tests needs and no one wants to wait for: a migrated database, and the vocabulary."""

import fcntl
import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models

from tests.postgres import ENDS_WITH_US

ROOT = Path(__file__).resolve().parents[1]
IMPORTED = re.compile(r"^(?:import|from) (servanda(?:\.\w+)+)", re.MULTILINE)

WRITES_VOCABULARY = re.compile(r"(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) \"?vocab_")

_vocabulary: dict[str, list[tuple]] = {}  # its rows by table, from the first load of this process
_names: dict[str, object] = {}  # what a Lookup of these rows knows


@contextmanager
def migrated_once(folder: Path) -> Iterator[None]:
    """While this lasts, a new test database is a copy of one that was migrated once for this set of migrations.

    It is a file in the folder on SQLite, where databases of tests are in memory, and a database on a PostgreSQL that
    ends with the run. Anywhere else each test database is migrated as usual.
    """
    prepare = {"sqlite": copied_file, "postgresql": copied_database}[connection.vendor]
    test = connection.settings_dict["TEST"]
    before = dict(test)
    with locked(folder / "lock"):
        copy = prepare(folder)
    try:
        yield
    finally:
        if copy:
            copy.close()
        test |= before


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
        yield


def digest() -> str:
    """Another one for each change of a migration, or of a module that a migration imports."""
    found = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for path in sorted({Path(__file__), *migration_files(), *imported_by(migration_files())}):
        found.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def migration_files() -> list[Path]:
    return [path for app in apps.get_app_configs() for path in Path(app.path, "migrations").glob("*.py")]


def imported_by(files: list[Path]) -> Iterator[Path]:
    for file in files:
        for module in IMPORTED.findall(file.read_text(encoding="utf-8")):
            path = ROOT.joinpath(*module.split("."))
            yield from path.glob("*.py") if path.is_dir() else [path.with_suffix(".py")]


def copied_file(folder: Path) -> sqlite3.Connection | None:
    """A connection to the copy, which is in memory and lasts as long as any connection does."""
    name = connection.creation._get_test_db_name()
    if not connection.creation.is_in_memory_db(name):
        return None
    migrated = migrated_file(folder)
    copy = sqlite3.connect(name, uri=True)
    with closing(sqlite3.connect(migrated)) as source:
        source.backup(copy)
    connection.settings_dict["TEST"]["MIGRATE"] = False
    return copy


def migrate_beside(folder: Path) -> subprocess.Popen:
    """A process that migrates what others copy. They wait for it; if it fails, the first of them migrates."""
    return subprocess.Popen([sys.executable, "-m", "tests.prepared", str(folder)], cwd=ROOT)


def migrated_file(folder: Path) -> Path:
    """A migrated database, which no one opens to write."""
    migrated = folder / f"{digest()}.sqlite3"
    if not migrated.exists():
        for older in folder.glob("*.sqlite3"):
            older.unlink()
        with TemporaryDirectory(dir=folder) as scratch, migrating(f"{scratch}/new.sqlite3"):
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [f"{scratch}/whole.sqlite3"])
            os.replace(f"{scratch}/whole.sqlite3", migrated)
    return migrated


def copied_database(_folder: Path) -> None:
    if ENDS_WITH_US in os.environ:
        connection.settings_dict["TEST"] |= {"TEMPLATE": migrated_database(), "MIGRATE": False}


def migrated_database() -> str:
    """The name of a migrated database to which no one connects: a template."""
    name = f"servanda_migrated_{digest()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}_new")
            cursor.execute(f"CREATE DATABASE {name}_new")
            with migrating(f"{name}_new"):
                pass
            cursor.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    return name


@contextmanager
def migrating(name: str) -> Iterator[None]:
    """The connection leads to this database, which is empty and becomes migrated."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def put_vocabulary() -> None:
    """As `load_vocabulary` does; the second time in a process its rows are written as they were the first time."""
    from servanda.vocab.services.loading import load_vocabulary  # what is planted knows only these hooks, no models

    of_vocabulary = list(apps.get_app_config("vocab").get_models(include_auto_created=True))
    if _vocabulary:
        write_rows(_vocabulary, of_vocabulary)
    else:
        load_vocabulary()
        _vocabulary.update(rows_of(of_vocabulary))


def rows_of(some: Iterable[type[models.Model]]) -> dict[str, list[tuple]]:
    """The rows of these models by table, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for model in some:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found[model._meta.db_table] = cursor.fetchall()
    return found


def write_rows(by_table: dict[str, list[tuple]], some: Iterable[type[models.Model]]) -> None:
    """Where there are none, as they were read; the next row that is made gets another key."""
    with connection.cursor() as cursor:
        for table, rows in by_table.items():
            if rows:
                cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        for line in connection.ops.sequence_reset_sql(no_style(), some):
            cursor.execute(line)


class LoadedNames:
    """While no one changes the vocabulary, each `Lookup` gets what the first of this process learned from it."""

    def __init__(self):
        self.is_changed = False

    def watch(self, execute, sql, params, many, context):
        self.is_changed = self.is_changed or bool(WRITES_VOCABULARY.match(sql))
        return execute(sql, params, many, context)

    @contextmanager
    def given_to_lookups(self, patched) -> Iterator[None]:
        from servanda.vocab.lookup import Lookup  # see put_vocabulary

        learn = Lookup.__init__
        self.is_changed = False

        def fill(lookup) -> None:
            if self.is_changed or not _names:
                learn(lookup)
            if self.is_changed:
                return
            _names.update({} if _names else vars(lookup))
            vars(lookup).update(_names, symbols={})

        patched.setattr(Lookup, "__init__", fill)
        with connection.execute_wrapper(self.watch):
            yield


loaded_names = LoadedNames()


def main(folder: Path) -> None:
    django.setup()
    with locked(folder / "lock"):
        if connection.vendor == "sqlite":
            migrated_file(folder)
        else:
            copied_database(folder)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    main(Path(sys.argv[1]))
