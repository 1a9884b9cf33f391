"""Addresses of questions put to the State, for the one table."""

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene


def of_document(scene: Scene) -> list:
    return [scene.question.document_id]


def of_question(scene: Scene) -> list:
    return [scene.question.document_id, scene.question.pk]


# What only the people of the institution find that is to answer.
OF_INSTITUTION: dict[str, Address] = {
    "desk:document_questions": Address(LOOK, Can.READ_INTERNAL, of_document),
    "desk:questions_export": Address(LOOK, Can.READ_INTERNAL, lambda scene: [scene.question.document_id, "csv"]),
}
QUESTIONS: dict[str, Address] = {
    "desk:questions": Address(LOOK, Can.READ_INTERNAL),
    "desk:edit_question": Address(FORM, Can.EDIT_REGISTER, of_question),
    "desk:ask_questions": Address(FORM, Can.RUN_ROUNDS, of_document),
    "desk:name_suggested": Address(DO, Can.EDIT_REGISTER, of_document),
    "desk:set_question_links": Address(FORM, Can.EDIT_REGISTER, of_question),
    **OF_INSTITUTION,
}
