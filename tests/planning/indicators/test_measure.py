import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.translation import gettext

from servanda.kit.days import months_later
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.planning.indicators import measurements
from servanda.planning.indicators.chart import draw_series, in_words
from servanda.planning.indicators.formatting import in_unit
from servanda.planning.indicators.measurements import measure
from servanda.planning.indicators.periods import as_period, read_period
from servanda.planning.indicators.progress import progress_of
from servanda.planning.models import Indicator, Measurement
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import indicator_make, make
from tests.indicator_make import said, target, value
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR, name="Cora")


def progress(it: Indicator) -> tuple:
    found = progress_of(it, list(Measurement.objects.headline().filter(indicator=it)))
    return found.percent, found.is_away


def test_a_value_is_said_once_for_a_period_and_moves_the_day_of_the_next(coordinator):
    it = indicator_make.indicator("EDU-1", next_due_on=date(2025, 3, 31), schedule="yearly")
    measure(indicator=it, values=said(2023), by=coordinator)
    it.refresh_from_db()
    assert it.next_due_on == date(2025, 3, 31)  # an older year leaves it as it is
    measure(indicator=it, values=said(2024, "61.50", note="<b>Census</b>"), by=coordinator)
    it.refresh_from_db()
    assert (it.next_due_on, it.version) == (date(2026, 3, 31), 2)
    assert it.measurements.get(end=date(2024, 12, 31)).note == "Census"
    event = Event.objects.first()
    assert event.action == "value-entered"
    assert [word for word in ("Cora", "EDU-1", it.name) if word not in sentence(event)] == []
    with pytest.raises(Refused, match="Correct it instead"):
        measure(indicator=it, values=said(2024, 70), by=coordinator)


def test_a_value_that_is_still_to_come_stays_due(coordinator):
    it = indicator_make.indicator(next_due_on=date(2025, 3, 31))
    measure(indicator=it, values=said(2024, missing="not-yet"), by=coordinator)
    it.refresh_from_db()
    assert it.next_due_on == date(2025, 3, 31)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": 101}, "is not a percentage. Enter a number between 0 and 100."),
        ({"number": -1}, "is not a percentage. Enter a number between 0 and 100."),
        ({"number": "1.1234567"}, "six decimals"),
        ({"missing": "not-collected", "value": Decimal(1)}, "not both"),
        ({"value": None}, "not both"),
        (
            {"start": date(2024, 5, 1), "end": date(2024, 4, 1)},
            "Enter an end date that is not before the start date.",
        ),
        ({"end": date(2999, 12, 31)}, "The period has not ended yet. Enter the value after it"),
        ({"start": date(2023, 7, 1), "end": date(2024, 6, 30)}, "overlaps with 2023,"),
        ({"breakdown": "sex=Others"}, "is not a category of “sex”. Choose one of: Women, Men."),
        ({"breakdown": "age=0-14"}, "” is not a category of “age”"),
        ({"missing": "confidential", "is_break": True}, "Enter a value to mark a break in the series."),
        ({"territory": "x" * 81}, "longer than 80"),
    ],
)
def test_what_no_value_can_be_is_refused(coordinator, fields, words):
    it = indicator_make.indicator()
    indicator_make.sex(it)
    value(it, 2023)
    with pytest.raises(Refused, match=words):
        measure(indicator=it, values=said(**fields), by=coordinator)
    assert it.measurements.count() == 1


@pytest.mark.parametrize(("unit", "number"), [("yes-no", 2), ("number", -1), ("rate", -1)])
def test_a_number_that_the_unit_cannot_have_is_refused(coordinator, unit, number):
    with pytest.raises(Refused):
        measure(indicator=indicator_make.indicator(unit=unit), values=said(2024, number), by=coordinator)


