"""A reference to nothing that a test leaves behind is seen after it, in whatever table it is."""

import pytest
from django.db import IntegrityError, connection
from django.test import TestCase

from servanda.recommendations.models import Recommendation
from tests import make
from tests.references import tables_that_refer, tables_to_check

pytestmark = pytest.mark.django_db


def has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        return cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is not None


def forget_numbers_of(tables: set[str]) -> None:
    """SQLite remembers the numbers of rows that earlier tests committed, also after these rows are deleted."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM sqlite_sequence WHERE name = %s", [(table,) for table in tables])


def test_every_table_with_rows_is_looked_at_and_few_others(scene_for):
    scene_for()
    counting, not_counting = tables_that_refer()
    with_rows = {table for table in counting | not_counting if has_rows(table)}
    forget_numbers_of(counting - with_rows)
    assert len(counting) > 200
    assert len(with_rows) > 100
    assert with_rows <= tables_to_check()
    assert len(tables_to_check() - with_rows) < 20


def test_a_reference_to_nothing_is_seen():
    record = make.recommendation()
    Recommendation.objects.filter(pk=record.pk).update(country=10**9)
    with pytest.raises(IntegrityError, match="invalid foreign key"):
        TestCase()._should_check_constraints(connection)
    Recommendation.objects.filter(pk=record.pk).update(country=record.country)
    assert not TestCase()._should_check_constraints(connection)
