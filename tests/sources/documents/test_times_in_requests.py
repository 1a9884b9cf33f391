"""The time for the reply may stand in the request itself: "let me know within two days where she is"."""

import pytest

from servanda.language.documents.units import Block
from servanda.sources.documents.letters.units import letter_units


def reply_in(*paragraphs):
    """The length of the time for the reply, or None where the letter sets none."""
    units = letter_units([Block(text) for text in ("UA TST 7/2026", *paragraphs)])
    term = next(unit for unit in units if unit.duty == "reply").deadline
    return term and (term.count, str(term.length))


@pytest.mark.parametrize(
    ("salutation", "asked", "length"),
    [
        ("Excellency,", "Kindly let me know within thirty-six hours where the teacher is held.", (36, "hours")),
        ("Excellency,", "Please inform us in writing within ten days whether a doctor has seen him.", (10, "days")),
        ("Excellency,", "Within 48 hours, please tell me why the teacher was taken.", (48, "hours")),
        ("Excelencia:", "Le ruego que me haga saber en cuarenta y ocho horas dónde está el maestro.", (48, "hours")),
        ("Excelencia:", "Sírvase informarme, dentro de diez días, si lo ha visto un médico.", (10, "days")),
        ("Excellence,", "Veuillez me faire savoir dans les quarante-huit heures où il est détenu.", (48, "hours")),
        ("Excellence,", "Dites-moi sous 72 heures si un médecin l’a vu.", (72, "hours")),
        ("Excelência,", "Peço que me informe, no prazo de 48 horas, onde está o professor.", (48, "hours")),
        ("صاحب السعادة،", "أرجو إفادتي في غضون 48 ساعة بمكان احتجاز المعلم.", (48, "hours")),
        ("صاحب السعادة،", "يرجى إبلاغي خلال عشرة أيام بما إذا كان طبيب قد عاينه.", (10, "days")),
    ],
)
def test_the_time_beside_the_request_is_that_of_the_reply(salutation, asked, length):
    assert reply_in(salutation, "The teacher was taken from the school.", asked) == length


@pytest.mark.parametrize(
    "asked",
    [
        "Please tell me why the teacher was not brought before a judge within 48 hours.",
        "Please inform us whether prisoners are seen by a doctor within 24 hours of admission.",
        "Kindly let me know which rule allows the police to hold a person for ten days.",
        "Veuillez me dire pourquoi il n’a pas été présenté à un juge dans les 48 heures.",
        "Sírvase informarme si los detenidos son presentados a un juez en 48 horas.",
        "أرجو إفادتي بما إذا كان قد عُرض على قاض في غضون 48 ساعة.",
    ],
)
def test_a_time_of_what_is_asked_about_is_none_for_the_reply(asked):
    assert reply_in("Excellency,", "The teacher was taken from the school.", asked) is None


def test_another_sentence_with_a_time_comes_first():
    request = "Kindly let me know within 48 hours where the teacher is."
    closing = "We would appreciate receiving your reply within 60 days."
    assert reply_in("Excellency,", request, "Who ordered it?", closing) == (60, "days")
