"""Days that are printed in a text, in the languages and styles in which monitoring bodies write them."""

import datetime

import pytest

from servanda.language.documents.dates import days_in

DAY = datetime.date(2025, 3, 24)


@pytest.mark.parametrize(
    "printed",
    [
        "24 March 2025",
        "24th March, 2025",
        "24th of March 2025",
        "March 24, 2025",
        "24 Mar 2025",
        "24 MARCH 2025",
        "le 24 mars 2025",
        "24 de marzo de 2025",
        "24 de marzo del 2025",
        "24 de março de 2025",
        "24 марта 2025 года",
        "24/03/2025",
        "24.03.2025",
        "24-03-2025",
        "2025/03/24",
        "24th day of March 2025",
        "2025-03-24",
        "this twenty-fourth day of March in the year two thousand and twenty-five",
        "this Twenty-Fourth Day of March in the Year Two Thousand and Twenty-\nFive",
        "this Twenty-Fourth Day of the Month of March in the Year Two \nThousand and Twenty-Five",
        "ce vingt-quatrième jour du mois de mars de l’an deux mille vingt-cinq",
        "24 آذار/مارس 2025",
        "24 مارس/آذار 2025",
        "٢٤ آذار/مارس ٢٠٢٥",
        "24 من آذار/مارس 2025",
        "24 آذار 2025",
        "24 مارس 2025",
        "24 مارس سنة 2025",
        "21-24 March 2025",
        "this twenty-fourth day of March in the year two thousand and twenty-five in two languages",
        "from 21st to 24th March 2025",
    ],
)
def test_a_day_is_read_however_it_is_printed(printed):
    assert [found.day for found in days_in(f"Adopted: {printed}.")] == [DAY]


# A month in the five styles: United Nations, Morocco, Algeria and Tunisia, Egypt and the Gulf, Levant and Iraq.
ARABIC = [
    (1, "كانون الثاني/يناير", "يناير", "جانفي", "يناير", "كانون الثاني"),
    (2, "شباط/فبراير", "فبراير", "فيفري", "فبراير", "شباط"),
    (3, "آذار/مارس", "مارس", "مارس", "مارس", "آذار"),
    (4, "نيسان/أبريل", "أبريل", "أفريل", "أبريل", "نيسان"),
    (5, "أيار/مايو", "ماي", "ماي", "مايو", "أيار"),
    (6, "حزيران/يونيه", "يونيو", "جوان", "يونيو", "حزيران"),
    (7, "تموز/يوليه", "يوليوز", "جويلية", "يوليو", "تموز"),
    (8, "آب/أغسطس", "غشت", "أوت", "أغسطس", "آب"),
    (9, "أيلول/سبتمبر", "شتنبر", "سبتمبر", "سبتمبر", "أيلول"),
    (10, "تشرين الأول/أكتوبر", "أكتوبر", "أكتوبر", "أكتوبر", "تشرين الأول"),
    (11, "تشرين الثاني/نوفمبر", "نونبر", "نوفمبر", "نوفمبر", "تشرين الثاني"),
    (12, "كانون الأول/ديسمبر", "دجنبر", "ديسمبر", "ديسمبر", "كانون الأول"),
]


@pytest.mark.parametrize(("month", "name"), [(row[0], name) for row in ARABIC for name in row[1:]])
def test_arabic_months_are_read_in_all_five_styles(month, name):
    for printed in (f"في 7 {name} 2024", f"في 7 {name.replace('أ', 'ا').replace('آ', 'ا')} 2024"):
        assert [found.day for found in days_in(printed)] == [datetime.date(2024, month, 7)]


@pytest.mark.parametrize(
    "text", ["Article 12 of March", "31 February 2025", "No. 24, 2025", "paragraph 24 of 2025", "24 May"]
)
def test_what_is_no_day_is_none(text):
    assert list(days_in(text)) == []


def test_places_of_days_are_told_in_the_order_of_the_text():
    text = "Heard on 3 May 2024, decided on 5 June 2024."
    assert [(text[day.start : day.end], day.day.month) for day in days_in(text)] == [
        ("3 May 2024", 5),
        ("5 June 2024", 6),
    ]
