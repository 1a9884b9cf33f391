"""Who may ask for assessments, scales and contributions."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address, of_record
from tests.house.scene import Scene


def of_assessment(there: Scene) -> list:
    return [there.record.code, there.voices.assessment.pk]


def of_graded(there: Scene) -> list:
    return [there.voices.graded.code]


def of_signed(there: Scene) -> list:
    return [there.voices.signed.pk]


def of_reply(there: Scene) -> list:
    return [there.voices.signed.recommendation.code, there.voices.signed.pk]


def of_scale(there: Scene) -> list:
    return [there.voices.scale.code]


def of_grade(there: Scene) -> list:
    return [there.voices.grade.pk]


def of_contribution(there: Scene) -> list:
    return [there.voices.contribution.pk]


assesses = partial(Address, who=Can.ASSESS)
scales = partial(Address, who=Can.EDIT_VOCABULARY)
answers = partial(Address, methods=FORM, who=Can.ANSWER_CONTRIBUTIONS, arguments=of_contribution)

VOICES: dict[str, Address] = {
    "desk:assessments": Address(LOOK, Can.USE_DESK),
    "desk:assessments_export": Address(LOOK, Can.USE_DESK, lambda _there: ["csv"]),
    "desk:assess": assesses(FORM, arguments=of_record),
    "desk:enter_grade": assesses(FORM, arguments=of_graded),
    "desk:enter_grades": assesses(FORM, arguments=lambda there: [there.voices.requested.code]),
    "desk:publish_assessment": assesses(DO, arguments=of_assessment),
    "desk:publish_assessments": assesses(FORM),
    "desk:assess_in_bulk": assesses(DO),
    "desk:complete_assessment": assesses(FORM, arguments=of_assessment),
    "desk:retract_assessment": assesses(FORM, arguments=of_assessment),
    "desk:own_assessments": Address(LOOK, Can.CONTRIBUTE),
    "desk:own_assessments_export": Address(LOOK, Can.CONTRIBUTE, lambda _there: ["json"]),
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
    "desk:contribution": Address(LOOK, Can.USE_DESK, lambda there: [there.voices.accepted.pk]),
    "desk:contribute": Address(FORM, Can.CONTRIBUTE),
    "desk:withdraw_contribution": Address(FORM, Can.CONTRIBUTE, lambda there: [there.voices.own.pk]),
    "desk:accept_contribution": answers(),
    "desk:merge_contribution": answers(),
    "desk:decline_contribution": answers(),
    "portal:contribute": Address(FORM, EVERYBODY),
    "portal:contribution_receipt": Address(LOOK, EVERYBODY, lambda there: [there.voices.contribution.key]),
}

# Who holds the permission, and belongs to no institution that signed.
SIGN_NOTHING = {"desk:withdraw_own_assessment": {"administrator"}}
