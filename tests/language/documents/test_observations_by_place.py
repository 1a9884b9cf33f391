"""Paragraphs of concluding observations that are known by their place, and the days of old ones."""

import pytest

from servanda.language.documents.deadlines import owed_by
from servanda.language.documents.observations import worry
from servanda.language.documents.paragraph_kinds import kind_of
from servanda.language.documents.units import Unit
from servanda.sources.documents.reader import read_document

SECTION = ("C. Principal areas of concern and recommendations", "Prisons")


def kinds_of(rows):
    units = [Unit(str(nth), kind_of(text), text, headings=SECTION) for nth, text in enumerate(rows, 1)]
    worry(units)
    return [unit.kind.value for unit in units]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("The Committee notes the small number of prison doctors.", "The State party should hire doctors."),
        ("The Committee finds that few prisoners see a judge.", "The State party should ensure that they do."),
        ("Le Comité constate le faible nombre de médecins.", "L’État partie devrait recruter des médecins."),
        ("El Comité observa la escasez de médicos.", "El Estado parte debería contratar médicos."),
        ("Комитет отмечает низкое число врачей.", "Государству-участнику следует нанять врачей."),
        ("تلاحظ اللجنة قلة عدد الأطباء في السجون.", "ينبغي للدولة الطرف أن توظف أطباء."),
    ],
)
def test_what_stands_right_above_a_recommendation_is_a_concern(text, asks):
    assert kinds_of([text, asks]) == ["concern", "recommendation"]


@pytest.mark.parametrize(
    "text",
    [
        "The Committee welcomes the new prison act.",
        "The Committee recalls its general comment No. 21 on the humane treatment of prisoners.",
    ],
)
def test_what_welcomes_or_recalls_stays_information(text):
    assert kinds_of([text, "The State party should hire doctors."])[0] == "information"


def test_facts_above_a_concern_stay_information():
    rows = ["The Committee notes the prison act.", "The Committee is concerned at its delay.", "It recommends speed."]
    assert kinds_of(rows)[0] == "information"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee sets 3 May 2016 as the date for the submission of the fifth periodic report of Testland.",
        "Le Comité fixe au 3 mai 2016 la date de présentation du cinquième rapport périodique de Testlande.",
        "El Comité fija el 3 de mayo de 2016 como fecha de presentación del quinto informe periódico de Testlandia.",
    ],
)
def test_a_day_set_for_the_next_report_is_its_deadline(text):
    duty, term = owed_by(text)
    assert (duty, str(term.day)) == ("periodic-report", "2016-05-03")


@pytest.mark.parametrize(
    "text",
    [
        "The Committee draws the attention of the State party to its reporting guidelines.",
        "Le Comité attire l’attention de l’État partie sur ses directives harmonisées.",
        "El Comité señala a la atención del Estado parte sus directrices y le recuerda el límite de palabras.",
    ],
)
def test_guidelines_to_which_attention_is_drawn_ask_nothing(text):
    assert kind_of(text) == "information"


def test_the_symbol_may_stand_in_the_cell_of_the_distribution(tmp_path):
    rows = [
        "International covenant on civil and political rights\tDistr. GENERAL CCPR/C/TST/CO/4 3 May 2012",
        "HUMAN RIGHTS COMMITTEE",
        "Concluding observations on the fourth periodic report of Testland (CCPR/C/TST/4)",
        "1. The Committee is concerned that few prisoners see a judge within a week of their arrest in the country.",
    ]
    (tmp_path / "text.txt").write_text("\n\n".join(rows), encoding="utf-8")
    assert read_document(tmp_path / "text.txt").symbol == "CCPR/C/TST/CO/4"
