"""What senders print in the cells of positions and dates."""

from datetime import date

import pytest

from servanda.sources.candidates import Stand
from servanda.sources.printed.values import stand_of, whole_date

REFUSED = (
    "Non acceptée", "N’a pas été acceptée", "Non soutenue", "N'est pas appuyée", "No aceptada",
    "No cuenta con el apoyo",
    "No apoyada", "Não aceite", "não aceitada", "Não apoiada", "Rejeitada", "غير مقبولة", "لم تقبل", "لا تحظى بتأييد",
    "مرفوضة", "Unsupported", "does not enjoy support", "did not enjoy the support", "не поддержана", "不支持",
    "Prise note", "Prise en note", "Dont il est pris note", "Se toma nota", "Tomou nota", "Noted (not accepted)",
)  # fmt: skip
SUPPORTED = (
    "Acceptée", "Aceptada", "Aceite", "مقبولة", "تحظى بتأييد", "Supported", "enjoys support", "поддержана", "支持",
    "Recueille l’adhésion",
)  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_a_refusal_in_any_language_is_noted_and_never_supported(words):
    assert stand_of(words) == Stand.NOTED


@pytest.mark.parametrize("words", SUPPORTED)
def test_support_in_any_language_is_support(words):
    assert stand_of(words) == Stand.SUPPORTED


@pytest.mark.parametrize(
    "words",
    ["Acceptée partiellement", "Partiellement acceptée", "Accepted / Noted", "Supported/Noted", "مقبولة جزئيا"],
)
def test_a_split_answer_is_support_in_part(words):
    assert stand_of(words) == Stand.PARTLY


@pytest.mark.parametrize("words", ["En cours d'examen", "À l’étude", "En estudio", "Em análise", "قيد الدراسة"])
def test_an_answer_that_is_still_to_come_is_pending(words):
    assert stand_of(words) == Stand.PENDING


@pytest.mark.parametrize(
    ("printed", "day", "remark"),
    [
        ("٣١ ديسمبر ٢٠٢٤", date(2024, 12, 31), ""),
        ("15 mai 2023", date(2023, 5, 15), ""),
        ("31.12.25", date(2025, 12, 31), ""),
        ("12/31/2024", date(2024, 12, 31), ""),
        ("dez/2025", date(2025, 12, 31), "“dez/2025” is read as 2025-12-31."),
        ("Sept 2025", date(2025, 9, 30), "“Sept 2025” is read as 2025-09-30."),
        ("12-13 Nov 2024", date(2024, 11, 12), "“12-13 Nov 2024” is read as 2024-11-12."),
        ("12 y 13 de noviembre de 2024", date(2024, 11, 12), "“12 y 13 de noviembre de 2024” is read as 2024-11-12."),
        ("٢٤ آذار/مارس ٢٠٢٥", date(2025, 3, 24), ""),
        ("08.XI.2023", date(2023, 11, 8), ""),
        (
            "15 رمضان 1446",
            None,
            "“15 رمضان 1446” is not a date. Enter a date of the Gregorian calendar, for example 31/12/2026.",
        ),
    ],
)
def test_a_date_in_words_is_read_and_one_without_a_day_is_explained(printed, day, remark):
    problems = []
    assert whole_date(printed, "date", problems) == day
    assert [problem.message for problem in problems] == ([remark] if remark else [])
