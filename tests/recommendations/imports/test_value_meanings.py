"""What the values of a column mean, kept for the sender's next file."""

from collections import Counter

import pytest

from servanda.intake.columns.kinds import Column, value_key
from servanda.recommendations.imports.mapping import meanings_of

CHOICES = [("done", "Done"), ("open", "Open")]


@pytest.mark.parametrize(("value", "other"), [("✓", "✗"), ("A+", "A-"), ("🟢", "🔴"), ("+", "-"), ("+1", "-1")])
def test_signs_that_differ_are_two_values(value, other):
    assert value_key(value) != value_key(other)


@pytest.mark.parametrize(("value", "other"), [("Réalisé", "REALISE"), ("en cours", "En-cours"), (" done ", "Done")])
def test_spellings_of_one_value_are_one(value, other):
    assert value_key(value) == value_key(other)


def test_a_value_that_is_longer_than_what_is_kept_is_found_again():
    assert len(value_key("word " * 500)) <= 200


def test_spellings_of_one_value_are_asked_about_once_with_all_their_rows():
    column = Column("status", "Status", choices=lambda: CHOICES)
    found = meanings_of(column, Counter({"Réalisé": 5, "REALISE": 3, "✗": 6}), {("status", "realise"): "done"})
    assert [(value.printed, value.count, value.meaning) for value in found.values] == [
        ("Réalisé", 8, "done"),
        ("✗", 6, ""),
    ]
