"""A term within which the victims have to ask for something is none of the State."""

import pytest

from servanda.language.documents.terms import terms_in
from servanda.language.documents.units import Kind, Unit, mark_obligations


@pytest.mark.parametrize(
    "text",
    [
        "The State shall provide treatment to the victims who request it within six months.",
        "The State shall pay the fees of those who so request within a period of six months.",
        "The State shall repair the houses of persons who have applied for it within one year.",
        "El Estado prestará atención médica a las víctimas que así lo soliciten dentro del plazo de seis meses.",
        "El Estado otorgará becas a quienes las soliciten en el plazo de un año.",
        "L’État prendra en charge les soins des victimes qui en feront la demande dans un délai de six mois.",
        "L’État versera une aide aux proches qui la demanderont dans un délai d’un an.",
        "O Estado deve oferecer tratamento às vítimas que assim o solicitem no prazo de seis meses.",
        "على الدولة أن توفر العلاج للضحايا الذين يطلبونه في غضون ستة أشهر.",
    ],
)
def test_the_term_of_a_request_of_victims_is_none_of_the_state(text):
    unit = Unit("6", Kind.RECOMMENDATION, text)
    mark_obligations([unit], issued=None, of_case=True)
    assert (terms_in(text), unit.deadline) == ([], None)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The State shall provide treatment to the victims who request it, within six months of notification.", 6),
        ("The State shall, within six months, treat the victims who request it.", 6),
        ("El Estado prestará atención a las víctimas que así lo soliciten, en el plazo de seis meses.", 6),
        ("El Comité solicita que el Estado presente información en el plazo de seis meses.", 6),
        ("L’État doit, dans un délai de six mois, soigner les victimes qui en feront la demande.", 6),
        ("The Committee asks the authorities who requested the visit to report within six months.", 6),
    ],
)
def test_the_term_of_the_state_beside_such_a_request_stays(text, count):
    assert [term.count for term in terms_in(text)] == [count]
