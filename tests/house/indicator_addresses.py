"""Addresses of indicators and their values, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_indicator(scene: Scene) -> list:
    return [scene.counted.indicator.code]


plan = partial(Address, who=Can.EDIT_PLAN, arguments=of_indicator)
inside = partial(Address, who=Can.READ_INTERNAL, arguments=of_indicator)

INDICATORS: dict[str, Address] = {
    "portal:indicator": Address(LOOK, EVERYBODY, of_indicator),
    "portal:indicator_chart": Address(LOOK, EVERYBODY, of_indicator),
    "portal:indicator_values": Address(LOOK, EVERYBODY, of_indicator),
    "desk:indicators": Address(LOOK, Can.READ_INTERNAL),
    "desk:indicators_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:indicators_values": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:indicator": inside(LOOK),
    "desk:indicator_chart": inside(LOOK),
    "desk:indicator_values": inside(LOOK, arguments=lambda scene: [scene.counted.indicator.code, "csv"]),
    "desk:add_indicator": Address(FORM, Can.EDIT_PLAN),
    "desk:edit_indicator": plan(FORM),
    "desk:set_dimensions": plan(FORM),
    "desk:withdraw_indicator": plan(FORM),
    "desk:restore_indicator": plan(DO, arguments=lambda scene: [scene.counted.withdrawn.code]),
    "desk:link_records": plan(FORM),
    "desk:link_indicator": Address(DO, Can.EDIT_PLAN),
    "desk:unlink_indicator": plan(DO, arguments=lambda scene: [scene.counted.link.pk]),
    "desk:override_progress": plan(FORM),
    "desk:clear_override": plan(DO),
    "desk:measure": Address(FORM, Can.EDIT_OWN_ACTIONS, of_indicator),
    "desk:correct_measurement": Address(
        FORM, Can.EDIT_OWN_ACTIONS, lambda scene: [scene.counted.indicator.code, scene.counted.value.pk]
    ),
}