def test_periods_overlap_within_one_series_only_and_its_name_has_one_order(coordinator):
    it = indicator_make.indicator()
    indicator_make.sex(it)
    it.dimensions.create(code="age", name="Age", categories="0-14\n15+")
    measure(indicator=it, values=said(2024), by=coordinator)
    made = measure(indicator=it, values=said(2024, 40, breakdown="sex=Women;age=0-14"), by=coordinator)
    assert made.breakdown == "age=0-14;sex=Women"
    with pytest.raises(Refused, match="already"):
        measure(indicator=it, values=said(2024, 40, breakdown="age=0-14;sex=Women"), by=coordinator)
    assert it.measurements.count() == 2


def test_values_are_said_by_the_institution_that_keeps_them_and_by_nobody_beside_it(coordinator):
    it = indicator_make.indicator(custodian=make.institution("statistics"))
    measure(indicator=it, values=said(2022), by=indicator_make.keeper())
    measure(indicator=it, values=said(2023), by=coordinator)
    for stranger in (indicator_make.keeper("health"), indicator_make.keeper(role=Role.READER)):
        with pytest.raises(Refused, match="and the coordinator can enter its values."):
            measure(indicator=it, values=said(2024), by=stranger)


@pytest.mark.database
def test_a_correction_is_a_new_row_and_the_old_one_says_why_it_counts_no_more(coordinator):
    it = indicator_make.indicator("EDU-1")
    old = measure(indicator=it, values=said(2024, 50), by=coordinator)
    what = {"measurement": old, "by": coordinator}
    new = measurements.correct_measurement(values=said(2024, 55), reason="Two schools counted twice.", **what)
    old.refresh_from_db()
    assert (old.value, old.superseded_by, old.correction_reason) == (50, new, "Two schools counted twice.")
    assert old.superseded_at is not None
    assert [measurement.value for measurement in Measurement.objects.headline()] == [55]
    with pytest.raises(Refused, match="This value has already been corrected. Correct the"):
        measurements.correct_measurement(values=said(2024, 56), reason="Again.", **what)
    with pytest.raises(Refused, match="No change"):
        measurements.correct_measurement(measurement=new, values=said(2024, "55.000"), reason="So.", by=coordinator)
    with pytest.raises(Refused, match="Enter a reason"):
        measurements.correct_measurement(measurement=new, values=said(2024, 57), reason=" ", by=coordinator)


def test_progress_is_the_share_of_the_way_from_the_baseline_to_the_target():
    it = target()
    assert progress(it) == (None, False)
    value(it, 2019, 90)  # before the baseline
    assert progress(it) == (None, False)
    value(it, 2021, 50)
    assert progress(it) == (Decimal("25.0"), False)
    value(it, 2022, 90)
    assert progress(it) == (Decimal(100), False)
    value(it, 2023, 30)
    assert progress(it) == (Decimal(0), True)


def test_two_thirds_of_the_way_are_66_point_7_per_cent():
    it = target(baseline=Decimal(0), target=Decimal(3))
    value(it, 2021, 2)
    assert progress(it) == (Decimal("66.7"), False)
    with translation.override("fr"):
        shown = Template("{{ percent|floatformat }}").render(Context({"percent": progress(it)[0]}))
    assert shown == "66,7"


def test_progress_downwards_and_a_level_that_is_to_be_kept():
    down = target(direction="down", baseline=Decimal(80), target=Decimal(40))
    value(down, 2022, 60)
    assert progress(down) == (Decimal("50.0"), False)
    kept = target(target=Decimal(40))
    value(kept, 2022, 41)
    assert progress(kept) == (Decimal(100), False)
    value(kept, 2023, 39)
    assert progress(kept) == (Decimal(0), True)


def test_across_a_break_nothing_is_compared_unless_both_ends_go_by_one_method():
    it = target(method_version="2020")
    value(it, 2022, 60, is_break=True, method_version="2022")
    assert progress(it) == (None, False)
    value(it, 2023, 60, is_break=True, method_version="2020")  # back to the old method
    assert progress(it) == (Decimal("50.0"), False)


def test_due_and_late_go_by_the_day():
    today = timezone.localdate()
    late = indicator_make.indicator(next_due_on=date.fromordinal(today.toordinal() - 1))
    due = indicator_make.indicator(next_due_on=today)
    indicator_make.indicator()
    assert list(Indicator.objects.late(on=today)) == [late]
    assert set(Indicator.objects.due_by(today)) == {late, due}
    assert [indicator.is_late(on=today) for indicator in (late, due)] == [True, False]


