"""Who may ask for what of communications, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.kinds import NAMED
from tests.house.scene import Scene


def of_letter(scene: Scene) -> list:
    return [scene.communicated.letter.key]


def of_arrived(scene: Scene) -> list:
    return [scene.communicated.arrived.key]


def of_visit(scene: Scene) -> list:
    return [scene.communicated.visit.key]


def of_dialogue(scene: Scene) -> list:
    return [scene.communicated.dialogue.key]


def of_advance(scene: Scene) -> list:
    return [scene.communicated.dialogue.key, scene.communicated.advance.pk]


def of_case(scene: Scene) -> list:
    return [scene.communicated.case.key]


def of_measure(scene: Scene) -> list:
    return [scene.communicated.case.key, scene.communicated.measure.code]


def of_draft(scene: Scene) -> list:
    return [scene.communicated.draft.pk]


def of_question(scene: Scene) -> list:
    return [scene.communicated.letter.questions.get().question_id]


def of_person(scene: Scene) -> list:
    return [scene.communicated.person.pk]


def of_file(scene: Scene) -> list:
    return [scene.communicated.file.key]


runs = partial(Address, who=Can.RUN_PROCEEDINGS, arguments=of_letter)
reads = partial(Address, who=Can.READ_INTERNAL, arguments=of_letter)
identities = partial(Address, who=Can.READ_IDENTITIES)

PROCEEDINGS: dict[str, Address] = {
    "portal:letters": Address(LOOK, EVERYBODY),
    "portal:letter": Address(LOOK, EVERYBODY, lambda scene: [scene.communicated.public.key]),
    "desk:proceedings": Address(LOOK, Can.READ_INTERNAL),
    "desk:proceeding": reads(LOOK),
    "desk:proceeding_of_question": reads(LOOK, arguments=of_question),
    "desk:add_proceeding": Address(FORM, Can.RUN_PROCEEDINGS),
    "desk:edit_proceeding": runs(FORM),
    "desk:withdraw_proceeding": runs(FORM),
    "desk:restore_proceeding": runs(DO, arguments=lambda scene: [scene.communicated.withdrawn.key]),
    "desk:take_step": runs(FORM, arguments=lambda scene: [*of_arrived(scene), "shared"]),
    "desk:return_step": runs(FORM),
    "desk:set_named_institutions": runs(FORM, arguments=of_arrived),
    "desk:set_questions": runs(FORM),
    "desk:ask_on_questions": Address(FORM, Can.RUN_ROUNDS, of_letter),
    "desk:use_answers": runs(DO),
    "desk:add_promised_measure": runs(FORM),
    "desk:open_promised_measure": runs(DO, arguments=lambda scene: [scene.communicated.promised.pk]),
    "desk:save_draft": Address(FORM, Can.WRITE_UPDATE, lambda scene: [*of_arrived(scene), NAMED]),
    "desk:submit_draft": Address(DO, Can.WRITE_UPDATE, of_draft),
    "desk:validate_draft": Address(DO, Can.VALIDATE_UPDATE, of_draft),
    "desk:return_draft": reads(FORM, arguments=of_draft),
    "desk:write_reply": runs(FORM),
    "desk:start_clearance": runs(DO),
    "desk:clear_reply": reads(DO),
    "desk:return_reply": reads(FORM),
    "desk:record_dispatch": runs(FORM, arguments=lambda scene: [scene.communicated.cleared.key]),
    "desk:start_next_submission": runs(FORM, arguments=lambda scene: [scene.communicated.sent.key]),
    "desk:undo_next_submission": runs(DO, arguments=lambda scene: [scene.communicated.started.key]),
    "desk:undo_answer_by_report": runs(DO, arguments=lambda scene: [scene.communicated.case.key]),
    "desk:proceeding_submissions": Address(
        LOOK, Can.READ_EVERYTHING, lambda scene: [scene.communicated.letter.key, "docx"]
    ),
    "desk:record_publication": runs(FORM),
    "desk:record_outcome": runs(FORM),
    "desk:publish_letter": runs(FORM),
    "desk:unpublish_letter": runs(DO),
    "desk:republish_letter": runs(DO),
    "desk:turn_into_measures": Address(DO, Can.RUN_PROCEEDINGS),
    "desk:set_clearance_steps": Address(FORM, Can.EDIT_INSTANCE),
    "desk:set_retention_periods": Address(FORM, Can.EDIT_INSTANCE),
    "desk:due_for_erasure": identities(LOOK),
    "desk:erase_personal_data": identities(FORM),
    "desk:place_legal_hold": runs(FORM),
    "desk:release_legal_hold": runs(FORM, arguments=of_visit),
    "desk:set_visit": runs(FORM, arguments=of_visit),
    "desk:set_programme": runs(FORM, arguments=of_visit),
    "desk:link_report": runs(FORM, arguments=of_visit),
    "desk:set_delegation": runs(FORM, arguments=of_dialogue),
    "desk:set_points": runs(FORM, arguments=of_dialogue),
    "desk:add_points": runs(DO, arguments=of_dialogue),
    "desk:dialogue_kit": Address(LOOK, Can.READ_EVERYTHING, lambda scene: [scene.communicated.dialogue.key, "docx"]),
    "desk:set_case": runs(FORM, arguments=of_case),
    "desk:set_case_course": runs(FORM, arguments=of_case),
    "desk:add_case_measures": runs(FORM, arguments=of_case),
    "desk:link_case_measures": runs(FORM, arguments=of_case),
    "desk:unlink_case_measure": runs(DO, arguments=of_measure),
    "desk:restore_case_measure": runs(DO, arguments=of_measure),
    "desk:create_from_document": runs(FORM, arguments=lambda scene: [scene.communicated.reading.batch.key]),
    "desk:take_advance_questions": runs(DO, arguments=of_advance),
    "desk:undo_advance_questions": runs(DO, arguments=of_advance),
    "desk:attach_letter": runs(DO, arguments=lambda scene: [scene.communicated.attachable.batch.key]),
    "desk:detach_letter": runs(DO),
    "desk:undo_from_document": runs(DO, arguments=of_case),
    "desk:set_standing_invitation": Address(FORM, Can.RUN_PROCEEDINGS),
    "desk:persons_concerned": identities(LOOK, arguments=of_letter),
    "desk:add_person_concerned": identities(FORM, arguments=of_letter),
    "desk:edit_person_concerned": identities(FORM, arguments=of_person),
    "desk:erase_person_concerned": identities(FORM, arguments=of_person),
    "desk:add_proceeding_file": runs(FORM),
    "desk:proceeding_file": reads(LOOK, arguments=of_file),
    "desk:withdraw_proceeding_file": runs(FORM, arguments=of_file),
}
# Whose institution is not named, or whose appointment is for other bodies.
UNNAMED = frozenset({"reader", "focal point of one below it", "focal point of one beside it"})
UNNAMED |= {"focal point for another body"}
NOT_NAMED: dict[str, frozenset[str]] = {
    **dict.fromkeys(["desk:proceeding", "desk:proceeding_file", "desk:clear_reply", "desk:return_reply"], UNNAMED),
    "desk:return_draft": UNNAMED,
    "desk:proceeding_of_question": UNNAMED,
    "desk:submit_draft": UNNAMED - {"reader"},
    "desk:save_draft": UNNAMED - {"reader"} | {"administrator"},  # who writes for no institution
}
