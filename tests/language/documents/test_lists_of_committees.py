"""Lists of issues: what asks something in the words of committees, and what only speaks of the list itself."""

import pytest

from servanda.language.documents.question_lists import question_units
from servanda.language.documents.units import Block


def kinds(*rows: str, of_committee: bool = True) -> list[str]:
    blocks = [Block(row, is_heading=not row[:1].isdigit()) for row in rows]
    return [str(unit.kind) for unit in question_units(blocks, of_committee=of_committee)]


def test_a_paragraph_that_asks_before_it_speaks_of_the_dialogue_is_a_question():
    last = (
        "1. Please provide any additional information on measures taken. Please note that the State party will be "
        "expected to respond, during the dialogue, to additional questions."
    )
    assert kinds(last) == ["question"]
    assert kinds("1. The State party is expected to respond, during the dialogue, to additional questions.") == [
        "information"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Please note that replies may be published.",
        "Please send your replies by e-mail.",
        "Please answer only the questions that concern you.",
    ],
)
def test_an_instruction_asks_for_no_answer_in_substance(text):
    assert kinds(f"1. {text}", "2. Which laws apply?", of_committee=False) == ["information", "question"]


@pytest.mark.parametrize("heading", ["A. Introduction", "Общие сведения", "Definition"])
def test_below_any_heading_a_committee_asks_its_questions(heading):
    assert kinds(heading, "1. Please provide information. Просьба представить информацию.") == ["question"]
    assert kinds(heading, "1. Please provide information on laws.", of_committee=False) == ["information"]


@pytest.mark.parametrize("heading", ["تقديم المساهمات", "Envoi des réponses", "Envío de las respuestas", "提交方式"])
def test_below_the_heading_on_sending_replies_nothing_is_asked(heading):
    rows = [Block("1. Which laws apply?"), Block(heading), Block("Veuillez utiliser le formulaire.")]
    [unit] = question_units(rows)
    assert unit.text == "Which laws apply?"


def test_the_presentation_of_reports_is_a_subject_of_questions():
    assert kinds("Presentación de informes", "1. ¿Quién los prepara?", of_committee=False) == ["question"]


@pytest.mark.parametrize(
    "text",
    [
        "In its previous concluding observations, the Committee asked for information on paragraphs 8 and 9.",
        "Dans ses précédentes observations finales, le Comité a demandé à l’État partie de faire rapport.",
        "В своих предыдущих заключительных замечаниях Комитет просил государство-участник представить доклад.",
        "委员会在以往结论性意见中要求缔约国提交资料。",
    ],
)
def test_what_became_of_earlier_observations_is_asked(text):
    assert kinds(f"1. {text}", "2. Which laws apply?") == ["question", "question"]
    earlier = "1. The Committee considered the report.", "2. Which laws apply?"
    assert kinds(*earlier) == ["information", "question"]


@pytest.mark.parametrize(
    "text",
    [
        "The replies to this list of issues will constitute the report under article 73 of the Convention.",
        "A list of issues may also be transmitted to a State party whose report was not received.",
        "Las respuestas a esta lista constituirán el informe que el Estado parte debe presentar.",
        "También podrá transmitirse una lista de cuestiones a un Estado parte en ausencia de un informe.",
        "Ответы государства-участника на этот перечень вопросов станут его докладом.",
        "Перечень вопросов может быть также препровожден государству-участнику в отсутствие доклада.",
    ],
)
def test_how_lists_are_sent_is_no_question(text):
    assert kinds(f"1. {text}", "2. Which laws apply?") == ["information", "question"]


def test_a_report_in_spanish_is_not_taken_for_a_request():
    assert kinds("1. El Comité examinó un informe inicial del Estado parte.", "2. Informe de las medidas.") == [
        "information",
        "question",
    ]


def test_the_state_that_asks_may_stand_behind_the_title():
    rows = [
        Block("ADVANCE QUESTIONS TO TESTLAND – ADD.1 NORWAY"),
        Block("• Which laws apply?"),
        Block("• Since when?"),
    ]
    states = {"NORWAY": "NOR", "TESTLAND": "TST"}
    units = question_units(rows, state_of=lambda line: states.get(line, ""))
    assert [(unit.asked_by, unit.number) for unit in units] == [("NOR", "1"), ("NOR", "2")]
