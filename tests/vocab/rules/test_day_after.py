"""Deadlines that rules compute, compared with a table that was checked with a calendar."""

import csv
from datetime import date
from pathlib import Path

import pytest

from servanda.vocab.models import ObligationRule

TABLE = Path(__file__).with_name("day_after.csv")
with TABLE.open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_rule_computes_the_deadline_of_the_table(case):
    rule = ObligationRule(offset=int(case["offset"]), unit=case["unit"])
    assert rule.day_after(date.fromisoformat(case["start"])) == date.fromisoformat(case["day"])


def test_the_table_has_at_least_sixty_cases():
    assert len({tuple(case.values()) for case in CASES}) >= 60


def test_a_deadline_that_the_document_sets_is_not_computed():
    assert ObligationRule(trigger="document").day_after(date(2026, 1, 1)) is None
