import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from servanda.jobs.backup import write_backup
from servanda.jobs.restoring import unpack_checked
from servanda.kit.refusal import Refused
from tests.jobs.archives import Members
from tests.postgres import ENDS_WITH_US
from tests.prepared import locked, migrated_database, migrated_file

ROOT = Path(__file__).resolve().parents[2]
# Runs each line of code that it receives separately, and returns what was printed and any error.
SHELL = """
import contextlib, io, json, sys, traceback
from django.db import connections
for line in sys.stdin:
    printed, told, code, fault = io.StringIO(), io.StringIO(), 0, ""
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            exec(json.loads(line), {})
    except SystemExit as end:
        code = end.code
    except Exception:
        fault = traceback.format_exc()
    connections.close_all()
    print(json.dumps([code, printed.getvalue(), told.getvalue(), fault]), flush=True)
"""
# What the open shell has imported is not imported again by a worker that is a fork of it.
FORK = """
import os, sys
from django.core.management import execute_from_command_line
from servanda.jobs import declare, worker
declare.read_declarations()
pid = os.fork()
if not pid:
    quiet, code = os.open(os.devnull, os.O_RDWR), 0
    for stream in range(3):
        os.dup2(quiet, stream)
    try:
        execute_from_command_line({!r})
    except SystemExit as end:
        code = end.code
    except BaseException:
        code = 70
    os._exit(code)
print(pid)
"""
ENDED = """
import os
pid, status = os.waitpid({pid}, os.WNOHANG)
print(os.waitstatus_to_exitcode(status) if pid else "")
"""
COMMAND = "from django.core.management import execute_from_command_line; execute_from_command_line({!r})"


@dataclass
class Place:
    """An installation of its own: data directory and database, driven from outside like an operator does."""

    directory: Path
    database_url: str
    shell: subprocess.Popen | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "servanda.settings",
            "SERVANDA_MODE": "development",
            "SERVANDA_DATA_DIR": str(self.directory),
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=150, check=False)

    def must(self, *arguments: str) -> str:
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        if self.shell is None:
            return self.must("shell", "--no-imports", "-c", code).strip()
        return self._in_shell(code).stdout.strip()

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """As `manage`, in the process of the open shell: without the second in which another one starts."""
        return self._in_shell(COMMAND.format(["manage.py", *arguments]))

    def must_run(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _in_shell(self, code: str) -> subprocess.CompletedProcess:
        self.shell.stdin.write(f"{json.dumps(code)}\n")
        self.shell.stdin.flush()
        *ended, fault = json.loads(self.shell.stdout.readline())
        assert not fault, fault
        return subprocess.CompletedProcess(code, *ended)

    @contextmanager
    def open_shell(self) -> Iterator[None]:
        """Meanwhile one process runs all that is asked of it, and not one for each line."""
        command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", SHELL]
        talking = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=self.environment, **talking) as self.shell:
            yield
            self.shell.stdin.close()
        self.shell = None

    def fork(self, *arguments: str) -> "Forked":
        """A command in a process of its own, a fork of the open shell: signals reach only this one."""
        return Forked(self, int(self.python(FORK.format(["manage.py", *arguments]))))

    @contextmanager
    def forked_worker(self):
        process = self.fork("work")
        try:
            yield process
        finally:
            process.kill()

    def work(self, *arguments: str) -> None:
        """Until the worker ends."""
        assert self.fork("work", *arguments).wait(timeout=60) == 0

    @contextmanager
    def worker(self):
        """As an operator starts it."""
        command = [sys.executable, str(ROOT / "manage.py"), "work"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env=self.environment, **quiet) as process:
            try:
                yield process
            finally:
                process.kill()


@dataclass
class Forked:
    """As much of `subprocess.Popen` as the tests need, of a child of the open shell."""

    place: Place
    pid: int
    code: int | None = None

    def send_signal(self, number: int) -> None:
        if self.code is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Gone when it returns."""
        self.send_signal(signal.SIGKILL)
        self.wait(timeout=10)

    def wait(self, *, timeout: float) -> int:
        wait_for(self.has_ended, seconds=timeout)
        return self.code

    def has_ended(self) -> bool:
        if self.code is None and (code := self.place.python(ENDED.format(pid=self.pid))):
            self.code = int(code)
        return self.code is not None


def wait_for(condition, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def postgres_url(name: str) -> str:
    given = settings.DATABASES["default"]
    user = ":".join(quote(part, safe="") for part in (given["USER"], given["PASSWORD"]) if part)
    return f"postgresql://{user}@{quote(given['HOST'], safe='')}:{given['PORT'] or 5432}/{name}"


def run_on_server(statement: str) -> None:
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as server:
        server.execute(statement)


@pytest.fixture(scope="session")
def database() -> Iterator[Callable[..., str]]:
    """Make a database, empty or the copy of another, on the engine that the tests run on."""
    made: list[str] = []

    def make(template: str = "") -> str:
        if connection.vendor == "sqlite":
            return ""
        name = f"test_place_{uuid.uuid4().hex[:12]}"
        run_on_server(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.rpartition('/')[2]}" if template else ""))
        made.append(name)
        return postgres_url(name)

    yield make
    for name in [] if ENDS_WITH_US in os.environ else made:
        run_on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def first_place(request, django_db_setup, django_db_blocker, database, tmp_path_factory) -> Place:
    """As `migrate` leaves it; others are copied from it. No test touches it. That a place is migrated when it is
    started is seen where the demonstration starts (tests/house/test_run_script.py)."""
    directory = tmp_path_factory.mktemp("first")
    cache = getattr(request.config, "cache", None)
    if cache is None or (connection.vendor == "postgresql" and ENDS_WITH_US not in os.environ):
        made = Place(directory, database())
        made.must("migrate", "--verbosity", "0")
        return made
    folder = cache.mkdir("migrated")
    with locked(folder / "lock"), django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            return Place(directory, database(f"/{migrated_database()}"))
        shutil.copyfile(migrated_file(folder), directory / "servanda.sqlite3")
    (directory / "servanda.sqlite3").chmod(0o600)
    return Place(directory, database())


@pytest.fixture(scope="session")
def new_place(database, tmp_path_factory) -> Callable[[], Place]:
    """Make installations with nothing in them."""
    return lambda: Place(tmp_path_factory.mktemp("place"), database())


@pytest.fixture(scope="session")
def new_place_set_up(first_place, database, tmp_path_factory) -> Callable[[], Place]:
    """Make installations in which nothing has happened yet."""

    def make() -> Place:
        directory = tmp_path_factory.mktemp("place")
        shutil.copytree(first_place.directory, directory, dirs_exist_ok=True)
        return Place(directory, database(first_place.database_url))

    return make


@pytest.fixture(scope="module")
def place(new_place_set_up) -> Iterator[Place]:
    made = new_place_set_up()
    with made.open_shell():
        yield made


@pytest.fixture(scope="session")
def whole_archive(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "servanda.tar.gz"
    with django_db_blocker.unblock():
        write_backup(path)
    return path


@pytest.fixture(scope="session")
def members(whole_archive) -> Members:
    with tarfile.open(whole_archive) as opened:
        return [(member.name, opened.extractfile(member).read()) for member in opened]


@pytest.fixture
def refusal(tmp_path) -> Callable[[Path], str]:
    """What is said of an archive; only a refusal is no fault."""

    def refused(path: Path) -> str:
        folder = tmp_path / "folder"
        folder.mkdir()
        with pytest.raises(Refused) as raised:
            unpack_checked(path, folder)
        return str(raised.value)

    return refused
