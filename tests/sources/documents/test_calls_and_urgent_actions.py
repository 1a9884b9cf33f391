"""A public call of a mandate holder is no letter to a State; an urgent action with its file is one."""

import pytest

from servanda.sources.documents.reader import read_document

ENGLISH = ["Mandate of the Special Rapporteur on the right to food", "12 March 2026"]
QUESTIONS = ["1. Which laws protect fishers?", "2. Please describe the complaints received."]
FILE = ["COMMITTEE ON ENFORCED DISAPPEARANCES", "Ref.: G/SO 229/31 TST (2026-77)", "12 March 2026"]


def family_of(rows, path):
    (path / "text.txt").write_text("\n\n".join(rows), encoding="utf-8")
    return read_document(path / "text.txt").family


@pytest.mark.parametrize(
    "rows",
    [
        [*ENGLISH, "Call for input on small-scale fishing", "Submissions are due on 3 May 2026."],
        [*ENGLISH, "Excellencies, dear colleagues,",
         "The Special Rapporteur invites States, national institutions and civil society to answer by 3 May."],
        ["Mandato del Relator Especial sobre el derecho a la alimentación", "Solicitud de aportaciones",
         "El plazo vence el 3 de mayo de 2026."],
        ["Mandat du Groupe de travail sur la détention arbitraire",
         "Le Groupe de travail invite les États et toutes les organisations à répondre avant le 3 mai 2026."],
        ["ولاية المقرر الخاص المعني بالحق في الغذاء", "دعوة إلى تقديم مساهمات", "آخر موعد 3 أيار/مايو 2026"],
    ],
    ids=["title", "to all", "Spanish", "French", "Arabic"],
)  # fmt: skip
def test_a_call_to_everyone_is_not_confidential(rows, tmp_path):
    family = family_of([*rows, *QUESTIONS], tmp_path)
    assert (family.code, family.is_confidential) == ("questionnaire", False)


def test_a_letter_with_a_questionnaire_of_its_own_stays_one(tmp_path):
    rows = [*ENGLISH, "Ref.: AL TST 4/2026", "Questionnaire", "Excellency,", *QUESTIONS]
    assert family_of(rows, tmp_path).code == "sp-letter"


def test_an_urgent_action_is_known_by_its_file(tmp_path):
    rows = [
        *FILE,
        "The Committee requests the State party to inform it by 3 May 2026 of:",
        "(a) The search for Mr. A.",
    ]
    family = family_of(rows, tmp_path)
    assert (family.code, family.is_confidential) == ("urgent-action", True)


def test_the_answer_to_an_urgent_action_is_none(tmp_path):
    rows = ["Reply of the Government of Testland", *FILE[1:], "1. The State party should note that Mr. A was found."]
    assert family_of(rows, tmp_path).code != "urgent-action"
