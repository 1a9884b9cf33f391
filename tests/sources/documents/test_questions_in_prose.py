"""Questions of letters in prose: several in one sentence, and those of others that a letter tells."""

import pytest

from servanda.language.documents.units import Block
from servanda.sources.documents.letters.questions import questions_of

FACTS = "The harbour was closed on 3 May."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "I should like to know, in particular, who closed the harbour; for how long it will stay closed; "
            "and what the fishers were told.",
            ["who closed the harbour;", "for how long it will stay closed;", "and what the fishers were told."],
        ),
        (
            "Me gustaría saber qué autoridad cerró el puerto; cuánto durará el cierre; y qué apoyo se ofrece.",
            ["qué autoridad cerró el puerto;", "cuánto durará el cierre;", "y qué apoyo se ofrece."],
        ),
        (
            "ويهمنا أن نعرف أسباب إغلاق الميناء؛ ومدة هذا الإغلاق المتوقعة؛ وما يتلقاه الصيادون من دعم.",
            ["أسباب إغلاق الميناء؛", "ومدة هذا الإغلاق المتوقعة؛", "وما يتلقاه الصيادون من دعم."],
        ),
    ],
    ids=["English", "Spanish", "Arabic"],
)
def test_matters_divided_by_semicolons_are_questions_of_their_own(sentence, expected):
    assert [unit.text for unit in questions_of([Block(FACTS), Block(sentence)])] == expected


@pytest.mark.parametrize(
    "told",
    [
        "A widow wondered: who will now feed my children?",
        "Une veuve demandait : qui nourrira mes enfants ?",
        "Una viuda preguntó: ¿quién alimentará a mis hijos?",
        "وتساءلت أرملة: من سيطعم أولادي؟",
    ],
    ids=["English", "French", "Spanish", "Arabic"],
)
def test_a_question_of_a_victim_is_not_put_to_the_state(told):
    text = "Who closed the harbour, and on what grounds?"
    assert [unit.text for unit in questions_of([Block(f"{FACTS} {told}"), Block(text)])] == [text]
