"""Dates and numbers as people write them in a spreadsheet."""

from datetime import date
from decimal import Decimal

import pytest

from servanda.intake.columns.dates import read_due_date
from servanda.planning.sheets.numbers import Amount, IndicatorValue, read_amount, read_indicator_value


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01 00:00:00", date(2026, 3, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        ("1.3.26", date(2026, 3, 1)),
        ("12/31/2026", date(2026, 12, 31)),
        ("03/2026", date(2026, 3, 31)),
        ("46022", date(2025, 12, 31)),
        ("46022.0", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        ("fin 2025", date(2025, 12, 31)),
        ("fin de l’année 2025", date(2025, 12, 31)),
        ("end of 2025", date(2025, 12, 31)),
        ("finales de 2025", date(2025, 12, 31)),
        ("fim de 2025", date(2025, 12, 31)),
        ("نهاية 2025", date(2025, 12, 31)),
        ("mi-2025", date(2025, 6, 30)),
        ("T2 2025", date(2025, 6, 30)),
        ("3e trimestre 2025", date(2025, 9, 30)),
        ("1er semestre 2025", date(2025, 6, 30)),
        ("31 décembre 2025", date(2025, 12, 31)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("March 1st, 2026", date(2026, 3, 1)),
        ("15 de septiembre de 2026", date(2026, 9, 15)),
        ("٢٤ آذار/مارس ٢٠٢٥", date(2025, 3, 24)),
        ("24 كانون الثاني/يناير 2025", date(2025, 1, 24)),
        ("1 تموز/يوليه 2025", date(2025, 7, 1)),
        ("تشرين الثاني/نوفمبر 2025", date(2025, 11, 30)),
        ("08.XI.2023", date(2023, 11, 8)),
        ("8/iv/2023", date(2023, 4, 8)),
        ("15 de setembro de 2026", date(2026, 9, 15)),
        ("٣١ ديسمبر ٢٠٢٥", date(2025, 12, 31)),
        ("31 كانون الأول 2025", date(2025, 12, 31)),
        ("juin 2026", date(2026, 6, 30)),
        ("dez/2025", date(2025, 12, 31)),
        ("nov/24", date(2024, 11, 30)),
        ("Jun-26", date(2026, 6, 30)),
        ("até 30/06/2026", date(2026, 6, 30)),
        ("jusqu’au 30/06/2026", date(2026, 6, 30)),
        ("2º semestre de 2026", date(2026, 12, 31)),
        ("primer semestre de 2026", date(2026, 6, 30)),
        ("1.º trim. 2027", date(2027, 3, 31)),
        ("Trimestre 2 de 2026", date(2026, 6, 30)),
        ("II trimestre 2026", date(2026, 6, 30)),
        ("الربع الثاني من ٢٠٢٦", date(2026, 6, 30)),
    ],
)
def test_a_date_is_read_in_five_languages(printed, day):
    assert read_due_date(printed) == day


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "soon",
        "2025-2027",
        "1448 هـ",
        "15 رمضان 1446",
        "10/03/1447",
        "31/02/2026",
        "32 mars 2026",
        "mars",
        "2025 et 2026",
        "1 2 mars 2026",
        "mars avril 2026",
        "1 آذار/أبريل 2026",
        "08.XV.2023",
        "1024",
    ],
)
def test_what_is_no_date_is_not_guessed(printed):
    assert read_due_date(printed) is None


@pytest.mark.parametrize(
    ("printed", "number", "currency"),
    [
        ("1 200 000 DH", "1200000", "MAD"),
        ("١٬٢٠٠٬٠٠٠ يورو", "1200000", "EUR"),
        ("٥٠٠ ألف يورو", "500000", "EUR"),
        ("٠٫٥ مليون درهم", "500000", "MAD"),
        ("1 200 000,50 €", "1200000.50", "EUR"),
        ("1.200.000", "1200000", ""),
        ("1,200,000.50 USD", "1200000.50", "USD"),
        ("2,5 millions MAD", "2500000.0", "MAD"),
        ("٣ ملايين درهم", "3000000", "MAD"),
        ("1,200", "1200", ""),
        ("12,5", "12.5", ""),
        ("EUR 300", "300", "EUR"),
    ],
)
def test_an_amount_is_read_with_its_currency(printed, number, currency):
    assert read_amount(printed) == Amount(Decimal(number), currency)


@pytest.mark.parametrize("printed", ["", "à déterminer", "100-200 DH", "12 personnes", "1 200 et 300", "1.2.3"])
def test_what_is_no_amount_is_not_guessed(printed):
    assert read_amount(printed) is None


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("72,5 %", IndicatorValue(Decimal("72.5"), is_percent=True)),
        ("72.5% (2023)", IndicatorValue(Decimal("72.5"), is_percent=True, year=2023)),
        ("1 200", IndicatorValue(Decimal(1200))),
        ("0,125", IndicatorValue(Decimal("0.125"))),
        ("-3", IndicatorValue(Decimal(-3))),
        ("many", None),
    ],
)
def test_the_value_of_an_indicator_is_read(printed, value):
    assert read_indicator_value(printed) == value
