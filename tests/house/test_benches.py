"""Each bench runs at its tiny size on invented data, ends, and prints a table with a figure in every row."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connection

from bench.__main__ import FAILED, ONE_THREAD, benches, measure, size_of
from bench.made import write_made_data
from bench.prepared import Prepared
from bench.shared import ROOT, VARIABLE

pytestmark = [pytest.mark.slow, pytest.mark.django_db]  # otherwise there might be no database of the tests

NO_FIGURE = {"", "absent", "nothing measured"}  # what a bench reports in the place of a figure where data are missing


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return write_made_data(tmp_path_factory.mktemp("made"))


class Runner:
    """Runs each bench as `measure` does, on its own copy, and imports only once what all of them import."""

    def __init__(self, data: Path, made: Path, folder: Path):
        self.data, self.filled, self.folder, self.numbers = data, Prepared(folder / "filled"), folder, count(1)
        environment = {**os.environ, **Prepared(data).environment(), VARIABLE: str(made), **ONE_THREAD}
        command = [sys.executable, "-m", "bench.measure", "--many"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
        assert self.process.stdout.readline() == "ready\n"
        shutil.copytree(data, self.filled.data)

    def run(self, name: str) -> tuple[list[dict], str]:
        """The rows, and all that was printed."""
        figures, printed = (self.folder / f"{name}-{next(self.numbers)}" for _file in range(2))
        shutil.rmtree(self.data)
        shutil.copytree(self.filled.data, self.data)
        self.process.stdin.write(json.dumps([name, str(figures), "tiny", str(printed)]) + "\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline().strip()
        rows = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
        return rows + ([] if code == "0" else [{"what": FAILED, "value": code}]), printed.read_text()


@pytest.fixture(scope="module")
def runner(made, tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Runner]:
    """On the database of the tests, so that nothing is migrated a second time."""
    folder = tmp_path_factory.mktemp("run")
    data = folder / "data"
    data.mkdir()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(data / "servanda.sqlite3")])
    runner = Runner(data, made, folder)
    yield runner
    runner.process.communicate()


@pytest.mark.timeout(600)  # the slowest takes half a minute of a processor that may be shared
@pytest.mark.parametrize("name", benches())
def test_a_bench_at_its_tiny_size_ends_with_a_figure_in_every_row(name, runner):
    rows, printed = runner.run(name)
    assert rows, printed
    assert [row for row in rows if not has_figure(row)] == [], printed
    assert [row["what"] for row in rows if f"  {row['what']}" not in printed] == []


def test_a_bench_without_a_tiny_size_is_seen(runner, made, capfd):
    (row,) = measure("shared", "tiny", runner.filled, made)
    assert "has no attribute 'TINY'" in capfd.readouterr().err
    assert not has_figure(row)


def has_figure(row: dict) -> bool:
    value = row["value"]
    return row["what"] != FAILED and (value not in NO_FIGURE if isinstance(value, str) else math.isfinite(value))


@pytest.mark.parametrize("value", ["", "absent", "nothing measured", math.nan])
def test_a_row_without_a_figure_is_seen(value):
    assert not has_figure({"what": "texts a second", "value": value})


@pytest.mark.parametrize(
    ("words", "arguments"),
    [("", {}), ("records=20000", {"records": 20000}), ("records=9,times=2", {"records": 9, "times": 2})],
)
def test_a_size_is_the_arguments_of_the_bench(words, arguments):
    assert json.loads(size_of(words)) == arguments
