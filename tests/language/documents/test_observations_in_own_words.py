"""The closing paragraphs of concluding observations in words that few committees use."""

import pytest

from servanda.language.documents.deadlines import owed_by


def test_follow_up_is_due_two_years_from_now():
    text = (
        "The State party is requested to inform the Committee in writing, at the latest two years from now, of what "
        "it has done to carry out the recommendations contained in paragraphs 4 (a) and 5 above."
    )
    duty, term = owed_by(text, ("Follow-up to the concluding observations",))
    assert (duty, term.count, term.length) == ("follow-up", 2, "years")


def test_a_report_is_handed_in():
    text = "The State party should hand in its sixth and seventh periodic reports no later than 28 February 2030."
    duty, term = owed_by(text, ("Next report",))
    assert (duty, str(term.day)) == ("periodic-report", "2030-02-28")


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        (
            "Dissemination",
            "The Committee invites the State party to have the present concluding observations translated into all "
            "languages of its minorities and to make them known to ministries, parliament and courts.",
        ),
        ("Diffusion", "Le Comité invite l’État partie à faire traduire les présentes observations finales."),
        ("Difusión", "El Comité invita al Estado parte a dar a conocer las presentes observaciones finales."),
        ("Divulgação", "O Comité convida o Estado Parte a traduzir as presentes observações finais."),
        ("النشر", "تدعو اللجنة الدولة الطرف إلى ترجمة هذه الملاحظات الختامية."),
    ],
)
def test_observations_are_translated_and_made_known_below_the_heading_on_dissemination(heading, text):
    assert owed_by(text, (heading,))[0] == "dissemination"
    assert owed_by(text, ("Education",)) is None


@pytest.mark.parametrize(
    "text",
    [
        "The Working Group requests the source and the Government to provide, within six months of the date of "
        "transmission of the present opinion, information on action taken in follow-up to the recommendations.",
        "Le Groupe de travail prie la source et le Gouvernement de lui fournir, dans les six mois suivant la "
        "communication du présent avis, des renseignements sur les mesures prises.",
        "El Grupo de Trabajo solicita a la fuente y al Gobierno que faciliten, en un plazo de seis meses a partir de "
        "la transmisión de la presente opinión, información sobre las medidas adoptadas.",
    ],
)
def test_follow_up_to_an_opinion_on_detention_is_asked_in_one_sentence(text):
    duty, term = owed_by(text)
    assert (duty, term.count, term.length) == ("follow-up", 6, "months")


def test_a_term_below_the_heading_is_still_one_of_follow_up():
    text = (
        "The Committee requests the State party to provide, within one year, information on the implementation of "
        "the recommendations in paragraphs 12 and 30 of the present concluding observations."
    )
    assert owed_by(text, ("Dissemination and follow-up",))[0] == "follow-up"
