"""Addresses of obligations, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_obligation(scene: Scene) -> list:
    return [scene.owed.obligation.code]


def of_step(scene: Scene) -> list:
    return [scene.owed.obligation.code, scene.owed.step.pk]


def of_extension(scene: Scene) -> list:
    return [scene.owed.obligation.code, scene.owed.extension.pk]


def of_letter(scene: Scene) -> list:
    return [scene.owed.obligation.code, scene.owed.letter.pk]


def of_file(scene: Scene) -> list:
    return [scene.owed.file.key]


def of_suspension(scene: Scene) -> list:
    return [scene.owed.suspended.code, scene.owed.suspension.pk]


edit = partial(Address, who=Can.EDIT_OBLIGATIONS, arguments=of_obligation)

# What only the people of the institution of the step find.
OF_STEPS: dict[str, Address] = {
    "desk:complete_step": Address(DO, Can.COMPLETE_STEPS, of_step),
    "desk:reopen_step": Address(
        DO, Can.COMPLETE_STEPS, lambda scene: [scene.owed.obligation.code, scene.owed.done.pk]
    ),
}
OBLIGATIONS: dict[str, Address] = {
    "desk:obligations": Address(LOOK, Can.READ_INTERNAL),
    "desk:obligations_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:settle_past_deadlines": Address(DO, Can.EDIT_OBLIGATIONS),
    "desk:obligation_calendar": Address(LOOK, Can.READ_INTERNAL),
    "desk:obligation_timeline": Address(LOOK, Can.READ_INTERNAL),
    "desk:own_calendar": Address(LOOK, Can.READ_INTERNAL),
    "desk:renew_feed": Address(DO, Can.READ_INTERNAL),
    "desk:revoke_feed": Address(DO, Can.READ_INTERNAL),
    "portal:calendar": Address(LOOK, EVERYBODY),
    "portal:calendar_file": Address(LOOK, EVERYBODY),
    "portal:calendar_feed": Address(LOOK, EVERYBODY, lambda scene: [scene.owed.feed_key]),
    "desk:obligation": Address(LOOK, Can.READ_INTERNAL, of_obligation),
    "desk:add_obligation": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:add_by_rules": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:undo_rules": edit(DO, arguments=lambda scene: [scene.owed.added.key]),
    "desk:edit_obligation": edit(FORM),
    "desk:set_obligation_state": edit(FORM),
    "desk:publish_obligation": edit(DO, arguments=lambda scene: [scene.owed.hidden.code]),
    "desk:unpublish_obligation": edit(DO),
    "desk:withdraw_obligation": edit(FORM),
    "desk:restore_obligation": edit(DO, arguments=lambda scene: [scene.owed.withdrawn.code]),
    "desk:turn_into_recommendation": Address(FORM, Can.EDIT_REGISTER, lambda scene: [scene.turned.obligation.code]),
    "desk:undo_turning": Address(DO, Can.EDIT_REGISTER, lambda scene: [scene.turned.pk]),
    "desk:set_usual_steps": Address(FORM, Can.EDIT_OBLIGATIONS, lambda _scene: ["periodic-report"]),
    "desk:set_steps": edit(FORM),
    "desk:add_usual_steps": edit(DO),
    "desk:ask_extension": edit(FORM, arguments=lambda scene: [scene.owed.submitted.code]),
    "desk:answer_extension": edit(FORM, arguments=of_extension),
    "desk:take_back_extension": edit(DO, arguments=of_extension),
    "desk:add_suspension": edit(FORM, arguments=lambda scene: [scene.owed.referral.code]),
    "desk:end_suspension": edit(FORM, arguments=of_suspension),
    "desk:remove_suspension": edit(FORM, arguments=of_suspension),
    "desk:add_obligation_file": edit(FORM),
    "desk:obligation_file": Address(LOOK, Can.READ_INTERNAL, of_file),
    "desk:withdraw_obligation_file": edit(FORM, arguments=of_file),
    "desk:files_due_for_erasure": Address(LOOK, Can.EDIT_OBLIGATIONS),
    "desk:erase_obligation_files": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:place_file_hold": edit(FORM),
    "desk:release_file_hold": edit(FORM, arguments=lambda scene: [scene.owed.held.code]),
    "desk:add_letter": edit(FORM),
    "desk:remove_letter": edit(FORM, arguments=of_letter),
    "desk:record_submission": edit(FORM),
    "desk:add_next_obligation": edit(DO, arguments=lambda scene: [scene.owed.submitted.code]),
    "desk:take_back_submission": edit(FORM, arguments=lambda scene: [scene.owed.submitted.code]),
    **OF_STEPS,
}
