"""Databases in archives that are whole, and not ones that this version of Servanda wrote: files of SQLite."""

import sqlite3
from pathlib import Path

import pytest

from tests.jobs.archives import DATABASE, Members, packed, with_database

pytestmark = pytest.mark.django_db


def sqlite_database(path: Path, *statements: str) -> bytes:
    path.unlink(missing_ok=True)
    opened = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        opened.execute(statement)
    opened.close()
    return path.read_bytes()


def changed_sqlite(members: Members, path: Path, *statements: str) -> Members:
    path.write_bytes(dict(members)[DATABASE])
    opened = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        opened.execute(statement)
    opened.close()
    return with_database(members, path.read_bytes())


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE books (title text)"],
        ["CREATE TABLE django_migrations (app text, name text)", "CREATE TABLE auth_user (name text)"],
        ["CREATE TABLE books (title text)", "PRAGMA application_id = 252006674"],
    ],
    ids=["a table", "another Django", "another program"],
)
def test_a_database_of_another_program_is_refused(refusal, members, tmp_path, statements):
    content = sqlite_database(tmp_path / "other", *statements)
    message = refusal(packed(tmp_path / "b.tar.gz", with_database(members, content)))
    assert "is not a Servanda database" in message


def test_a_database_marked_as_that_of_another_program_is_refused(refusal, members, tmp_path):
    marked = changed_sqlite(members, tmp_path / "marked", "PRAGMA application_id = 252006674")
    assert "it belongs to another program" in refusal(packed(tmp_path / "b.tar.gz", marked))


@pytest.mark.parametrize("mark", [0, 0x53727661], ids=["without the mark", "with the mark"])
def test_a_database_of_an_older_version_is_refused(refusal, members, tmp_path, mark):
    names = "UPDATE django_migrations SET name = '0003_application_id' WHERE app = 'jobs' AND name LIKE '0001%'"
    older = changed_sqlite(members, tmp_path / "older", f"PRAGMA application_id = {mark}", names)
    assert "a version before 0.1.0" in refusal(packed(tmp_path / "b.tar.gz", older))


def test_a_database_of_an_older_version_with_the_first_tables_alone_is_refused(refusal, members, tmp_path):
    older = changed_sqlite(members, tmp_path / "older", "DELETE FROM django_migrations WHERE app = 'jobs'")
    assert "a version before 0.1.0" in refusal(packed(tmp_path / "b.tar.gz", older))


def test_each_database_that_was_migrated_carries_the_mark(members, tmp_path):
    (tmp_path / "database").write_bytes(dict(members)[DATABASE])
    opened = sqlite3.connect(tmp_path / "database")
    [mark] = opened.execute("PRAGMA application_id").fetchone()
    opened.close()
    assert mark.to_bytes(4, "big") == b"Srva"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER thief AFTER INSERT ON people_user BEGIN DELETE FROM trail_event; END",
        "CREATE VIEW shadow AS SELECT 1",
    ],
)
def test_a_trigger_or_view_that_we_never_make_is_refused(refusal, members, tmp_path, statement):
    assert "trigger or view" in refusal(
        packed(tmp_path / "b.tar.gz", changed_sqlite(members, tmp_path / "changed", statement))
    )


def test_a_database_of_a_newer_version_is_refused(refusal, members, tmp_path):
    statement = "INSERT INTO django_migrations (app, name, applied) VALUES ('trail', '0999_later', '2026-01-01')"
    message = refusal(packed(tmp_path / "b.tar.gz", changed_sqlite(members, tmp_path / "changed", statement)))
    assert "trail.0999_later" in message
    assert "Install that version first." in message
