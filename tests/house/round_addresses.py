"""Who may ask for what of the rounds of questions."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene


def of_round(scene: Scene) -> list:
    return [scene.asked.round_id]


def of_request(scene: Scene) -> list:
    return [scene.asked.pk]


# Whose institution is not the one that is asked; and what an institution sends is not for the mechanism to see.
UNASKED = frozenset({"reader", "focal point of one below it", "focal point of one beside it"})
OUTSIDE = UNASKED | {"focal point for another body", "coordinator", "auditor", "administrator"}


runs = partial(Address, who=Can.RUN_ROUNDS, arguments=of_round)

ROUNDS: dict[str, Address] = {
    "desk:rounds": Address(LOOK, Can.READ_EVERYTHING),
    "desk:open_round": Address(FORM, Can.RUN_ROUNDS),
    "desk:asked": Address(LOOK, Can.READ_INTERNAL),
    "desk:round": Address(LOOK, Can.READ_EVERYTHING, of_round),
    "desk:round_export": Address(LOOK, Can.READ_EVERYTHING, of_round),
    "desk:add_institutions": runs(FORM),
    "desk:remind_now": runs(DO),
    "desk:close_round": runs(DO),
    "desk:reopen_round": runs(DO),
    "desk:give_more_time": Address(FORM, Can.RUN_ROUNDS, of_request),
    "desk:answer_sheet": Address(LOOK, Can.READ_INTERNAL, lambda scene: [scene.asked.pk, "docx"]),
}
FIND_NOTHING: dict[str, frozenset[str]] = {
    "desk:scorecard_records": UNASKED,
    # All that is asked of the institution is of the UPR, for which this person is not appointed.
    **dict.fromkeys(["desk:send_sheet@answers", "desk:answer_sheet"], UNASKED | {"focal point for another body"}),
    **dict.fromkeys(
        (
            *("desk:sheet@answers", "desk:sheet_progress@answers", "desk:apply_sheet@answers"),
            *("desk:undo_sheet@answers", "desk:discard_sheet@answers"),
        ),
        OUTSIDE,
    ),
}