def test_months_keep_the_last_day_and_periods_are_read_as_they_are_written():
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2025, 2, 28), -1) == date(2025, 1, 31)
    spans = [
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (date(2024, 7, 1), date(2024, 9, 30), "2024-Q3"),
        (date(2024, 7, 1), date(2024, 12, 31), "2024-S2"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2024, 2, 3), date(2024, 2, 3), "2024-02-03"),
        (date(2023, 9, 1), date(2024, 8, 31), "2023-09-01/P366D"),
    ]
    for start, end, text in spans:
        assert as_period(start, end) == text
        assert read_period(text) == (start, end)
    for wrong in ("2024-Q5", "2024-13", "2024-02-30", "last year", "2024-02-01/P0D", "2024-02-01/P99999Y", ""):
        with pytest.raises(Refused, match="” is not a period. Enter, for example, 2025, 2025-Q1"):
            read_period(wrong)


@pytest.mark.parametrize(
    ("language", "share", "people", "target_in_words"),
    [
        ("en", "61.5%", "1,234,567.5 girls", "Target: 80.25% by 2030."),
        ("fr", "61,5 %", "1\xa0234\xa0567,5 girls", "80,25 %"),
        ("es", "61,5 %", "1\xa0234\xa0567,5 girls", "80,25 %"),
        ("pt", "61,5 %", "1.234.567,5 girls", "80,25 %"),
        ("ar", "61.5 %", "1,234,567.5 girls", "80.25 %"),
    ],
)
def test_the_numbers_of_an_indicator_are_written_as_in_the_language(language, share, people, target_in_words):
    it = target(target=Decimal("80.25"))
    value(it, 2021, 40)
    last = value(it, 2022, "61.500000")
    of_people = indicator_make.indicator(unit="number", unit_words="girls")
    with translation.override(language):
        assert spaced(in_unit(it, last.value)) == share
        assert in_unit(of_people, Decimal("1234567.50")) == people
        said_of_chart = spaced(in_words(it, list(it.measurements.order_by("start"))))
        assert target_in_words in said_of_chart
        assert not re.search(r"[\u0660-\u0669\u06f0-\u06f9]", said_of_chart)


@pytest.mark.parametrize(
    ("language", "tick"), [("en", "1,234.5"), ("fr", "1\xa0234,5"), ("pt", "1.234,5"), ("ar", "1,234.5")]
)
def test_the_axis_of_a_chart_writes_numbers_as_the_page_does(language, tick):
    it = indicator_make.indicator(unit="index")
    series = [value(it, 2021, "1234.50"), value(it, 2022, "1234.51")]
    with translation.override(language):
        assert tick in unescape(draw_series(it, series))


@pytest.mark.parametrize(("language", "unit", "reference"), [("fr", "Nombre", "Numéro"), ("ar", "عدد", "الرقم")])
def test_a_number_of_things_is_not_the_number_of_a_document(language, unit, reference):
    with translation.override(language):
        assert (str(Indicator.Unit.NUMBER.label), gettext("Number")) == (unit, reference)


def spaced(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0%", " %").replace("٪", "%")


@pytest.mark.parametrize(("day", "is_late"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_a_value_is_late_from_the_day_after_it_was_due(day, is_late):
    indicator_make.indicator(next_due_on=date(2026, 6, 30))
    assert Indicator.objects.late(on=day).exists() == is_late


@pytest.mark.parametrize("part", [{"population": "Children"}, {"territory": "North"}, {"breakdown": "sex=Women"}])
def test_a_value_of_a_part_is_no_headline(part):
    it = target()
    indicator_make.sex(it)
    whole = value(it, 2021, 50)
    value(it, 2022, 80, **part)
    assert list(Measurement.objects.headline()) == [whole]
    assert progress(it) == (Decimal("25.0"), False)
