"""Mass assignment: with each form go the fields of every model that it does not show; none of them is written."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from servanda.network.models import CourseRegistration
from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.recommendations.models import SavedView
from servanda.recommendations.register import saved_views
from tests import actions_make, assessing_make, consulting_make, make, obligation_make, treaties_make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import plain
from tests.house.answers import body_of
from tests.house.asking import Watching
from tests.house.before_sending import BEFORE
from tests.house.marked_fields import ODD, OURS, Cells, cells, every_field, plant, taken
from tests.house.page_forms import form_of
from tests.house.scene import Scene, set_scene

pytestmark = pytest.mark.django_db


LATER = str(date(2099, 12, 31))
ROWS = range(8)  # of a form that consists of rows
INDICATOR = {"sdg_indicator": "4.1.2", "actions": ""} | dict.fromkeys(("baseline", "baseline_on"), "")
DESCRIBED = dict.fromkeys(("body", "country", "language", "with_information"), "") | {
    "symbol": "CERD/C/SVN/CO/1",
    "title": "Observations",
    "date": "2026-01-01",
    "with_concerns": "on",
}
NOTHING_YET = dict.fromkeys(
    (*("signed_on", "consent", "consent_on", "deposited_on"), *("in_force_on", "denounced_on", "opted_out_on")), ""
)
RESERVATION = dict.fromkeys(("made_on", "modified_on", "withdrawn_on", "objections", "language"), "")


MEETING = {
    "languages": "en",
    "link": "https://example.org/meeting",
    "most_participants": "9",
    "begins_at": "2027-05-10T09:00",
    "ends_at": "2027-05-11T17:00",
}
PARTICIPANT = {"mechanism": "", "language": "en", "email": "ada@example.org"}

CONTACT = {"email": "ada@example.org", "language": "en"}


def own_state(there: Scene) -> dict[str, str]:
    """Says whose system this is; the form has no field for it."""
    Instance.current().save()
    Instance.objects.update(state_code=there.record.country.code)
    return {}


def ordered(there: Scene) -> dict[str, str]:
    """One measure of a judgment, of the State of this system; the other rows are empty."""
    own_state(there)
    names = ("paragraph", "text", "type", "due_on", "amount", "currency", "interest")
    rows = {f"row-{row}-{name}": "" for row in ROWS for name in names}
    return rows | {"language": "en", "row-0-text": "Act.", "row-0-type": "general"}


def by_rules(_there: Scene) -> dict[str, str]:
    """Of a body that the address does not name."""
    rule = obligation_make.rule("next-report")
    return {"body": rule.body.code, "previous-deadline": "2027-03-01", "rule": rule.code}


def somebody_registered(there: Scene) -> dict[str, str]:
    row = there.network.session.registrations.create(
        person=make.user(), state=CourseRegistration.State.REGISTERED, queued_at=timezone.now()
    )
    return {"attended": str(row.pk)}


def two_parties(there: Scene) -> list[str]:
    return [str(there.network.profile.pk), str(there.network.published.pk)]


# What the fields of a form need that a page without values cannot tell, and what is sent where there is no form.
BESIDES: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "desk:add_evidence": lambda there: {"link": "https://example.org/law", "kind": "law"},
    "desk:add_practice": lambda there: {
        "language": "en",
        "mechanism": str(there.network.profile.pk),
        **dict.fromkeys(("cost", "currency", "cost_year"), ""),
    },
    "desk:edit_practice": lambda there: dict.fromkeys(("cost", "currency", "cost_year"), ""),
    "desk:set_endorsement": lambda there: {"mechanism": str(there.network.published.pk)},
    "desk:add_commitment": lambda there: own_state(there) | {"language": "en"},
    "desk:add_plan": lambda there: {"code": "new-one"},
    "desk:add_assistance": lambda there: {"languages": "en", "amount": "", "currency": "", "forms": "advice"},
    "desk:add_course": lambda _there: {"languages": "en", "link": "", "level": "advanced", "form": "online"},
    "desk:edit_course": lambda _there: {"languages": "en", "link": "", "level": "advanced", "form": "online"},
    **dict.fromkeys(["desk:add_session", "desk:edit_session"], lambda _there: {"language": "en", "places": "5"}),
    "desk:edit_assistance": lambda there: {"languages": "en", "amount": "", "currency": "", "forms": "advice"},
    "desk:follow_cooperation": lambda there: dict.fromkeys(("pledged", "received", "currency"), ""),
    **dict.fromkeys(["desk:add_mission", "desk:edit_mission"], lambda _there: {"cost": "", "currency": ""}),
    **dict.fromkeys(
        ["desk:add_agreement", "desk:edit_agreement"],
        lambda there: {"language": "en", "parties": two_parties(there), "start": "", "end": ""},
    ),
    "desk:add_duty": lambda there: own_state(there) | {"language": "en", "owner": ""},
    "desk:add_meeting": lambda _there: MEETING,
    "desk:edit_meeting": lambda _there: MEETING,
    "desk:register_participant": lambda _there: PARTICIPANT,
    **dict.fromkeys(
        ["desk:register_for_meeting", "portal:accept_meeting_invitation"],
        lambda _there: {"mechanism": "", "language": "en"},
    ),
    "desk:invite_to_meeting": lambda _there: {"emails": "new@example.org", "language": "en"},
    "desk:add_paper": lambda _there: {"language": "en", "point": ""},
    "desk:edit_participant": lambda _there: PARTICIPANT,
    "desk:adopt_minutes": lambda _there: {"on": "2026-01-02"},
    "desk:add_decision": lambda _there: {"language": "en", "owner": ""},
    "desk:edit_decision": lambda _there: {"language": "en", "owner": ""},
    "desk:write_minutes": lambda _there: {"language": "en"},
    "desk:make_commitment": own_state,
    "desk:add_contact": lambda _there: CONTACT,
    "desk:edit_contact": lambda _there: CONTACT,
    "desk:set_rule": lambda _there: {"language": "en", "agreed_on": ""},
    "desk:record_membership": lambda _there: {"kind": "admitted", "day": "2026-02-01"},
    "desk:add_action": lambda there: {"code": "", "answers": "", "parent": "", "currency": "EUR"},
    "desk:edit_action": lambda there: {"parent": "", "currency": "EUR"},
    "desk:answer_with_action": lambda there: {"action": actions_make.action().code},
    "desk:answer_recommendations": lambda there: {"codes": make.recommendation().code},
    "desk:assign_institutions": lambda there: {"supporting": str(make.institution("heir").pk)},
    "desk:add_grade": lambda there: {"code": "new-one"},
    "desk:reply_section_note": lambda _there: {"text": "Of 2025."},
    "desk:enter_grades": lambda there: {
        f"grade-{there.voices.graded.pk}": str(assessing_make.grade("partial", "mechanism").pk),
        f"reason-{there.voices.graded.pk}": "Half of it is done.",
    },
    "desk:write_section": lambda _there: {"text": "Plain words"},
    **dict.fromkeys(["desk:leave_unanswered", "desk:accept_gap"], lambda _there: {"reason": "No data exist."}),
    "desk:divide_report_section": lambda _there: {"parts": str(make.term("Health").pk)},
    "desk:add_section_note": lambda there: {
        "kind": "comment",
        **dict.fromkeys(("owner", "due_on", "replacement"), ""),
        "text": "Of which year?",
    },
    "desk:add_scale": lambda there: {"code": "new-one", "bodies": ""},
    "exchange:edit_sharing": lambda _there: {"is_online": ""},
    "desk:set_attendance": somebody_registered,
    "desk:contribute": lambda there: {"records": there.record.code, "links": ""},
    "desk:open_round": lambda there: {
        "codes": there.record.code,
        "whom": "lead",
        "step": "apply",
        "count": "1",
        "due_on": LATER,
        **dict.fromkeys(("title", "question"), "Plain words"),
        **dict.fromkeys(("period_start", "period_end"), ""),
    },
    "desk:ask_questions": lambda _there: {
        "whom": "named",
        "step": "apply",
        "count": "1",
        "due_on": LATER,
        **dict.fromkeys(("title", "question"), "Plain words"),
    },
    "desk:add_promised_measure": lambda there: {
        "lead": str(there.communicated.letter.named.get().institution_id),
        "title": "Plain words",
        "due_on": LATER,
    },
    "desk:ask_on_questions": lambda there: {
        "questions": str(there.communicated.letter.questions.get().question_id),
        "step": "apply",
        "count": "1",
        "due_on": LATER,
        "question": "Plain words",
    },
    "desk:add_institutions": lambda _there: {"institutions": str(make.institution("heir").pk), "due_on": LATER},
    "desk:give_more_time": lambda _there: {"due_on": LATER},
    "desk:start_update": lambda there: {"institution": str(there.ministry.pk), "codes": there.record.code},
    "desk:save_update": lambda there: {"codes": there.record.code},
    "desk:link_update": lambda _there: {"codes": make.recommendation().code},
    "desk:link_records": lambda _there: {"records": make.recommendation().code, "weight": "primary"},
    "desk:link_recommendations": lambda _there: {"codes": make.recommendation().code, "relation": "repeats"},
    "desk:make_cluster": lambda _there: {"record": f"{make.recommendation().code} {make.recommendation().code}"},
    "desk:add_members": lambda _there: {"record": make.recommendation().code},
    "desk:enter_on_behalf": lambda there: {"institution": str(there.ministry.pk), "codes": there.record.code},
    "desk:create_recommendation": lambda there: {"year": "2024", "cycle": "4", "language": "en"},
    "desk:add_indicator": lambda _there: {"code": "NEW-1", "records": "", **INDICATOR},
    "desk:edit_indicator": lambda _there: INDICATOR,
    "desk:set_dimensions": lambda _there: {"lines": "sex | Sex | Women; Men"},
    "desk:record_reply": lambda _there: {"replied_on": "2024-02-01"},
    "desk:mark_follow_up": lambda there: {
        "kind": "dissemination",
        "due_on": "",
        "version": str(there.record.version),
    },
    "desk:merge_recommendations": lambda there: {"codes": make.recommendation().code},
    "desk:receive_files": lambda there: {"country": ""},
    "desk:describe_document": lambda _there: DESCRIBED,
    "desk:edit_unit": lambda _there: (
        {"version": "1", "number": "2", "kind": "concern", "text": "Act."}
        | dict.fromkeys(["lead", "is_follow_up", "is_dissemination", "deadline_day", "articles", "asked_by"], "")
    ),
    "desk:split_unit": lambda _there: {"version": "1", "text": "One.\n\nTwo."},
    **dict.fromkeys(["desk:join_unit", "desk:drop_unit", "desk:restore_unit"], lambda _there: {"version": "1"}),
    "desk:theme_leads": lambda there: {"term": str(there.term.pk), "institution": str(there.ministry.pk)},
    **dict.fromkeys(["desk:save_draft", "desk:write_reply"], lambda _there: {"language": "en"}),
    "desk:set_named_institutions": lambda _there: {f"row-{row}-due_on": "" for row in ROWS},
    "desk:set_questions": lambda _there: (
        {f"row-{row}-number": str(row + 1) for row in ROWS} | {f"row-{row}-language": "" for row in ROWS}
    ),
    "desk:set_programme": lambda _there: {f"row-{row}-{name}": "" for row in ROWS[1:] for name in ("on", "title")},
    "desk:set_case_course": lambda _there: {f"row-{row}-{name}": "" for row in ROWS for name in ("type", "on")},
    "desk:add_case_measures": ordered,
    "desk:link_case_measures": lambda there: {"codes": there.communicated.measure.code},
    "desk:create_from_document": lambda _there: (
        {"language": "en"} | {f"row-0-{name}": "" for name in ("number", "text", "language")}
    ),
    "desk:link_report": lambda _there: {"symbol": ""},
    "desk:publish_letter": lambda _there: {"is_checked": "on"},
    "desk:extend_consultation": lambda _there: {"ends_on": LATER},
    "desk:invite_to_consultation": lambda _there: {"people": str(consulting_make.contributor("invited").pk)},
    "desk:rename_cluster": lambda there: {"name": "Ours"},
    "desk:rename_view": lambda there: {"name": "Ours"},
    "desk:save_view": lambda there: {"name": "Ours"},
    "desk:split_recommendation": lambda there: {"texts": "One.\n---\nTwo."},
    "desk:write_text": lambda there: {"language": "es", "form": "full"},
    "exchange:add_peer": lambda _there: {"origin": "https://new.example", "fingerprint": "1" * 40},
    "people:appoint_person": lambda there: {"bodies": ""},
    "people:edit_appointment": lambda there: {"bodies": ""},
    "people:create_institution": lambda there: {"code": "new-one"},
    "people:invite_person": lambda there: {
        "bodies": "",
        "institution": str(make.institution("heir").pk),
        "function": "principal",
    },
    "people:erase_person": lambda there: {"email": there.person.email},
    "people:succeed_institution": lambda there: {"successors": str(make.institution("heir").pk)},
    "desk:decline_contribution": lambda there: {"decline_reason": "off-topic"},
    "people:set_accreditation": lambda there: {"status": "a", "start": "2026-02-01", "source": "Report"},
    "desk:link_to_treaty": lambda there: {"codes": make.recommendation().code},
    "desk:link_to_treaty@reservation": lambda there: {"codes": make.recommendation().code},
    "desk:set_question_links": lambda there: {"codes": make.recommendation().code},
    "desk:list_treaties": lambda there: {"instruments": str(treaties_make.instrument("CAT").pk)},
    "desk:edit_treaty": lambda there: NOTHING_YET,
    "desk:add_reservation": lambda there: RESERVATION,
    "desk:edit_reservation": lambda there: RESERVATION,
    "desk:add_by_rules": by_rules,
    "desk:add_obligation": lambda there: {"document": "", "code": ""},
    "desk:edit_obligation": lambda there: {"document": ""},
    "desk:set_obligation_state": lambda there: {"state": "in-preparation"},
    "desk:ask_extension": lambda there: {"asked_until": ""},
    "desk:answer_extension": lambda there: {"granted_until": ""},
    "desk:add_suspension": lambda there: {"ends_on": ""},
    "desk:add_report_template": lambda there: {"kinds": "mid-term"},
    "vocab:add_body": lambda there: {"code": "NEWBODY"},
    "vocab:add_instrument": lambda there: {"code": "NEW-1", "adopted_on": "", "in_force_on": ""},
    "vocab:edit_instrument": lambda there: {"in_force_on": ""},
    "vocab:add_rule": lambda there: {"code": "new-one", "trigger": "document", "offset": "", "unit": ""},
    "vocab:add_taxonomy": lambda there: {"code": "new-one"},
    "vocab:paste_terms": lambda there: {"table": "code,en\nnew-one,New one"},
}
# A yes or no that the deed itself turns round.
TURNED_ROUND: dict[str, set[str]] = {
    "exchange:edit_sharing": {"exchange_sharing.is_online"},
    "desk:set_attendance": {"network_courseregistration.attended"},
    "desk:end_follow_up": {"sources_obligation.has_records"},
    "desk:continue_bulk": {"recommendations_recommendation.is_published"},
    "desk:publish_action": {"planning_action.is_published"},
    "desk:open_promised_measure": {"planning_action.is_restricted"},
    **dict.fromkeys(["desk:publish_obligation", "desk:unpublish_obligation"], {"sources_obligation.is_published"}),
    "desk:fold_first_steps": {"people_user.hides_first_steps"},
    "desk:choose_machine_labels": {"people_user.hides_machine_labels"},
    "desk:publish_assessment": {"progress_assessment.is_published", "progress_assessment.is_latest"},
    "desk:publish_assessments": {"progress_assessment.is_published", "progress_assessment.is_latest"},
    **dict.fromkeys(["desk:join_unit", "desk:drop_unit"], {"sources_readunit.is_dropped"}),
    "desk:retire_grade": {"progress_grade.is_in_use"},
    "desk:retire_scale": {"progress_scale.is_in_use"},
    "desk:unpublish_recommendation": {"recommendations_recommendation.is_published"},
    "people:accept_invitation": {"people_user.is_active"},
    "people:close_account": {"people_user.is_active"},
    "people:erase_person": {"people_user.is_active"},
    **dict.fromkeys(["desk:publish_profile", "desk:unpublish_profile"], {"network_mechanismprofile.is_published"}),
    "vocab:edit_instrument": {"vocab_instrument.is_own"},
    "vocab:edit_body": {"vocab_body.is_own"},
    "vocab:edit_taxonomy": {"vocab_taxonomy.is_own"},
    "vocab:edit_term": {"vocab_term.is_own"},
    "vocab:retire_rule": {"vocab_obligationrule.is_retired"},
    **dict.fromkeys(
        ["desk:retire_report_template", "desk:offer_report_template"], {"reporting_reporttemplate.is_retired"}
    ),
    **dict.fromkeys(
        ["desk:remove_report_translation", "desk:restore_report_translation"],
        {"reporting_reporttranslation.is_dropped"},
    ),
    **dict.fromkeys(["desk:retire_word_template", "desk:offer_word_template"], {"reporting_wordtemplate.is_retired"}),
    "desk:resolve_returned_comment": {"reporting_returnednote.is_resolved"},
    **dict.fromkeys(
        ["desk:drop_template_section", "desk:restore_template_section"], {"reporting_templatesection.is_dropped"}
    ),
}
# They take a file, a key instead of a form, or are closed at first; their own tests send them more than they ask for.
ELSEWHERE = {
    "desk:sign_assessment",  # these two are for the people of an accredited institution alone
    "desk:withdraw_own_assessment",
    "portal:contribute",
    "portal:comment_on_draft",
    "desk:add_consultation_comment",  # these two are for contributors alone
    "desk:edit_consultation_comment",
    "desk:propose_position",
    "desk:add_proceeding_file",
    "desk:add_obligation_file",
    "desk:add_paper",
    "desk:add_material",
    "desk:receive_files",
    "desk:send_sheet",
    "desk:send_translation_table",
    "desk:send_word_file",
    "desk:add_word_template",
    "exchange:check_file",
    "exchange:receive_parcel",
    "exchange:receive_unsigned",
    "api:publish_recommendation",
    "api:unpublish_recommendation",
}
PARTS = 4  # so that both cores have something to do
WRITING = [name for name, address in ADDRESSES.items() if "POST" in address.methods and plain(name) not in ELSEWHERE]


def send(client, name: str, there: Scene) -> HttpResponse:
    """Send the form of the page with every field of every model besides."""
    url = ADDRESSES[name].url(name, there)
    shown = form_of(body_of(client.get(url))) if "GET" in ADDRESSES[name].methods else {}
    form = QueryDict(mutable=True)
    for key, value in every_field().items():
        form[key] = value
    for key, values in shown.items():
        form.setlist(key, values)
    for key, value in BESIDES.get(name, dict)(*([there] if name in BESIDES else [])).items():
        form.setlist(key, value if isinstance(value, list) else [value])
    answer = client.post(url, form.urlencode(), content_type="application/x-www-form-urlencoded")
    body_of(answer)
    return answer


def written_besides(names: Iterable[str]) -> dict[str, set[str]]:
    """One scene for all; each address finds it as it was set."""
    person = make.user(Role.ADMINISTRATOR)
    there = set_scene(person)
    plant()
    found, as_set = {}, cells()
    for name in names:
        with transaction.atomic():
            if name in BEFORE:
                BEFORE[name](there, person)
            found[name] = written_at(name, there, person, cells() if name in BEFORE else as_set)
            transaction.set_rollback(True)
    return found


def written_at(name: str, there: Scene, person: User, before: Cells) -> set[str]:
    client = Client()
    client.force_login(person)
    cache.clear()  # what was counted of the last address is no business of this one
    with connection.execute_wrapper(watching := Watching()):
        answer = send(client, name, there)
    written = [model for model in OURS if model._meta.db_table in watching.written]
    found = set(taken(before, cells(written)))
    faults = [fault for form in answer.context or [] if (fault := getattr(form.get("form"), "errors", None))]
    assert answer.status_code in (200, 302), f"{name} did not take its own form: {faults}"
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_an_address_writes_no_field_that_its_form_does_not_show(part):
    names = WRITING[part::PARTS]
    assert written_besides(names) == {name: TURNED_ROUND.get(name, set()) for name in names}


def test_an_owner_taken_from_the_form_is_seen(monkeypatch):
    def careless(*, name: str, query: str, by: User) -> SavedView:
        return SavedView.objects.create(name=name, query=query, owner_id=ODD)

    monkeypatch.setattr(saved_views, "save_view", careless)
    assert written_besides(["desk:save_view"]) == {"desk:save_view": {"recommendations_savedview.owner_id"}}
