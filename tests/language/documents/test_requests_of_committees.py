"""Paragraphs of concluding observations on dissemination and follow-up, beside recommendations in similar words."""

import pytest

from servanda.language.documents.deadlines import is_follow_up, named_paragraphs, owed_by
from servanda.language.documents.decided_parts import only_decided
from servanda.language.documents.dissemination import is_dissemination
from servanda.language.documents.duties import Duty
from servanda.language.documents.operative_parts import operative_units
from servanda.language.documents.paragraph_kinds import kind_of
from servanda.language.documents.terms import terms_in
from servanda.language.documents.units import Block, Kind, Unit, flag


@pytest.mark.parametrize(
    "text",
    [
        "Recalling its previous concluding observations (para. 9), the Committee recommends that the State party "
        "disseminate the Covenant among judges.",
        "Rappelant ses précédentes observations finales, le Comité recommande de diffuser la Convention.",
        "Recordando sus anteriores observaciones finales, el Comité recomienda que difunda la Convención.",
        "Ссылаясь на свои предыдущие заключительные замечания, Комитет рекомендует распространить текст Конвенции.",
        "委员会回顾以往结论性意见,建议缔约国广泛宣传《公约》。",
    ],
)
def test_a_recommendation_that_recalls_earlier_observations_is_no_dissemination(text):
    assert not is_dissemination(text)
    assert kind_of(text) == Kind.RECOMMENDATION


def test_dissemination_of_the_present_observations_is_due_in_chinese_too():
    assert is_dissemination("请缔约国以适当语文广泛传播提交委员会的报告和本结论性意见。")
    assert not is_dissemination("委员会建议缔约国向公众广泛传播其报告。")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("on legal safeguards (see para. 9), prevention (para. 12 (a)) and the police (paras. 14 and 15)", 4),
        ("les garanties juridiques (par. 9) et le mécanisme national de prévention (par. 10)", 2),
        ("las salvaguardias (párr. 9) y el mecanismo nacional (párrs. 10 y 12)", 3),
    ],
)
def test_paragraphs_are_named_one_by_one_behind_their_subjects(text, numbers):
    assert len(named_paragraphs(text)) == numbers


def test_a_day_before_its_words_is_that_of_the_reply():
    text = (
        "Le Comité demande à l’État partie de lui faire parvenir, le 1er décembre 2027 au plus tard, des "
        "renseignements sur la suite donnée à ses recommandations concernant les garanties (par. 9)."
    )
    assert owed_by(text, ("Procédure de suivi",))[0] == Duty.FOLLOW_UP


def test_what_was_requested_in_an_earlier_document_names_no_paragraphs_of_this_one():
    earlier = (
        "Dans ses précédentes observations finales, le Comité avait invité l’État partie à lui faire parvenir, dans "
        "un délai d’un an, des renseignements sur la suite donnée aux paragraphes 8 et 10."
    )
    units = [Unit("7", Kind.INFORMATION, earlier), Unit("8", Kind.RECOMMENDATION, "L’État partie devrait agir.")]
    flag(units)
    assert not is_follow_up(earlier)
    assert [unit.deadline for unit in units] == [None, None]


def test_an_invitation_to_the_state_in_russian_is_a_demand():
    assert kind_of("Государству-участнику предлагается представить информацию.") == Kind.RECOMMENDATION
    assert kind_of("Комитет отмечает, что участникам предлагалось два курса.") == Kind.INFORMATION


def test_a_remedy_is_decided_where_the_deciding_sentence_is_not_known():
    rows = [
        "The author requests compensation from the State party.",
        "The State party is under an obligation to provide the author with an effective remedy.",
        "The Committee wishes to receive from the State party, within 180 days, information on the measures taken.",
    ]
    units = only_decided([Unit(str(nth), kind_of(row), row) for nth, row in enumerate(rows, 1)])
    assert [unit.kind for unit in units] == [Kind.INFORMATION, Kind.RECOMMENDATION, Kind.RECOMMENDATION]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Please reply before the expiry of a period of 60 days.", 60),
        ("une réponse avant l’expiration d’un délai de soixante jours", 60),
        ("una respuesta antes del vencimiento del plazo de 60 días", 60),
        ("ردكم قبل انقضاء مهلة ستين يوما", 60),
    ],
)
def test_a_term_ends_with_its_expiry(text, count):
    [term] = terms_in(text)
    assert term.count == count


def test_costs_of_the_parties_are_no_order_and_interest_is_one():
    rows = [
        "PAR CES MOTIFS, LA COUR, À L’UNANIMITÉ,",
        "1. Dit",
        "a) que l’État défendeur doit verser au requérant 5 000 EUR ;",
        "b) qu’à compter de l’expiration dudit délai, ces montants seront à majorer d’un intérêt simple ;",
        "2. Orders each Party to bear its own costs.",
    ]
    units = operative_units([Block(row) for row in rows], of_court=True)
    assert [(unit.number, unit.kind) for unit in units] == [
        ("1(a)", Kind.RECOMMENDATION),
        ("1(b)", Kind.RECOMMENDATION),
        ("2", Kind.INFORMATION),
    ]
