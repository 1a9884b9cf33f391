"""Addresses of the network, for the one table."""

from functools import partial

from servanda.network.meetings.letters import token_of
from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_profile(scene: Scene) -> list:
    return [scene.network.profile.key]


def of_published(scene: Scene) -> list:
    return [scene.network.published.key]


def of_practice(scene: Scene) -> list:
    return [scene.network.practice.key]


def of_published_practice(scene: Scene) -> list:
    return [scene.network.published_practice.key]


def of_reviewed(scene: Scene) -> list:
    return [scene.network.reviewed.key]


def of_self_assessment(scene: Scene) -> list:
    return [scene.network.self_assessment.key]


def of_legal_text(scene: Scene) -> list:
    return [scene.network.legal_text.key]


def of_request(scene: Scene) -> list:
    return [scene.network.request.key]


def of_cooperation(scene: Scene) -> list:
    return [scene.network.cooperation.pk]


def of_agreement(scene: Scene) -> list:
    return [scene.network.agreement.key]


def of_mission(scene: Scene) -> list:
    return [scene.network.mission.pk]


def of_meeting(scene: Scene) -> list:
    return [scene.network.meeting.key]


def of_participant(scene: Scene) -> list:
    return [scene.network.participant.pk]


def of_invitation(scene: Scene) -> list:
    return [scene.network.invitation.pk]


def of_token(scene: Scene) -> list:
    return [token_of(scene.network.invitation)]


def of_paper(scene: Scene) -> list:
    return [scene.network.paper.key]


def of_decision(scene: Scene) -> list:
    return [scene.network.decision.pk]


def of_contact(scene: Scene) -> list:
    return [scene.network.contact.pk]


def of_course(scene: Scene) -> list:
    return [scene.network.course.key]


def of_session(scene: Scene) -> list:
    return [scene.network.session.pk]


def of_material(scene: Scene) -> list:
    return [scene.network.material.key]


def of_exercise(_scene: Scene) -> list:
    return ["cluster"]


def for_record(scene: Scene) -> list:
    return [scene.record.code, *of_practice(scene)]


edit = partial(Address, who=Can.EDIT_NETWORK, arguments=of_profile)

