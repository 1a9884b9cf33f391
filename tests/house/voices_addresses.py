"""Who may ask for assessments, scales and contributions."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address, of_record
from tests.house.scene import Scene


def of_assessment(there: Scene) -> list:
    return [there.record.code, there.voices.assessment.pk]


def of_scale(there: Scene) -> list:
    return [there.voices.scale.code]


def of_grade(there: Scene) -> list:
    return [there.voices.grade.pk]


assesses = partial(Address, who=Can.ASSESS)
scales = partial(Address, who=Can.EDIT_VOCABULARY)

VOICES: dict[str, Address] = {
    "desk:assessments": Address(LOOK, Can.USE_DESK),
    "desk:assessments_export": Address(LOOK, Can.USE_DESK, lambda _there: ["csv"]),
    "desk:assess": assesses(FORM, arguments=of_record),
    "desk:enter_grade": assesses(FORM, arguments=of_record),
    "desk:publish_assessment": assesses(DO, arguments=of_assessment),
    "desk:retract_assessment": assesses(FORM, arguments=of_assessment),
    "desk:scales": Address(LOOK, Can.USE_DESK),
    "desk:add_scale": scales(FORM),
    "desk:add_grade": scales(FORM, arguments=of_scale),
    "desk:retire_scale": scales(DO, arguments=of_scale),
    "desk:reinstate_scale": scales(DO, arguments=of_scale),
    "desk:retire_grade": scales(DO, arguments=of_grade),
    "desk:reinstate_grade": scales(DO, arguments=of_grade),
    "desk:remove_grade": scales(FORM, arguments=of_grade),
}
