"""Mandate holders who write of themselves in the third person ask as those do who write "we should like to know"."""

import pytest

from servanda.sources.documents.letters.words import asks_in_prose


@pytest.mark.parametrize(
    "sentence",
    [
        "The Working Group wishes to know when the well will be opened.",
        "The Special Rapporteur on the right to food also wishes to be told who closed it.",
        "El Grupo de Trabajo desea saber cuándo se abrirá el pozo.",
        "Desea conocer también quién lo cerró.",
        "La Relatora Especial sobre el derecho a la alimentación desea saber si se han pagado daños.",
        "Le Groupe de travail souhaite savoir quand le puits sera rouvert.",
        "La Rapporteuse spéciale sur le droit à l’alimentation désire connaître l’auteur de cet ordre.",
        "O Grupo de Trabalho deseja saber quando o poço será aberto.",
        "وتود المقررة الخاصة أن تعرف متى يُفتح البئر.",
        "يود الفريق العامل أن يعرف من أغلق البئر.",
        "وتود أيضاً معرفة من أغلق البئر في القرية.",
    ],
)
def test_mandate_holders_ask_in_the_third_person(sentence):
    assert asks_in_prose(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The family wishes to know where the well is.",
        "La familia desea saber dónde está el pozo.",
        "Su madre desea saber cuándo podrá visitarlo.",
        "La famille souhaite savoir où il est.",
        "Ses parents désirent connaître le lieu de sa détention.",
        "وتود الأسرة أن تعرف مكان البئر.",
    ],
)
def test_what_others_wish_to_know_is_told(sentence):
    assert not asks_in_prose(sentence)