NETWORK: dict[str, Address] = {
    "desk:mechanisms": Address(LOOK, Can.READ_INTERNAL),
    "desk:mechanisms_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:mechanisms_map": Address(LOOK, Can.READ_INTERNAL),
    "desk:mechanisms_map_chart": Address(LOOK, Can.READ_INTERNAL),
    "desk:compare_mechanisms": Address(LOOK, Can.READ_INTERNAL),
    "desk:mechanism": Address(LOOK, Can.READ_INTERNAL, of_profile),
    "desk:add_profile": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_profile": edit(FORM),
    "desk:set_facts": edit(FORM, arguments=lambda scene: [*of_profile(scene), "basis"]),
    "desk:publish_profile": edit(DO),
    "desk:unpublish_profile": edit(DO, arguments=of_published),
    "desk:withdraw_profile": edit(FORM),
    "desk:restore_profile": edit(DO, arguments=lambda scene: [scene.network.withdrawn.key]),
    "desk:add_legal_text": edit(FORM),
    "desk:legal_text": Address(LOOK, Can.READ_INTERNAL, of_legal_text),
    "desk:withdraw_legal_text": edit(FORM, arguments=of_legal_text),
    "desk:restore_legal_text": edit(DO, arguments=lambda scene: [scene.network.withdrawn_text.key]),
    "desk:self_assessments": Address(LOOK, Can.READ_INTERNAL, of_profile),
    "desk:self_assessments_export": Address(LOOK, Can.READ_INTERNAL, lambda scene: [*of_profile(scene), "csv"]),
    "desk:start_self_assessment": edit(FORM),
    "desk:self_assessment": Address(LOOK, Can.READ_INTERNAL, of_self_assessment),
    "desk:self_assessment_chart": Address(LOOK, Can.READ_INTERNAL, of_self_assessment),
    "desk:edit_self_assessment": edit(FORM, arguments=of_self_assessment),
    "desk:answer_questions": edit(FORM, arguments=lambda scene: [*of_self_assessment(scene), "engage"]),
    "desk:complete_self_assessment": edit(DO, arguments=of_self_assessment),
    "desk:reopen_self_assessment": edit(DO, arguments=of_self_assessment),
    "desk:request_for_gap": edit(DO, arguments=lambda scene: [*of_self_assessment(scene), "consult.nhri", "advice"]),
    "desk:undo_request_for_gap": edit(DO, arguments=lambda scene: of_self_assessment(scene) + of_request(scene)),
    "desk:withdraw_self_assessment": edit(FORM, arguments=of_self_assessment),
    "desk:restore_self_assessment": edit(DO, arguments=lambda scene: [scene.network.withdrawn_self_assessment.key]),
    "desk:assistance": Address(LOOK, Can.READ_INTERNAL),
    "desk:assistance_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:assistance_by_year": Address(LOOK, Can.READ_INTERNAL),
    "desk:assistance_by_year_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["2026", "csv"]),
    "desk:assistance_entry": Address(LOOK, Can.READ_INTERNAL, of_request),
    "desk:add_assistance": Address(FORM, Can.EDIT_NETWORK, lambda _scene: ["request"]),
    "desk:edit_assistance": edit(FORM, arguments=of_request),
    "desk:share_entry": edit(FORM, arguments=lambda scene: ["request", scene.network.request.key]),
    "desk:close_assistance": edit(DO, arguments=of_request),
    "desk:reopen_assistance": edit(DO, arguments=lambda scene: [scene.network.closed_request.key]),
    "desk:withdraw_assistance": edit(FORM, arguments=of_request),
    "desk:restore_assistance": edit(DO, arguments=lambda scene: [scene.network.withdrawn_request.key]),
    "desk:introduce": edit(FORM, arguments=of_request),
    "desk:follow_cooperation": edit(FORM, arguments=of_cooperation),
    "desk:evaluate_cooperation": edit(FORM, arguments=of_cooperation),
    "desk:agreements": Address(LOOK, Can.READ_INTERNAL),
    "desk:agreements_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:agreement": Address(LOOK, Can.READ_INTERNAL, of_agreement),
    "desk:add_agreement": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_agreement": edit(FORM, arguments=of_agreement),
    "desk:withdraw_agreement": edit(FORM, arguments=lambda scene: [scene.network.idle_agreement.key]),
    "desk:restore_agreement": edit(DO, arguments=lambda scene: [scene.network.withdrawn_agreement.key]),
    "desk:add_duty": edit(FORM, arguments=of_agreement),
    "desk:undo_duty": edit(DO, arguments=lambda scene: [scene.network.duty.pk]),
    "desk:restore_duty": edit(DO, arguments=lambda scene: [scene.network.former_duty.pk]),
    "desk:add_mission": edit(FORM, arguments=of_cooperation),
    "desk:edit_mission": edit(FORM, arguments=of_mission),
    "desk:withdraw_mission": edit(FORM, arguments=of_mission),
    "desk:restore_mission": edit(DO, arguments=lambda scene: [scene.network.withdrawn_mission.pk]),
    "desk:commitments": Address(LOOK, Can.READ_INTERNAL),
    "desk:add_declaration": Address(DO, Can.EDIT_NETWORK),
    "desk:add_commitment": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_commitment": Address(
        FORM, Can.EDIT_NETWORK, lambda scene: [scene.network.commitment.recommendation.code]
    ),
    "desk:terms_of_reference": Address(LOOK, Can.READ_INTERNAL, of_profile),
    "desk:terms_of_reference_file": Address(LOOK, Can.READ_INTERNAL, lambda scene: [*of_profile(scene), "docx"]),
    "desk:budget_evidence": Address(LOOK, Can.READ_INTERNAL),
    "desk:budget_evidence_file": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["xlsx"]),
    "desk:peer_entries": Address(LOOK, Can.READ_INTERNAL),
    "desk:training": Address(LOOK, Can.READ_INTERNAL),
    "desk:training_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:course": Address(LOOK, Can.READ_INTERNAL, of_course),
    "desk:add_course": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_course": edit(FORM, arguments=of_course),
    "desk:withdraw_course": edit(FORM, arguments=of_course),
    "desk:restore_course": edit(DO, arguments=lambda scene: [scene.network.withdrawn_course.key]),
    "desk:add_session": edit(FORM, arguments=of_course),
    "desk:edit_session": edit(FORM, arguments=of_session),
    "desk:cancel_session": edit(FORM, arguments=of_session),
    "desk:reopen_session": edit(DO, arguments=lambda scene: [scene.network.cancelled_session.pk]),
    "desk:register_for_session": Address(DO, Can.READ_INTERNAL, of_session),
    "desk:withdraw_registration": Address(DO, Can.READ_INTERNAL, of_session),
    "desk:set_attendance": edit(FORM, arguments=of_session),
    "desk:add_material": edit(FORM, arguments=of_course),
    "desk:course_material": Address(LOOK, Can.READ_INTERNAL, of_material),
    "desk:withdraw_material": edit(FORM, arguments=of_material),
    "desk:restore_material": edit(DO, arguments=lambda scene: [scene.network.withdrawn_material.key]),
    "desk:session_participants": Address(LOOK, Can.EDIT_NETWORK, of_session),
    "desk:session_participants_export": Address(LOOK, Can.EDIT_NETWORK, lambda scene: [*of_session(scene), "csv"]),
    "desk:register_guest": edit(FORM, arguments=of_session),
    "desk:withdraw_guest": edit(DO, arguments=lambda scene: [scene.network.guest.pk]),
    "desk:restore_guest": edit(DO, arguments=lambda scene: [scene.network.former_guest.pk]),
    "desk:offer_exercises": Address(FORM, Can.EDIT_INSTANCE),
    "desk:stop_exercises": Address(DO, Can.EDIT_INSTANCE),
    "desk:exercises": Address(LOOK, Can.READ_INTERNAL),
    "desk:exercise": Address(LOOK, Can.READ_INTERNAL, of_exercise),
    "desk:exercise_file": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:start_exercise": Address(DO, Can.READ_INTERNAL, of_exercise),
    "desk:reset_exercise": Address(FORM, Can.READ_INTERNAL, of_exercise),
    "desk:undo_reset": Address(DO, Can.READ_INTERNAL, of_exercise),
    "desk:forget_exercise": Address(DO, Can.READ_INTERNAL, of_exercise),
    "desk:practices": Address(LOOK, Can.READ_INTERNAL),
    "desk:practices_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:practice": Address(LOOK, Can.READ_INTERNAL, of_practice),
    "desk:practice_file": Address(LOOK, Can.READ_INTERNAL, lambda scene: [*of_practice(scene), "docx"]),
    "desk:add_practice": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_practice": edit(FORM, arguments=lambda scene: [*of_practice(scene), "en"]),
    "desk:review_practice": edit(DO, arguments=of_practice),
    "desk:return_practice": edit(DO, arguments=of_reviewed),
    "desk:publish_practice": edit(DO, arguments=of_reviewed),
    "desk:unpublish_practice": edit(DO, arguments=of_published_practice),
    "desk:withdraw_practice": edit(FORM, arguments=of_practice),
    "desk:restore_practice": edit(DO, arguments=lambda scene: [scene.network.withdrawn_practice.key]),
    "desk:set_endorsement": edit(FORM, arguments=of_practice),
    "desk:withdraw_endorsement": edit(
        DO, arguments=lambda scene: [*of_published_practice(scene), scene.network.endorsement.pk]
    ),
    "desk:restore_endorsement": edit(
        DO, arguments=lambda scene: [*of_published_practice(scene), scene.network.withdrawn_endorsement.pk]
    ),
    "desk:meetings": Address(LOOK, Can.READ_INTERNAL),
    "desk:meeting": Address(LOOK, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_sheet": Address(LOOK, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_calendar": Address(LOOK, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_minutes": Address(LOOK, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_participants": Address(LOOK, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_participants_export": Address(LOOK, Can.READ_INTERNAL, lambda scene: [*of_meeting(scene), "csv"]),
    "desk:meeting_paper": Address(LOOK, Can.READ_INTERNAL, of_paper),
    "desk:add_meeting": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_meeting": edit(FORM, arguments=of_meeting),
    "desk:set_agenda": edit(FORM, arguments=of_meeting),
    "desk:cancel_meeting": edit(FORM, arguments=of_meeting),
    "desk:restore_meeting": edit(DO, arguments=lambda scene: [scene.network.cancelled_meeting.key]),
    "desk:register_participant": edit(FORM, arguments=of_meeting),
    "desk:edit_participant": edit(FORM, arguments=of_participant),
    "desk:withdraw_participant": edit(DO, arguments=of_participant),
    "desk:restore_participant": edit(DO, arguments=lambda scene: [scene.network.former_participant.pk]),
    "desk:meetings_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:register_for_meeting": Address(FORM, Can.READ_INTERNAL, of_meeting),
    "desk:withdraw_from_meeting": Address(DO, Can.READ_INTERNAL, of_meeting),
    "desk:restore_own_registration": Address(DO, Can.READ_INTERNAL, of_meeting),
    "desk:meeting_invitations": Address(LOOK, Can.EDIT_NETWORK, of_meeting),
    "desk:invite_to_meeting": edit(FORM, arguments=of_meeting),
    "desk:resend_meeting_invitation": edit(DO, arguments=of_invitation),
    "desk:revoke_meeting_invitation": edit(DO, arguments=of_invitation),
    "desk:restore_meeting_invitation": edit(DO, arguments=lambda scene: [scene.network.revoked_invitation.pk]),
    "portal:meeting_invitation": Address(LOOK, EVERYBODY, of_token),
    "portal:accept_meeting_invitation": Address(FORM, EVERYBODY, of_token),
    "portal:decline_meeting_invitation": Address(FORM, EVERYBODY, of_token),
    "portal:invited_meeting_calendar": Address(LOOK, EVERYBODY, of_token),
    "desk:add_paper": edit(FORM, arguments=of_meeting),
    "desk:withdraw_paper": edit(FORM, arguments=of_paper),
    "desk:restore_paper": edit(DO, arguments=lambda scene: [scene.network.withdrawn_paper.key]),
    "desk:write_minutes": edit(FORM, arguments=of_meeting),
    "desk:adopt_minutes": edit(FORM, arguments=of_meeting),
    "desk:reopen_minutes": edit(FORM, arguments=lambda scene: [scene.network.adopted_meeting.key]),
    "desk:add_decision": edit(FORM, arguments=of_meeting),
    "desk:edit_decision": edit(FORM, arguments=of_decision),
    "desk:withdraw_decision": edit(DO, arguments=of_decision),
    "desk:restore_decision": edit(DO, arguments=lambda scene: [scene.network.withdrawn_decision.pk]),
    "desk:make_commitment": edit(DO, arguments=of_decision),
    "desk:undo_commitment": edit(DO, arguments=lambda scene: [scene.network.followed_decision.pk]),
    "desk:members": Address(LOOK, Can.READ_INTERNAL),
    "desk:members_export": Address(LOOK, Can.READ_INTERNAL, lambda _scene: ["csv"]),
    "desk:member": Address(LOOK, Can.READ_INTERNAL, of_profile),
    "desk:record_membership": edit(FORM),
    "desk:undo_membership": edit(DO, arguments=lambda scene: [scene.network.membership.pk]),
    "desk:restore_membership": edit(DO, arguments=lambda scene: [scene.network.undone_membership.pk]),
    "desk:add_contact": edit(FORM),
    "desk:edit_contact": edit(FORM, arguments=of_contact),
    "desk:end_contact": edit(DO, arguments=of_contact),
    "desk:restore_contact": edit(DO, arguments=lambda scene: [scene.network.former_contact.pk]),
    "desk:network_rules": Address(LOOK, Can.READ_INTERNAL),
    "desk:set_rule": edit(FORM, arguments=lambda _scene: ["chair"]),
    "desk:record_practices": Address(LOOK, Can.READ_INTERNAL, lambda scene: [scene.record.code]),
    "desk:link_practice": edit(DO, arguments=for_record),
    "desk:dismiss_practice": edit(DO, arguments=for_record),
    "desk:reopen_practice": edit(DO, arguments=lambda scene: [scene.record.code, scene.network.reviewed.key]),
    "portal:practices": Address(LOOK, EVERYBODY),
    "portal:practice": Address(LOOK, EVERYBODY, of_published_practice),
    "portal:practice_file": Address(LOOK, EVERYBODY, lambda scene: [*of_published_practice(scene), "docx"]),
    "portal:mechanisms": Address(LOOK, EVERYBODY),
    "portal:mechanism": Address(LOOK, EVERYBODY, of_published),
    "portal:legal_text_file": Address(LOOK, EVERYBODY, lambda scene: [scene.network.published_text.key]),
}
