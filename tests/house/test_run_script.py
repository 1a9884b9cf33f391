"""`./run`: what it says, what it installs and when, that it stops what it started, and how a test run counts."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from tests.prepared import locked, migrated_file

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def shell(script: str, *, programs: Path | None = None, **variables: str) -> subprocess.CompletedProcess:
    """Run a piece of sh after tools/setup.sh, with nothing but the given programs and those of POSIX in reach."""
    path = f"{programs}:/usr/bin:/bin" if programs else os.environ["PATH"]
    return subprocess.run(
        ["sh", "-eu", "-c", f'. "{ROOT}/tools/setup.sh"; {script}'],
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder of programs that say what they were asked: `program(programs, "apt-get", "exit 0")`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def program(folder: Path, name: str, does: str) -> Path:
    made = folder / name
    made.write_text(f"#!/bin/sh\n{does}\n")
    made.chmod(0o755)
    return made


@pytest.fixture
def checkout(tmp_path, programs) -> dict[str, str]:
    """The variables of a checkout with locks and an environment; its `uv` only notes what it is asked."""
    (tmp_path / "requirements").mkdir()
    for lock in ("run", "test"):
        (tmp_path / "requirements" / f"{lock}.txt").write_text("one==1\n")
    python = tmp_path / ".venv" / "bin"
    python.mkdir(parents=True)
    program(python, "python", f'exec {sys.executable} "$@"')
    program(programs, "uv", f'echo "$@" >> {tmp_path}/asked')
    return {"ROOT": str(tmp_path), "PYTHON": str(python / "python")}


def test_help_names_every_command_and_only_those(tmp_path):
    ran = subprocess.run([ROOT / "run", "help"], cwd=tmp_path, capture_output=True, text=True)
    cases = re.findall(r"^([a-z |]+)\)", (ROOT / "run").read_text(), re.MULTILINE)
    commands = {name for case in cases for name in case.split(" | ")} - {"help"}
    assert ran.returncode == 0
    assert set(re.findall(r"^\./run ([a-z]+)", ran.stdout, re.MULTILINE)) == commands


def test_a_command_that_does_not_exist_is_named_and_help_is_shown():
    ran = subprocess.run([ROOT / "run", "dance"], capture_output=True, text=True)
    assert ran.returncode == 2
    assert 'There is no "dance".' in ran.stderr
    assert "./run demo" in ran.stderr


def test_what_python_compiled_is_kept_wherever_it_runs(programs, checkout):
    root = Path(checkout["ROOT"])
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("*.py*"))
    shutil.copy(ROOT / "run", root)
    (root / ".venv" / "servanda-pdf").touch()
    (root / "manage.py").write_text("import sys; print(sys.dont_write_bytecode)")
    data = {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([root / "run", "manage", "x"], env={**os.environ, **data}, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_an_old_python_is_passed_over(programs):
    program(programs, "python3.14", "exit 1")
    program(programs, "python3.13", f'exec {sys.executable} "$@"')
    assert shell("find_python", programs=programs).stdout.strip() == str(programs / "python3.13")


def test_the_lock_is_installed_once_and_again_when_it_changes(programs, checkout):
    asked = Path(checkout["ROOT"]) / "asked"
    for _ in range(2):
        assert shell("set_up run", programs=programs, **checkout).returncode == 0
    assert asked.read_text().count("requirements/run.txt") == 1
    (Path(checkout["ROOT"]) / "requirements" / "run.txt").write_text("one==2\n")
    shell("set_up run", programs=programs, **checkout)
    assert asked.read_text().count("requirements/run.txt") == 2


def test_the_lock_of_the_tests_serves_the_demonstration_too(programs, checkout):
    shell("set_up test; set_up run", programs=programs, **checkout)
    assert (Path(checkout["ROOT"]) / "asked").read_text().count("-r ") == 1


def test_the_lock_of_the_tests_holds_all_that_the_product_has():
    product, tests = (
        set(re.findall(r"^[a-z].*==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "test.txt")
    )
    assert len(product) > 20
    assert product <= tests


def test_packages_that_fail_to_install_stop_the_run(programs, checkout):
    program(programs, "uv", "exit 1")
    done = shell("set_up run; echo went on", programs=programs, **checkout)
    assert done.returncode != 0
    assert "went on" not in done.stdout
    assert "connection to the network" in done.stderr


def test_a_person_without_rights_is_told_what_to_install(programs):
    program(programs, "id", "echo 1000")
    program(programs, "sudo", "exit 1")
    program(programs, "apt-get", "echo installed")
    done = shell("install_packages chromium postgresql", programs=programs)
    assert done.returncode == 1
    assert "sudo apt-get install chromium postgresql" in done.stderr
    assert "installed" not in done.stdout


def test_root_installs_without_sudo(programs, tmp_path):
    program(programs, "id", "echo 0")
    program(programs, "apt-get", f'echo "$@" >> {tmp_path}/asked')
    assert shell("install_packages chromium", programs=programs).returncode == 0
    assert re.search(r"install .* chromium$", (tmp_path / "asked").read_text(), re.MULTILINE)


@pytest.fixture
def without_pango(checkout) -> dict[str, str]:
    """The same checkout, on a machine whose Python finds no Pango until apt has brought it."""
    marker = Path(checkout["ROOT"]) / "pango"
    python = Path(checkout["PYTHON"])
    program(
        python.parent,
        python.name,
        f'case "$*" in *find_library*) test -f {marker} ;;'
        f' *weasyprint*) test -f {marker} || {{ echo "WeasyPrint could not import"; exit 1; }} ;;'
        f' *) exec {sys.executable} "$@" ;; esac',
    )
    return checkout | {"PANGO": str(marker)}


def test_what_pdf_files_need_is_installed_once(programs, without_pango):
    asked = Path(without_pango["ROOT"]) / "asked"
    program(programs, "id", "echo 0")
    program(programs, "apt-get", f'echo "apt $@" >> {asked}; touch {without_pango["PANGO"]}')
    for _ in range(2):
        done = shell("set_up run", programs=programs, **without_pango)
        assert (done.returncode, done.stdout, "cannot be made" in done.stderr) == (0, "", False)
    assert len(re.findall(r"^apt install .*libpango", asked.read_text(), re.MULTILINE)) == 1


def test_without_the_right_to_install_it_says_so_and_goes_on(programs, without_pango):
    program(programs, "id", "echo 1000")
    program(programs, "sudo", "exit 1")
    program(programs, "apt-get", "exit 1")
    done = shell("set_up run; echo went on", programs=programs, **without_pango)
    assert (done.returncode, done.stdout.strip()) == (0, "went on")
    assert "sudo apt-get install libpango-1.0-0" in done.stderr
    assert "PDF files cannot be made" in done.stderr


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start_demo("--port", str(port))
        _out, errors = done.communicate(timeout=60)
    assert done.returncode != 0
    assert f"Port {port} is taken" in errors


def start_demo(*options: str, **variables: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.start", "demo", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "servanda.settings", **variables},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def place(request, tmp_path, django_db_setup, django_db_blocker) -> Path:
    """A data directory without data. If possible, its database comes from the cache, where it was migrated for this
    set of migrations, and only those of one application are left to do."""
    directory, cache = tmp_path / "place", getattr(request.config, "cache", None)
    directory.mkdir(mode=0o700)
    if cache is None or connection.vendor != "sqlite":
        return directory
    folder, database = cache.mkdir("migrated"), directory / "servanda.sqlite3"
    with locked(folder / "lock"), django_db_blocker.unblock():
        shutil.copyfile(migrated_file(folder), database)
    database.chmod(0o600)
    with closing(sqlite3.connect(database)) as rows:
        rows.execute("DROP TABLE usersessions_usersession")
        rows.execute("DELETE FROM django_migrations WHERE app = 'usersessions'")
        rows.commit()
    return directory


@pytest.mark.timeout(400)
def test_the_demonstration_opens_and_stops_all_that_it_started(place):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    demo = start_demo("--port", str(port), SERVANDA_DATA_DIR=str(place), DATABASE_URL="")
    text = ""
    while "Ctrl-C stops it" not in text and (line := demo.stdout.readline()):
        text += line
    children = descendants(demo.pid)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        page = answer.read().decode()
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=30)
    assert "Slovenia" in page
    assert "coordinator@example.org" in text
    assert len(children) >= 2
    assert [pid for pid in children if is_alive(pid)] == []
    with closing(sqlite3.connect(place / "servanda.sqlite3")) as rows:
        assert rows.execute("SELECT count(*) FROM usersessions_usersession").fetchone() == (0,)  # it migrated


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    """A process that ended and that no one asked about yet is no longer alive."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


