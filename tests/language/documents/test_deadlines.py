"""Terms, days and named paragraphs in the languages of the documents."""

import datetime

import pytest

from servanda.language.documents.deadlines import deadline_of, is_follow_up, named_paragraphs


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("to provide, within one year of the adoption, information", 12),
        ("dans un délai de deux ans, des renseignements", 24),
        ("en el plazo de un año, información", 12),
        ("no prazo de dois anos, informações", 24),
        ("в течение двух лет представить информацию", 24),
        ("في غضون سنة واحدة، معلومات", 12),
        ("within a period of 180 days", 6),
    ],
)
def test_a_term_is_counted_in_months(text, months):
    assert deadline_of(text).months == months


@pytest.mark.parametrize(
    "text",
    [
        "its sixth report by 15 March 2027",
        "son rapport au plus tard le 15 mars 2027",
        "su informe a más tardar el 15 de marzo de 2027",
        "seu relatório até 15 de março de 2027",
        "доклад не позднее 15 марта 2027 года",
        "تقريرها بحلول 15 آذار/مارس 2027",
    ],
)
def test_a_day_behind_a_word_of_term_is_a_deadline(text):
    assert deadline_of(text).day == datetime.date(2027, 3, 15)


@pytest.mark.parametrize("text", ["The law of 15 March 2027 was adopted.", "by 31 February 2027", "within reason"])
def test_other_days_are_none(text):
    assert deadline_of(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("paragraphs 9 (a), 21 and 31 above", ["9(a)", "21", "31"]),
        ("les paragraphes 12 b) et 14", ["12(b)", "14"]),
        ("los párrafos 12 y 20", ["12", "20"]),
        ("в пунктах 10 и 12", ["10", "12"]),
        ("الفقرات 9 و21 و31", ["9", "21", "31"]),
        ("see document CRC/C/1/2", []),
    ],
)
def test_named_paragraphs(text, numbers):
    assert named_paragraphs(text) == numbers


def test_a_next_report_is_no_follow_up():
    assert not is_follow_up("The Committee requests the State party to submit its report by 15 March 2027.")
