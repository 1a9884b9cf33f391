"""Charts of statuses: shares of what was assessed, and time on real axes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from servanda.progress.dashboard import bars


def months(*numbers: int) -> list[bars.Month]:
    first = date(2024, 1, 31)
    return [(first + timedelta(days=30 * place), [("full", number)]) for place, number in enumerate(numbers)]


def heights(chart: bars.Columns) -> list[int]:
    return [sum(piece.length for piece in column.pieces) for column in chart.columns]


def test_a_bar_shows_one_record_among_thousands_and_is_as_long_as_its_whole():
    pieces = bars.bar_of([("full", 1), ("started", 4000), ("regressed", 0), ("unknown", 2)])
    assert [piece.status for piece in pieces] == ["full", "started", "unknown"]
    assert sum(piece.length for piece in pieces) == bars.WHOLE
    assert min(piece.length for piece in pieces) == bars.SHORTEST
    assert all(before.at + before.length == after.at for before, after in pairwise(pieces))


def test_a_bar_of_nothing_has_no_pieces():
    assert bars.bar_of([("full", 0)]) == []


def test_a_bar_runs_from_the_right_in_arabic():
    with translation.override("ar"):
        first, last = bars.bar_of([("full", 3), ("started", 1)])
    assert (first.at, last.at) == (250, 0)


def test_fifteen_records_are_half_as_high_as_thirty_in_another_chart_of_the_page():
    fifteen, thirty = (bars.columns_of(months(number), top=30) for number in (15, 30))
    assert heights(fifteen)[0] * 2 == heights(thirty)[0]
    assert [mark.label for mark in fifteen.lines] == [mark.label for mark in thirty.lines] == ["0", "10", "20", "30"]
    assert (fifteen.last.label, thirty.last.label) == ("15", "30")


@pytest.mark.parametrize(("top", "step"), [(0, 1), (3, 1), (5, 2), (15, 5), (30, 10), (81, 50), (4001, 2000)])
def test_gridlines_are_few_and_at_round_numbers(top, step):
    assert bars.step_of(top) == step
    assert len(bars.columns_of(months(top), top=top).lines) <= bars.LINES + 1


@pytest.mark.parametrize("count", [1, 2, 5, 7, 13, 24])
def test_dates_are_few_and_inside_the_chart(count):
    chart = bars.columns_of(months(*range(1, count + 1)), top=count)
    assert 1 <= len(chart.dates) <= bars.DATES
    assert chart.dates[0].label == "Jan 2024"
    assert all(bars.AXIS < float(mark.x.rstrip("%")) <= 92 for mark in chart.dates)


def test_one_record_is_seen_beside_a_thousand():
    assert heights(bars.columns_of(months(1, 1000), top=1000)) == [1, bars.HEIGHT]


def test_time_and_the_axis_run_from_the_right_in_arabic():
    with translation.override("ar"):
        chart = bars.columns_of(months(1, 2), top=2)
    first, second = (float(column.x.rstrip("%")) for column in chart.columns)
    assert first > second
    assert float(chart.lines[0].x.rstrip("%")) > float(chart.start.rstrip("%")) == 100 - bars.AXIS
