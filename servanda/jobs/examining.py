"""Checks that a database, in an archive or our own, belongs to Servanda, is undamaged and fits this version."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, register
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from servanda.jobs.engines import connection_environment, find_program
from servanda.kit.refusal import Refused
from servanda.trail.models import ChainHead, Event

APPLICATION_ID = 0x53727661  # "Srva"; written by migration 0001 of this room
MIGRATIONS = "django_migrations"
FIRST_MIGRATION = (
    "jobs",
    "0001_application_id",
)  # all our other migrations depend on it; before version 0.1.0 none had this name
MOST_OUTPUT = 16_000_000  # bytes that pg_restore may print; the list of our tables takes 100 kB
FOREIGN_KINDS = ("FUNCTION", "PROCEDURE", "TRIGGER", "EVENT TRIGGER", "RULE", "VIEW", "MATERIALIZED VIEW", "SERVER")


def refuse_unless_ours(database: Path) -> None:
    """Raises `Refused`, with the reason, where the database in an archive is not ours, damaged, older or newer."""
    if connection.vendor == "sqlite":
        names, applied = look_into_sqlite(database)
    else:
        names, applied = look_into_dump(database)
    needed = {MIGRATIONS, *(model._meta.db_table for model in (get_user_model(), Event, ChainHead))}
    if missing := sorted(needed - names):
        raise not_ours(_("it has no table %(name)s") % {"name": missing[0]})
    refuse_older(applied)
    refuse_newer(applied)


def refuse_older_database() -> None:
    """Raises `Refused` where our own database is from before version 0.1.0: it cannot be migrated."""
    refuse_older(set(MigrationRecorder(connection).applied_migrations()))


@register(Tags.database)
def check_version_of_database(databases: list[str] | None = None, **_options: Any) -> list[Error]:
    """A check that `migrate` runs before it changes anything."""
    for alias in databases or []:
        try:
            refuse_older(set(MigrationRecorder(connections[alias]).applied_migrations()))
        except Refused as refusal:
            return [Error(str(refusal), id="jobs.E001")]
    return []


def refuse_older(applied: set[tuple[str, str]]) -> None:
    """Raises `Refused` where our apps were migrated without the first migration of version 0.1.0, or where only some
    of the migrations were applied that one of today's replaces: Django would leave out the whole room."""
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("servanda.")}
    if FIRST_MIGRATION not in applied and any(app in rooms for app, _name in applied):
        raise Refused(
            _(
                "This database was written by a version before 0.1.0, and this version cannot use it. Export "
                "the register with the version that wrote it, and import it into a new data directory: see "
                "CHANGELOG.md."
            )
        )
    for (app, _name), migration in MigrationLoader(connection=None).disk_migrations.items():
        done = [key for key in migration.replaces if key in applied]
        if app in rooms and done and len(done) < len(migration.replaces):
            raise Refused(
                _(
                    "This database was last updated by an earlier state of version 0.1.0. Update it first with the "
                    "state that CHANGELOG.md names, then with this one."
                )
            )


def not_ours(reason: str) -> Refused:
    return Refused(_("The database in the archive is not a Servanda database: %(reason)s.") % {"reason": reason})


def damaged(reason: str) -> Refused:
    return Refused(
        _("The database in the archive is damaged: %(reason)s. Use another copy.") % {"reason": reason[:300]}
    )


def look_into_sqlite(database: Path) -> tuple[set[str], set[tuple[str, str]]]:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            opened.execute("PRAGMA trusted_schema = OFF")
            opened.execute("PRAGMA cell_size_check = ON")
            return look_into_tables(opened)
    except sqlite3.Error as problem:
        raise damaged(str(problem)) from problem


def look_into_tables(opened: sqlite3.Connection) -> tuple[set[str], set[tuple[str, str]]]:
    [[mark]] = opened.execute("PRAGMA application_id")
    if mark not in {0, APPLICATION_ID}:  # 0: written by an early version, which is refused later on
        raise not_ours(_("it belongs to another program"))
    [[verdict], *_more] = opened.execute("PRAGMA integrity_check(1)").fetchall() or [["no answer"]]
    if verdict != "ok":
        raise damaged(str(verdict))
    parts = opened.execute("SELECT type, name FROM sqlite_master").fetchall()
    if foreign := sorted(str(name) for kind, name in parts if kind in {"trigger", "view"}):
        raise not_ours(_("it contains a trigger or view, %(name)s") % {"name": foreign[0][:100]})
    tables = {str(name) for kind, name in parts if kind == "table"}
    if MIGRATIONS not in tables:
        return tables, set()
    rows = opened.execute(f"SELECT app, name FROM {MIGRATIONS}")  # noqa: S608 -- a constant
    return tables, {(str(app), str(name)) for app, name in rows}


def look_into_dump(database: Path) -> tuple[set[str], set[tuple[str, str]]]:
    tables: set[str] = set()
    for line in output_of("pg_restore", "--list", str(database)).splitlines():
        _number, _found, entry = line.partition("; ")
        kind = entry.split(" ", 2)[-1] if entry else ""
        if kind.startswith(FOREIGN_KINDS):
            raise not_ours(_("it contains a trigger or view, %(name)s") % {"name": kind[:100]})
        if kind.startswith("TABLE ") and not kind.startswith("TABLE DATA "):
            tables.add(kind.split(" ")[2])
    rows = output_of("pg_restore", "--data-only", f"--table={MIGRATIONS}", "--file=-", str(database))
    cells = [line.split("\t") for line in rows.splitlines()]
    return tables, {(row[1], row[2]) for row in cells if len(row) == 4}


def output_of(program: str, *arguments: str) -> str:
    command = [find_program(program), *arguments]
    with subprocess.Popen(
        command, env=connection_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        output = process.stdout.read(MOST_OUTPUT) if process.stdout else b""
        if len(output) == MOST_OUTPUT:
            process.kill()
    if process.returncode:
        raise damaged(_("%(program)s cannot read it") % {"program": program})
    return output.decode(errors="replace")


def refuse_newer(applied: set[tuple[str, str]]) -> None:
    """Raises `Refused` for unknown migrations: a later version or another program applied them."""
    loader = MigrationLoader(connection=None)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known_migrations = {*loader.disk_migrations, *replaced}
    strange = sorted(key for key in applied - known_migrations if key[0] in loader.migrated_apps)
    if strange:
        raise Refused(
            _(
                "The database in the archive is from a newer version of Servanda: it contains "
                "%(app)s.%(name)s. Install that version first."
            )
            % {"app": strange[0][0], "name": strange[0][1][:100]}
        )
    if not any(app == Event._meta.app_label for app, _name in applied):
        raise not_ours(_("it does not show which version wrote it"))
