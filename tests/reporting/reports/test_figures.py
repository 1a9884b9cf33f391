"""Figures that a report states twice: found by indicator and year, whatever the way in which numbers are written."""

import pytest

from servanda.people.access import Role
from servanda.reporting.reports import services
from servanda.reporting.reports.figures import figures_of, normal
from tests import indicator_make, make, obligation_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,234", "1234"),
        ("1 234,5", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1,234.5", "1234.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1.234.567", "1234567"),
        ("40.0", "40"),
        ("100", "100"),
    ],
)
def test_numbers_are_read_however_they_are_written(written, meant):
    assert normal(written) == meant


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def record():
    return make.recommendation()


@built_once
def report(coordinator, record):
    return reports_make.report(coordinator, obligation=obligation_make.obligation(body=record.body))


def write(report, by, **texts: str) -> None:
    for key, text in texts.items():
        section = report.sections.get(key=key)
        services.write_section(section=section, text=text, seen=section.version, by=by)


def test_two_values_of_one_indicator_and_year_contradict_each_other(report, coordinator, record):
    indicator_make.indicator(about=record, name="Children in school")
    write(
        report,
        coordinator,
        method="Children in school: 40% (2024).",
        chapters="In 2024, *children in school* were 45.0%.",
    )
    figure = figures_of(report, coordinator)[0]
    assert (figure.is_contradicting, figure.period) == (True, "2024")
    assert [mention.values for mention in figure.mentions] == [("40",), ("45",)]


@pytest.mark.parametrize(
    "table",
    [
        "| Indicator | 2023 | 2024 |\n| --- | --- | --- |\n| Children in school | 40% | 45% |",
        "| Year | Children in school |\n| --- | --- |\n| 2023 | 40 % |\n| 2024 | 45 % |",
        "| No. | Indicator | Year | Value |\n| --- | --- | --- | --- |\n| 1 | Children in school | 2024 | 45.0 |",
    ],
    ids=["years in columns", "years in rows", "a row for each value"],
)
@pytest.mark.parametrize(("percent", "is_contradicting"), [("44", True), ("45", False)])
def test_values_of_tables_are_compared_with_those_of_sentences(
    report, coordinator, record, table, percent, is_contradicting
):
    indicator_make.indicator(about=record, name="Children in school")
    write(report, coordinator, method=f"Children in school: {percent}% (2024).", chapters=table)
    [figure] = figures_of(report, coordinator)
    assert (figure.period, figure.is_contradicting) == ("2024", is_contradicting)
    assert [mention.section.key for mention in figure.mentions] == ["method", "chapters"]


def test_the_same_value_twice_is_repeated_and_other_years_are_something_else(report, coordinator, record):
    indicator_make.indicator(about=record, name="Children in school")
    write(report, coordinator, method="Children in school: 40% in 2024.\n\nChildren in school: 38% in 2023.")
    assert figures_of(report, coordinator) == []
    write(report, coordinator, chapters="Children in school (2024): 40,0 %.")
    assert [figure.is_contradicting for figure in figures_of(report, coordinator)] == [False]


@pytest.mark.parametrize(
    ("first", "second", "contradicting"),
    [
        ("45% in 2024; 40% in 2023", "45% in 2023 and 40% in 2024", ["2023", "2024"]),
        ("45% in 2024; 40% in 2023", "in 2023 40%, in 2024 45%", []),
        ("40% and 45% in 2023 and 2024", "in 2023 40% (2022: 38%)", []),
        ("in 2023 40% of girls and 30% of boys, in 2024 45% and 35%", "in 2024 45% and 30%", ["2024"]),
        ("40% of girls and 30% of boys in 2023, 45% and 35% in 2024", "45% and 35% in 2024", []),
        ("45% in 2024", "٤٥٪ في ٢٠٢٤", []),
        ("45.5% in 2024", "٤٥٫٦٪ في ٢٠٢٤", ["2024"]),
        ("40% in 2023–2024", "45% in 2023-2024", ["2023–2024"]),
    ],
)
def test_values_are_compared_with_those_of_the_same_year(report, coordinator, record, first, second, contradicting):
    indicator_make.indicator(about=record, name="Children in school")
    write(report, coordinator, method=f"Children in school: {first}.", chapters=f"Children in school: {second}.")
    found = [figure for figure in figures_of(report, coordinator) if figure.is_contradicting]
    assert [figure.period for figure in found] == contradicting


def test_years_and_values_in_other_digits_are_read_from_tables(report, coordinator, record):
    indicator_make.indicator(about=record, name="Children in school")
    table = "| Indicator | ٢٠٢٤ |\n| --- | --- |\n| Children in school | ٤٠٪ |"
    write(report, coordinator, method="Children in school: 45% (2024).", chapters=table)
    [figure] = figures_of(report, coordinator)
    assert (figure.period, figure.is_contradicting) == ("2024", True)
    assert "٤٠" in figure.mentions[1].sentence


def test_of_names_that_contain_each_other_the_longest_is_read(report, coordinator, record):
    indicator_make.indicator(about=record, name="Children")
    indicator_make.indicator(about=record, name="Children in school")
    write(report, coordinator, method="Children: 900 in 2024.", chapters="Children in school: 40% in 2024.")
    assert figures_of(report, coordinator) == []


def test_sections_and_indicators_of_others_are_not_read(report, coordinator, record):
    indicator_make.indicator(about=record, name="Children in school")
    write(report, coordinator, method="Children in school: 40% in 2024.", chapters="Children in school: 50% in 2024.")
    place = make.institution("ministry")
    reports_make.assigned(report, "method", place, coordinator)
    assert figures_of(report, make.user(Role.FOCAL_POINT, place)) == []


def test_values_of_different_groups_do_not_contradict_each_other(report, coordinator, record):
    indicator = indicator_make.indicator(about=record, name="Children in school")
    for breakdown in ("sex=Girls", "sex=Boys"):
        indicator_make.value(indicator, 2024, breakdown=breakdown)
    method = "Children in school: 40% (2024).\n\nChildren in school: 38%, sex=Girls (2024)."
    chapters = "Children in school: 42%, sex=Boys (2024).\n\nChildren in school: 39%, sex=Girls (2024)."
    write(report, coordinator, method=method, chapters=chapters)
    [figure] = figures_of(report, coordinator)
    assert [mention.values for mention in figure.mentions] == [("38",), ("39",)]
