"""What a paragraph does, by the verbs in which monitoring bodies draft."""

import pytest

from servanda.language.kinds import kind_of, sentences


@pytest.mark.parametrize(
    "text",
    [
        "The Committee recommends that the State party amend the law.",
        "The State party should ensure access to counsel.",
        "Recalling its general comment, the Committee encourages the State party to train judges.",
        "GRETA invites the authorities to collect data.",
        "El Comité alienta al Estado parte a que apruebe la ley.",
        "Le Comité engage vivement l’État partie à adopter la loi.",
        "L ’ État partie devrait garantir l’accès à un avocat.",
        "O Comité exorta o Estado parte a adotar a lei.",
        "Комитет призывает государство-участник принять закон.",
        "Государству-участнику следует принять закон.",
        "وتحث اللجنة الدولة الطرف على اعتماد القانون.",
        "ينبغي للدولة الطرف أن تعتمد القانون.",
        "委员会建议缔约国通过该法律。",
    ],
)
def test_demands_are_recommendations(text):
    assert kind_of(text) == "recommendation"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee is concerned that its previous recommendations have not been implemented.",
        "The Committee is concerned that the law encourages early marriage.",
        "Preocupa al Comité la falta de datos.",
        "Le Comité regrette l’absence de données.",
        "O Comité está preocupado com a falta de dados.",
        "Комитет обеспокоен отсутствием данных.",
        "يساور اللجنة القلق إزاء عدم وجود بيانات.",
    ],
)
def test_concerns_are_concerns_even_where_they_speak_of_recommendations(text):
    assert kind_of(text) == "concern"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee welcomes the ratification of the Convention concerning forced labour.",
        "El Comité acoge con satisfacción la aprobación de la ley.",
        "Комитет приветствует принятие закона.",
        "ترحب اللجنة بتوصيات الفريق العامل.",
    ],
)
def test_the_rest_informs(text):
    assert kind_of(text) == "information"


def test_a_number_or_an_article_ends_no_sentence():
    assert sentences("See comment No. 5 and art. 12. The Committee agrees.") == [
        "See comment No. 5 and art. 12.",
        "The Committee agrees.",
    ]
