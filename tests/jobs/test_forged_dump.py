"""Databases in archives that are whole, and not ones that this version of Servanda wrote: dumps of PostgreSQL."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from servanda.jobs.engines import find_program
from tests.jobs.archives import packed, with_database
from tests.jobs.conftest import postgres_url

pytestmark = [pytest.mark.database, pytest.mark.timeout(180)]


def dump_of(url: str, path: Path) -> bytes:
    subprocess.run([find_program("pg_dump"), "--format=custom", f"--file={path}", url], check=True)
    return path.read_bytes()


@pytest.fixture
def with_statement(django_db_setup, django_db_blocker) -> Callable[..., bytes]:
    """The dump of our database as it is between two statements, of which the second undoes the first."""

    def dumped(done: str, undone: str, path: Path) -> bytes:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(done)
            try:
                return dump_of(postgres_url(connection.settings_dict["NAME"]), path)
            finally:
                cursor.execute(undone)

    return dumped


if connection.vendor == "postgresql":

    @pytest.mark.django_db  # the database of the tests is there for the others as well
    def test_a_dump_of_another_program_is_refused(refusal, members, database, tmp_path):
        url = database()
        with psycopg.connect(url) as opened:
            opened.execute("CREATE TABLE books (title text)")
        path = packed(tmp_path / "b.tar.gz", with_database(members, dump_of(url, tmp_path / "dump")))
        assert "The database in the archive is not a Servanda database" in refusal(path)

    @pytest.mark.parametrize(
        ("done", "undone", "reason"),
        [
            (
                "INSERT INTO django_migrations (app, name, applied) VALUES ('trail', '0999_later', now())",
                "DELETE FROM django_migrations WHERE name = '0999_later'",
                "trail.0999_later",
            ),
            (
                "UPDATE django_migrations SET name = '0003_application_id' WHERE name = '0001_application_id'",
                "UPDATE django_migrations SET name = '0001_application_id' WHERE name = '0003_application_id'",
                "a version before 0.1.0",
            ),
            ("CREATE VIEW shadow AS SELECT 1 AS one", "DROP VIEW shadow", "trigger or view"),
        ],
        ids=["newer", "older", "a view"],
    )
    def test_a_dump_of_another_version_or_with_a_view_is_refused(
        refusal, members, with_statement, tmp_path, done, undone, reason
    ):
        content = with_statement(done, undone, tmp_path / "dump")
        assert reason in refusal(packed(tmp_path / "b.tar.gz", with_database(members, content)))
