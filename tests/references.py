"""After each test on SQLite, foreign keys are checked in the tables that have rows: a few of 250."""

from collections.abc import Callable
from functools import cache

from django.db import connection
from django.test import TestCase

OF_TABLES = "SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table'"
REFERS = "AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(name))"


def where_there_are_rows(should_check: Callable[[TestCase, object], bool]) -> Callable[[TestCase, object], bool]:
    """Wrap `TestCase._should_check_constraints`: tables with rows are checked here, and no others by Django."""

    def check(test: TestCase, database) -> bool:
        if database.vendor != "sqlite" or not should_check(test, database):
            return should_check(test, database)
        database.check_constraints(tables_to_check())
        return False

    return check


def tables_to_check() -> set[str]:
    """Tables with foreign keys that have, or had, rows; and all whose rows SQLite does not number."""
    counting, not_counting = tables_that_refer()
    with connection.cursor() as cursor:
        counted = {name for (name,) in cursor.execute("SELECT name FROM sqlite_sequence").fetchall()}
    return counting & counted | not_counting


@cache
def tables_that_refer() -> tuple[frozenset[str], frozenset[str]]:
    """The tables with foreign keys: those for which SQLite keeps the number of the next row, and the others."""
    with connection.cursor() as cursor:
        tables = cursor.execute(f"{OF_TABLES} {REFERS}").fetchall()
    counting = frozenset(name for name, is_counting in tables if is_counting)
    return counting, frozenset(name for name, _is_counting in tables) - counting
