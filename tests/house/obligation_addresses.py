"""Addresses of obligations, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_obligation(there: Scene) -> list:
    return [there.owed.obligation.code]


def of_step(there: Scene) -> list:
    return [there.owed.obligation.code, there.owed.step.pk]


def of_extension(there: Scene) -> list:
    return [there.owed.obligation.code, there.owed.extension.pk]


def of_letter(there: Scene) -> list:
    return [there.owed.obligation.code, there.owed.letter.pk]


def of_file(there: Scene) -> list:
    return [there.owed.file.key]


def of_suspension(there: Scene) -> list:
    return [there.owed.suspended.code, there.owed.suspension.pk]


edit = partial(Address, who=Can.EDIT_OBLIGATIONS, arguments=of_obligation)

# What only the people of the institution of the step find.
OF_STEPS: dict[str, Address] = {
    "desk:complete_step": Address(DO, Can.COMPLETE_STEPS, of_step),
    "desk:reopen_step": Address(
        DO, Can.COMPLETE_STEPS, lambda there: [there.owed.obligation.code, there.owed.done.pk]
    ),
}
OBLIGATIONS: dict[str, Address] = {
    "desk:obligations": Address(LOOK, Can.READ_INTERNAL),
    "desk:obligations_export": Address(LOOK, Can.READ_INTERNAL, lambda _there: ["csv"]),
    "desk:settle_past_deadlines": Address(DO, Can.EDIT_OBLIGATIONS),
    "desk:obligation_calendar": Address(LOOK, Can.READ_INTERNAL),
    "desk:obligation_timeline": Address(LOOK, Can.READ_INTERNAL),
    "desk:own_calendar": Address(LOOK, Can.READ_INTERNAL),
    "desk:renew_feed": Address(DO, Can.READ_INTERNAL),
    "desk:revoke_feed": Address(DO, Can.READ_INTERNAL),
    "portal:calendar": Address(LOOK, EVERYBODY),
    "portal:calendar_file": Address(LOOK, EVERYBODY),
    "portal:calendar_feed": Address(LOOK, EVERYBODY, lambda there: [there.owed.feed_key]),
    "desk:obligation": Address(LOOK, Can.READ_INTERNAL, of_obligation),
    "desk:add_obligation": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:add_by_rules": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:undo_rules": edit(DO, arguments=lambda there: [there.owed.added.key]),
    "desk:edit_obligation": edit(FORM),
    "desk:set_obligation_state": edit(FORM),
    "desk:publish_obligation": edit(DO, arguments=lambda there: [there.owed.hidden.code]),
    "desk:unpublish_obligation": edit(DO),
    "desk:withdraw_obligation": edit(FORM),
    "desk:restore_obligation": edit(DO, arguments=lambda there: [there.owed.withdrawn.code]),
    "desk:turn_into_recommendation": Address(FORM, Can.EDIT_REGISTER, lambda there: [there.turned.obligation.code]),
    "desk:undo_turning": Address(DO, Can.EDIT_REGISTER, lambda there: [there.turned.pk]),
    "desk:set_usual_steps": Address(FORM, Can.EDIT_OBLIGATIONS, lambda _there: ["periodic-report"]),
    "desk:set_steps": edit(FORM),
    "desk:add_usual_steps": edit(DO),
    "desk:ask_extension": edit(FORM, arguments=lambda there: [there.owed.submitted.code]),
    "desk:answer_extension": edit(FORM, arguments=of_extension),
    "desk:take_back_extension": edit(DO, arguments=of_extension),
    "desk:add_suspension": edit(FORM, arguments=lambda there: [there.owed.referral.code]),
    "desk:end_suspension": edit(FORM, arguments=of_suspension),
    "desk:remove_suspension": edit(FORM, arguments=of_suspension),
    "desk:add_obligation_file": edit(FORM),
    "desk:obligation_file": Address(LOOK, Can.READ_INTERNAL, of_file),
    "desk:withdraw_obligation_file": edit(FORM, arguments=of_file),
    "desk:files_due_for_erasure": Address(LOOK, Can.EDIT_OBLIGATIONS),
    "desk:erase_obligation_files": Address(FORM, Can.EDIT_OBLIGATIONS),
    "desk:place_file_hold": edit(FORM),
    "desk:release_file_hold": edit(FORM, arguments=lambda there: [there.owed.held.code]),
    "desk:add_letter": edit(FORM),
    "desk:remove_letter": edit(FORM, arguments=of_letter),
    "desk:record_submission": edit(FORM),
    "desk:add_next_obligation": edit(DO, arguments=lambda there: [there.owed.submitted.code]),
    "desk:take_back_submission": edit(FORM, arguments=lambda there: [there.owed.submitted.code]),
    **OF_STEPS,
}
