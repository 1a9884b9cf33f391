"""Who may ask for assessments, scales and contributions."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address, of_record
from tests.house.scene import Scene


def of_assessment(scene: Scene) -> list:
    return [scene.record.code, scene.voices.assessment.pk]


def of_graded(scene: Scene) -> list:
    return [scene.voices.graded.code]


def of_signed(scene: Scene) -> list:
    return [scene.voices.signed.pk]


def of_reply(scene: Scene) -> list:
    return [scene.voices.signed.recommendation.code, scene.voices.signed.pk]


def of_scale(scene: Scene) -> list:
    return [scene.voices.scale.code]


def of_grade(scene: Scene) -> list:
    return [scene.voices.grade.pk]


def of_contribution(scene: Scene) -> list:
    return [scene.voices.contribution.pk]


assesses = partial(Address, who=Can.ASSESS)
scales = partial(Address, who=Can.EDIT_VOCABULARY)
answers = partial(Address, methods=FORM, who=Can.ANSWER_CONTRIBUTIONS, arguments=of_contribution)

VOICES: dict[str, Address] = {
    "desk:assessments": Address(LOOK, Can.USE_DESK),
    "desk:assessments_export": Address(LOOK, Can.USE_DESK, lambda _scene: ["csv"]),
    "desk:assess": assesses(FORM, arguments=of_record),
    "desk:enter_grade": assesses(FORM, arguments=of_graded),
    "desk:enter_grades": assesses(FORM, arguments=lambda scene: [scene.voices.requested.code]),
    "desk:publish_assessment": assesses(DO, arguments=of_assessment),
    "desk:publish_assessments": assesses(FORM),
    "desk:assess_in_bulk": assesses(DO),
    "desk:complete_assessment": assesses(FORM, arguments=of_assessment),
    "desk:retract_assessment": assesses(FORM, arguments=of_assessment),
    "desk:own_assessments": Address(LOOK, Can.CONTRIBUTE),
    "desk:own_assessments_export": Address(LOOK, Can.CONTRIBUTE, lambda _scene: ["json"]),
    "desk:sign_assessment": Address(FORM, Can.CONTRIBUTE, of_record),
    "desk:withdraw_own_assessment": Address(FORM, Can.CONTRIBUTE, of_signed),
    "desk:reply_to_assessment": assesses(FORM, arguments=of_reply),
    "desk:scales": Address(LOOK, Can.USE_DESK),
    "desk:add_scale": scales(FORM),
    "desk:add_grade": scales(FORM, arguments=of_scale),
    "desk:retire_scale": scales(DO, arguments=of_scale),
    "desk:reinstate_scale": scales(DO, arguments=of_scale),
    "desk:retire_grade": scales(DO, arguments=of_grade),
    "desk:reinstate_grade": scales(DO, arguments=of_grade),
    "desk:remove_grade": scales(FORM, arguments=of_grade),
    "desk:contributions": Address(LOOK, Can.USE_DESK),
    "desk:contribution": Address(LOOK, Can.USE_DESK, lambda scene: [scene.voices.accepted.pk]),
    "desk:contribute": Address(FORM, Can.CONTRIBUTE),
    "desk:withdraw_contribution": Address(FORM, Can.CONTRIBUTE, lambda scene: [scene.voices.own.pk]),
    "desk:accept_contribution": answers(),
    "desk:merge_contribution": answers(),
    "desk:decline_contribution": answers(),
    "portal:contribute": Address(FORM, EVERYBODY),
    "portal:contribution_receipt": Address(LOOK, EVERYBODY, lambda scene: [scene.voices.contribution.key]),
}

# Who holds the permission, and belongs to no institution that signed.
SIGN_NOTHING = {"desk:withdraw_own_assessment": {"administrator"}}