# Runs pytest with the arguments of each line that it reads, in a fork, and tells how that ended.
RUNS = """
import json, os, sys
import django
django.setup()
import pytest
for line in sys.stdin:
    said, *arguments = json.loads(line)
    if not (child := os.fork()):
        file = os.open(said, os.O_WRONLY | os.O_CREAT)
        for stream in (1, 2):
            os.dup2(file, stream)
        code = pytest.main(arguments)
        sys.stdout.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Planted(NamedTuple):
    returncode: int
    stdout: str


@pytest.fixture(scope="module")
def runs() -> Iterator[subprocess.Popen]:
    talking = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen([sys.executable, "-c", RUNS], cwd=ROOT, env=given, **talking) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def planted_run(tmp_path, runs):
    """Run planted tests with the hooks of this suite; gives the run and its two numbers."""

    def run(source: str) -> tuple[Planted, str]:
        (tmp_path / "test_planted.py").write_text(source)
        arguments = ["-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", os.devnull]
        arguments += ["--rootdir", str(tmp_path), "--tally", str(tmp_path / "tally"), str(tmp_path)]
        runs.stdin.write(json.dumps([str(tmp_path / "said"), *arguments]) + "\n")
        runs.stdin.flush()
        code = int(runs.stdout.readline())
        return Planted(code, (tmp_path / "said").read_text()), (tmp_path / "tally").read_text().strip()

    return run


def test_the_suite_installs_what_its_tests_need_and_only_where_it_is_missing(programs, tmp_path):
    asked = tmp_path / "asked"
    for name, does in {"apt-get": f'echo "$@" >> {asked}', "id": "echo 0", "env": 'shift; exec "$@"'}.items():
        program(programs, name, does)
    needs = f'. "{ROOT}/tools/test.sh"; PATH={programs} FONTS={tmp_path}; need_fonts; need_office'
    assert shell(needs, programs=programs).returncode == 0
    assert re.findall(r"install .* (\S+)$", asked.read_text(), re.MULTILINE) == [
        "fonts-noto-core",
        "libreoffice-writer-nogui",
    ]
    asked.unlink()
    program(programs, "soffice", "exit 0")
    font = tmp_path / "truetype" / "noto" / "NotoNaskhArabic-Regular.ttf"
    font.parent.mkdir(parents=True)
    font.touch()
    assert shell(needs, programs=programs).returncode == 0
    assert not asked.exists()


def test_the_suite_asks_for_everything_that_it_knows_how_to_install():
    script = (ROOT / "tools" / "test.sh").read_text()
    known, body = re.findall(r"^(need_\w+)\(\)", script, re.MULTILINE), script.partition("test_everything()")[2]
    assert len(known) == 5
    assert [name for name in known if f"    {name}\n" not in body] == []


def quick_part(check_house: str) -> subprocess.CompletedProcess:
    """`./run test --quick` with these checks, and tests that only print their command."""
    ready = "need_office() { :; }; need_postgresql() { :; }; need_nginx() { :; }; PYTHON=echo"
    checked = f"check_house() {{ {check_house}; }}"
    return shell(f'. "{ROOT}/tools/test.sh"; {ready}; {checked}; test_quickly', ROOT=str(ROOT))


def test_the_quick_part_leaves_out_chromium_and_what_is_slow_on_both_databases():
    done = quick_part("passed_checks=3 failed_checks=0")
    runs = [line.partition(" --tally")[0] for line in done.stdout.splitlines() if "-m pytest" in line]
    assert [run.rpartition(" -m ")[2] for run in runs] == [
        "not postgresql_only and not slow and not browser",
        "database and not slow and not browser",
    ]
    assert "3 passed, 0 failed" in done.stdout
    assert "run all tests:  ./run test" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("check_house", "counted"),
    [
        ("say FAILED of types; passed_checks=2 failed_checks=1; return 1", "2 passed, 1 failed"),
        ("say FAILED of types; exit 3", "0 passed, 1 failed"),
    ],
)
def test_a_failed_check_beside_the_tests_is_printed_and_fails_the_run(check_house, counted):
    done = quick_part(check_house)
    assert "FAILED of types" in done.stdout + done.stderr
    assert counted in done.stdout
    assert done.returncode == 1


def test_an_option_that_the_tests_do_not_have_is_refused_before_anything_is_installed():
    refused = subprocess.run([ROOT / "run", "test", "--fast"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "takes --quick or nothing" in refused.stdout + refused.stderr


def test_what_passed_and_failed_is_counted(planted_run):
    done, tally = planted_run("def test_right(): pass\ndef test_wrong(): assert 1 == 2\n")
    assert (done.returncode, tally) == (1, "1 1")


def test_a_skip_fails_the_run(planted_run):
    done, tally = planted_run("import pytest\ndef test_lazy(): pytest.skip('no chromium')\n")
    assert (done.returncode, tally) == (1, "0 1")
    assert "Only a test that needs ../shared/data may skip" in done.stdout


def test_a_file_that_skips_itself_fails_the_run(planted_run):
    done, tally = planted_run("import pytest\npytest.importorskip('no_such_library')\ndef test_a(): pass\n")
    assert done.returncode != 0
    assert tally == "0 1"


def test_a_skip_for_want_of_the_shared_data_is_counted_and_allowed(planted_run):
    source = (
        "import pytest\nfrom tests.conftest import ABSENT\ndef test_a(): pass\ndef test_b(): pytest.skip(ABSENT)\n"
    )
    done, tally = planted_run(source)
    assert (done.returncode, tally) == (0, "1 0")
    assert "skipped because ../shared/data is not beside the project: 1" in done.stdout


def test_a_run_that_finds_no_test_counts_as_failed(planted_run):
    done, tally = planted_run("")
    assert (done.returncode, tally) == (5, "0 1")


def test_the_private_database_ends_with_its_command_and_hands_on_its_answer():
    place = tempfile.mkdtemp()
    os.chmod(place, 0o711)  # noqa: S103 -- the user who runs the database must pass through
    ask = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('SHOW fsync').fetchone()[0])"
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres", "sh", "-c", f'"{sys.executable}" -c "{ask}"; exit 3'],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": place},
        capture_output=True,
        text=True,
    )
    left = os.listdir(place)
    shutil.rmtree(place)
    assert (done.returncode, done.stdout, left) == (3, "off\n", [])
