"""A database from before the first migrations of 0.1.0, or from the middle of those that one of today's replaces, is
refused in a sentence, and stays as it is."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from servanda.jobs.examining import FIRST_MIGRATION, refuse_older
from tests.jobs.conftest import ROOT, Place

pytestmark = [pytest.mark.database, pytest.mark.timeout(300)]

REFUSAL = "This database was written by a version before 0.1.0"
MAKE_OLDER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    for name in ("0001_initial", "0002_outcome_of_mails", "0003_application_id"):
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', %s, '2026-11-25 00:00Z')", [name]
        )
"""
MIDDLE = "This database was last updated by an earlier state of version 0.1.0"
FORGET_REPLACEMENTS = """
from django.db import connection
from django.db.migrations.loader import MigrationLoader
known = MigrationLoader(connection).disk_migrations
with connection.cursor() as cursor:
    for (app, name), migration in known.items():
        if migration.replaces:
            cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, name])
"""
MIGRATE = """
from tools.start import migrate
migrate()
"""
FORGET_THE_LAST = """
last = next(migration.replaces[-1] for (app, _name), migration in known.items() if app == "network")
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", last)
"""
LOOK = """
from django.db import connection
with connection.cursor() as cursor:
    tables = sorted(connection.introspection.table_names(cursor))
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    print(tables, cursor.fetchall())
"""


@pytest.fixture(scope="module")
def older(new_place_set_up) -> Iterator[Place]:
    place = new_place_set_up()
    with place.open_shell():
        place.python(MAKE_OLDER)
        yield place


def start(place: Place, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=place.environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("what", ["serve", "worker"])
def test_an_older_database_is_refused_at_the_start_and_left_alone(older, what):
    before = older.python(LOOK)
    done = start(older, "-m", "tools.start", what)
    assert done.returncode == 1
    assert done.stderr.startswith(REFUSAL)
    assert "CHANGELOG.md" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert older.python(LOOK) == before


def test_an_older_database_is_refused_by_migrate_and_left_alone(older):
    before = older.python(LOOK)
    done = older.run("migrate")
    assert done.returncode == 1
    assert REFUSAL in done.stderr
    assert "Traceback" not in done.stderr
    assert older.python(LOOK) == before


def test_a_backup_of_an_older_database_is_refused_and_nothing_is_put_in(older, new_place, tmp_path):
    archive = tmp_path / "older.tar.gz"
    older.must_run("backup", str(archive))
    place = new_place()
    with place.open_shell():
        done = place.run("restore", str(archive))
        tables = place.python("from django.db import connection; print(connection.introspection.table_names())")
    assert done.returncode == 1
    assert REFUSAL in done.stderr
    assert "newer" not in done.stderr
    assert tables == "[]"
    assert not (place.directory / "files").exists()


def test_a_first_migration_that_was_interrupted_is_no_older_database():
    """Whatever was migrated first: before each migration of ours comes the one by which a database is known."""
    graph = MigrationLoader(connection=None).graph
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("servanda.")}
    plans = {room: [key for leaf in graph.leaf_nodes(room) for key in graph.forwards_plan(leaf)] for room in rooms}
    firsts = {room: next(key for key in plan if key[0] in rooms) for room, plan in plans.items() if plan}
    assert firsts == dict.fromkeys(firsts, FIRST_MIGRATION)
    refuse_older({FIRST_MIGRATION, *(key for key in plans["people"] if key[0] not in rooms)})


def test_a_database_with_all_of_the_replaced_migrations_goes_on_and_one_with_some_is_refused(new_place_set_up):
    """The start looks at the database as with an older one (see above)."""
    place = new_place_set_up()
    with place.open_shell():
        as_migrated = place.python(LOOK)
        place.python(FORGET_REPLACEMENTS)
        assert place.python(LOOK) != as_migrated
        place.must_run("check", "--database", "default")
        place.python(MIGRATE)
        assert place.python(LOOK) == as_migrated
        place.python(FORGET_REPLACEMENTS + FORGET_THE_LAST)
        before = place.python(LOOK)
        migrated = place.run("migrate")
        assert place.python(LOOK) == before
    assert migrated.returncode == 1
    assert MIDDLE in migrated.stderr
