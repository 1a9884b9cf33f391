"""A data directory and a database that are made once; each bench starts on its own copy.

Migrating for each bench would take longer than any bench at its tiny size.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from bench.shared import ROOT
from tests.postgres import private_server

DURABLE = ""  # PostgreSQL's default settings: a commit is on the disk
NAMES = (f"bench_{number}" for number in count(1))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A data directory and, for PostgreSQL, the address of a database; both migrated and with the vocabulary."""

    data: Path
    url: str = ""

    def environment(self) -> dict[str, str]:
        """Settings of a bench; they replace those of the process that runs it."""
        return {
            "SERVANDA_DATA_DIR": str(self.data),
            "DATABASE_URL": self.url,
            "SERVANDA_MODE": "production",
            "DJANGO_SETTINGS_MODULE": "servanda.settings",
        }

    @contextmanager
    def copied(self) -> Iterator["Prepared"]:
        """A copy to write into, deleted at the end of the block."""
        with tempfile.TemporaryDirectory() as folder, self._database() as url:
            yield Prepared(Path(shutil.copytree(self.data, f"{folder}/data")), url)

    @contextmanager
    def _database(self) -> Iterator[str]:
        if not self.url:
            yield ""
            return
        server, _slash, template = self.url.rpartition("/")
        name = next(NAMES)
        with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            yield f"{server}/{name}"
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def prepare(prepared: Prepared) -> Prepared:
    """Migrate and load the vocabulary, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "bench.measure", "--prepare"],
        cwd=ROOT,
        env={**os.environ, **prepared.environment()},
        check=True,
    )
    return prepared


@contextmanager
def prepared(engine: str) -> Iterator[Prepared]:
    with (
        tempfile.TemporaryDirectory() as folder,
        private_server(DURABLE) if engine == "PostgreSQL" else nullcontext("") as url,
    ):
        yield prepare(Prepared(Path(folder), url))
