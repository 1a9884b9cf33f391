"""Addresses of plans and actions, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address, of_record
from tests.house.scene import Scene


def of_plan(scene: Scene) -> list:
    return [scene.planned.plan.code]


def of_action(scene: Scene) -> list:
    return [scene.planned.action.code]


def of_answer(scene: Scene) -> list:
    return [scene.planned.action.code, scene.record.code]


def of_clustered(scene: Scene) -> list:
    return [scene.planned.action.code, scene.cluster.key]


own = partial(Address, who=Can.EDIT_OWN_ACTIONS, arguments=of_action)
plan = partial(Address, who=Can.EDIT_PLAN)

# Addresses found only by people of the lead institution, and of one above it.
LED: dict[str, Address] = {
    "desk:edit_action": own(FORM),
    "desk:set_status": own(DO),
    "desk:set_milestones": own(FORM),
    "desk:withdraw_action": own(FORM),
    "desk:restore_action": own(DO, arguments=lambda scene: [scene.planned.withdrawn.code]),
    "desk:answer_recommendations": own(FORM),
    "desk:stop_answering": own(DO, arguments=of_answer),
    "desk:answer_again": own(DO, arguments=of_answer),
}
ACTIONS: dict[str, Address] = {
    "desk:plans": Address(LOOK, Can.READ_INTERNAL),
    "desk:plan": Address(LOOK, Can.READ_INTERNAL, of_plan),
    "desk:add_plan": plan(FORM),
    "desk:edit_plan": plan(FORM, arguments=of_plan),
    "desk:actions": Address(LOOK, Can.READ_INTERNAL),
    "desk:actions_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:action_timeline": Address(LOOK, Can.READ_INTERNAL),
    "desk:action": Address(LOOK, Can.READ_INTERNAL, of_action),
    "desk:add_action": Address(FORM, Can.EDIT_OWN_ACTIONS),
    "desk:answer_with_action": Address(FORM, Can.EDIT_OWN_ACTIONS, of_record),
    "desk:answer_in_bulk": plan(DO),
    "desk:stop_answering_cluster": plan(DO, arguments=of_clustered),
    "desk:answer_cluster": plan(DO, arguments=of_clustered),
    "desk:publish_action": plan(DO, arguments=of_action),
    "desk:unpublish_action": plan(DO, arguments=of_action),
    **LED,
}
