"""Each bench runs at its tiny size on invented data, ends, and prints a table with a figure in every row."""

import json
import math
from pathlib import Path

import pytest
from django.db import connection

from bench.__main__ import FAILED, benches, measure, size_of
from bench.made import write_made_data
from bench.prepared import Prepared, prepare

NO_FIGURE = {"", "absent", "nothing measured"}  # what a bench reports in the place of a figure where data are missing


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return write_made_data(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, django_db_setup, django_db_blocker) -> Prepared:
    """From the database of the tests, so that nothing is migrated a second time."""
    data = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(data / "servanda.sqlite3")])
    return prepare(Prepared(data))


@pytest.mark.timeout(600)  # the slowest takes half a minute of a processor that may be shared
@pytest.mark.parametrize("name", benches())
def test_a_bench_at_its_tiny_size_ends_with_a_figure_in_every_row(name, place, made, capfd):
    rows = measure(name, "tiny", place, made)
    printed = capfd.readouterr()
    assert rows, printed.err
    assert [row for row in rows if not has_figure(row)] == [], printed.err
    assert [row["what"] for row in rows if f"  {row['what']}" not in printed.out] == []


def test_a_bench_without_a_tiny_size_is_seen(place, made, capfd):
    (row,) = measure("shared", "tiny", place, made)
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
