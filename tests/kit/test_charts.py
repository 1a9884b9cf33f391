"""Shares of one whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.kit.charts import percents_of


@pytest.mark.parametrize(
    ("counts", "percents"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([2, 3, 1], [33, 50, 17]),
        ([1, 199], [0, 100]),
        ([7, 7, 7, 7, 7, 7, 7], [15, 15, 14, 14, 14, 14, 14]),
        ([0, 5], [0, 100]),
        ([0, 0], [0, 0]),
        ([], []),
    ],
)
def test_percentages_of_one_whole_sum_to_100(counts, percents):
    assert percents_of(counts) == percents


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any))
def test_each_percentage_is_within_one_of_its_share(counts):
    percents, whole = percents_of(counts), sum(counts)
    assert sum(percents) == 100
    for count, percent in zip(counts, percents, strict=True):
        assert abs(percent - 100 * count / whole) < 1
        assert percent == 0 or count > 0
