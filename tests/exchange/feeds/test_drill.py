"""The drill with real instances: servers and workers of their own. Two are on SQLite; where the tests run on
PostgreSQL, a third is on a database beside that of the tests. So the whole run has the drill on PostgreSQL only."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.prepared import digest, migrated_database
from tools.drill import Drill, Instance

pytestmark = pytest.mark.slow

THIRD = "servanda_drill"


def url_of(database: str) -> str:
    """On the server of the tests."""
    facts = connection.get_connection_params()
    account = f"{quote(facts['user'], safe='')}:{quote(facts['password'], safe='')}"
    return f"postgresql://{account}@{facts['host']}:{facts['port']}/{database}"


@contextmanager
def third_database() -> Iterator[str]:
    """The URL of a new database, which is dropped afterwards."""
    name = sql.Identifier(THIRD)
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        migrated = sql.Identifier(migrated_database())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, migrated))
        try:
            yield url_of(THIRD)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def instance(name: str, place: Path, migrated: bytes) -> Instance:
    """On SQLite, migrated already if possible."""
    made = Instance(name, place / name.lower())
    if migrated:
        (made.folder / "servanda.sqlite3").write_bytes(migrated)
    return made


def migrated_sqlite(cache: pytest.Cache | None) -> bytes:
    """The database of the tests, where that is one, or what tests on SQLite have left for this set of migrations."""
    if connection.vendor == "sqlite":
        return connection.connection.serialize()
    left = cache and cache.mkdir("migrated") / f"{digest()}.sqlite3"
    return left.read_bytes() if left and left.exists() else b""


@pytest.mark.database
@pytest.mark.postgresql_only
@pytest.mark.timeout(1500)
@pytest.mark.django_db(transaction=True)
def test_instances_exchange_records_through_failures(request, tmp_path, capsys):
    migrated = migrated_sqlite(getattr(request.config, "cache", None))
    with third_database() if connection.vendor == "postgresql" else nullcontext("") as database:
        instances = [instance(name, tmp_path, migrated) for name in ("Alder", "Birch")]
        third = Instance("Cedar", tmp_path / "cedar", database=database) if database else None
        try:
            assert Drill(*instances, third, many=202).run(), capsys.readouterr().out
        finally:
            for each in [*instances, *([third] if third else [])]:
                each.stop()
                each.relay.close()
