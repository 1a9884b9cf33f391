"""Nothing is lost by one press of a button: each deed that takes something away can be undone, or asks first."""

from typing import NamedTuple

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from lxml import html

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.models import SavedView
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import KEY, plain
from tests.house.scene import Scene

pytestmark = pytest.mark.django_db

TAKES_AWAY = {
    *("close", "delete", "discard", "end", "erase", "merge", "remove"),
    *("revoke", "stop", "undo", "unlink", "unpublish", "withdraw"),
}


class Way(NamedTuple):
    """How a person gets back: the next page offers `undo`, or the page before asks for what is in `typed`, or asks
    whether one is sure; `because` says why a deed needs none of it."""

    undo: str = ""
    typed: str = ""
    asks_first: bool = False
    because: str = ""


SEND_AGAIN = "the same file can be sent again, and nothing of it was applied"
WAYS = {
    "desk:remove_report_section": Way(because="only an empty section can be removed, and one can be added again"),
    "desk:withdraw_note": Way(undo="desk:restore_note"),
    "desk:delete_view": Way(undo="desk:restore_view"),
    "desk:undo_import": Way(undo="desk:apply_import"),
    "desk:discard_import": Way(because=SEND_AGAIN),
    "desk:undo_assignment": Way(because="it brings back what was there, and sections can be assigned again"),
    "desk:undo_bulk": Way(because="it brings back what was there, and the change can be asked for again"),
    "desk:unpublish_recommendation": Way(undo="desk:publish_recommendation"),
    "desk:end_text": Way(typed="reason"),
    "desk:end_position": Way(typed="reason"),
    "desk:withdraw_proposal": Way(because="its words are kept, and the form for a new proposal begins with them"),
    "desk:end_assignment": Way(typed="reason"),
    "desk:withdraw_action": Way(typed="reason"),
    "desk:stop_answering": Way(undo="desk:answer_again"),
    "desk:stop_answering_cluster": Way(undo="desk:answer_cluster"),
    "desk:unpublish_action": Way(undo="desk:publish_action"),
    "desk:close_round": Way(undo="desk:reopen_round"),
    "desk:withdraw_indicator": Way(typed="reason"),
    "desk:unlink_case_measure": Way(undo="desk:restore_case_measure"),
    "desk:undo_advance_questions": Way(because="the questions can be taken over again on the same page"),
    "desk:undo_from_document": Way(undo="desk:restore_proceeding"),
    "desk:unlink_indicator": Way(undo="desk:link_indicator"),
    "desk:merge_contribution": Way(typed="into"),
    "desk:remove_grade": Way(asks_first=True),
    "desk:withdraw_update": Way(typed="reason"),
    "desk:unlink_update": Way(undo="desk:show_on_cluster"),
    "desk:withdraw_contribution": Way(asks_first=True),
    "desk:withdraw_own_assessment": Way(because="only its institution finds it, and types a reason to withdraw it"),
    "desk:withdraw_evidence": Way(typed="reason"),
    "desk:remove_label": Way(undo="desk:restore_label"),
    "desk:end_follow_up": Way(undo="desk:restore_follow_up"),
    "desk:unlink_recommendations": Way(undo="desk:link_recommendations"),
    "desk:withdraw_recommendation": Way(typed="reason"),
    "desk:merge_recommendations": Way(typed="codes"),
    "desk:merge_likeness": Way(undo="desk:unmerge_recommendation"),
    "desk:remove_theme_lead": Way(undo="desk:restore_theme_lead"),
    "desk:merge_groups": Way(undo="desk:take_back_groups"),
    "desk:unlink_from_treaty": Way(undo="desk:restore_treaty_link"),
    "desk:remove_treaty": Way(asks_first=True),
    "desk:remove_reservation": Way(asks_first=True),
    "desk:unpublish_obligation": Way(undo="desk:publish_obligation"),
    "desk:unpublish_submitted_report": Way(undo="desk:publish_submitted_report"),
    "desk:withdraw_obligation": Way(typed="reason"),
    "desk:undo_turning": Way(because="it brings back what was there, and the paragraph can be turned again"),
    "desk:remove_letter": Way(asks_first=True),
    "desk:withdraw_obligation_file": Way(typed="reason"),
    "desk:erase_obligation_files": Way(
        because="its page shows what was selected once more, and asks for the number of entries"
    ),
    "desk:remove_suspension": Way(asks_first=True),
    "desk:end_suspension": Way(typed="ends_on"),
    "desk:undo_rules": Way(because="it removes only what the rules added, and they can be applied again"),
    "desk:revoke_feed": Way(because="an address that leaked has to be dead at once; the same page makes another"),
    "desk:withdraw_proceeding": Way(typed="reason"),
    "desk:withdraw_proceeding_file": Way(typed="reason"),
    "desk:undo_answer_by_report": Way(because="the report stays submitted, and the dispatch can be recorded"),
    "desk:undo_next_submission": Way(because="nothing was written for it, and it can be started again"),
    "desk:unpublish_letter": Way(undo="desk:republish_letter"),
    "desk:erase_person_concerned": Way(typed="reason"),
    "desk:erase_personal_data": Way(
        because="its page shows what was selected once more, and asks for the number of entries"
    ),
    "desk:withdraw_consultation": Way(typed="reason"),
    "desk:withdraw_consultation_comment": Way(asks_first=True),
    "portal:withdraw_comment": Way(asks_first=True),
    "desk:withdraw_report": Way(typed="reason"),
    "desk:remove_report_translation": Way(undo="desk:restore_report_translation"),
    "desk:discard_word_return": Way(because=SEND_AGAIN),
    **dict.fromkeys(
        ["desk:undo_returned_section", "desk:undo_returned_part", "desk:undo_returned_translation"],
        Way(because="the text is to be decided again, and can be accepted on the same page"),
    ),
    "desk:unpublish_profile": Way(undo="desk:publish_profile"),
    "desk:withdraw_profile": Way(typed="reason"),
    "desk:unpublish_practice": Way(undo="desk:publish_practice"),
    "desk:withdraw_practice": Way(typed="reason"),
    "desk:withdraw_endorsement": Way(undo="desk:restore_endorsement"),
    "desk:undo_request_for_gap": Way(because="it withdraws what one press made, and offers to restore it"),
    "desk:undo_reset": Way(because="it brings back what was there, and the exercise can be reset again"),
    "desk:withdraw_self_assessment": Way(typed="reason"),
    "desk:close_assistance": Way(undo="desk:reopen_assistance"),
    "desk:withdraw_assistance": Way(typed="reason"),
    "desk:withdraw_agreement": Way(typed="reason"),
    "desk:undo_duty": Way(undo="desk:restore_duty"),
    "desk:withdraw_mission": Way(typed="reason"),
    "desk:undo_membership": Way(undo="desk:restore_membership"),
    "desk:end_contact": Way(undo="desk:restore_contact"),
    "desk:withdraw_paper": Way(typed="reason"),
    "desk:withdraw_participant": Way(undo="desk:restore_participant"),
    "desk:withdraw_from_meeting": Way(undo="desk:restore_own_registration"),
    "desk:revoke_meeting_invitation": Way(undo="desk:restore_meeting_invitation"),
    "desk:withdraw_decision": Way(undo="desk:restore_decision"),
    "desk:undo_commitment": Way(undo="desk:make_commitment"),
    "desk:withdraw_course": Way(typed="reason"),
    "desk:withdraw_material": Way(typed="reason"),
    "desk:withdraw_legal_text": Way(typed="reason"),
    "desk:withdraw_guest": Way(undo="desk:restore_guest"),
    "desk:stop_exercises": Way(undo="desk:offer_exercises"),
    "desk:withdraw_registration": Way(undo="desk:register_for_session"),
    "vocab:delete_body": Way(asks_first=True),
    "vocab:delete_taxonomy": Way(asks_first=True),
    "vocab:delete_term": Way(asks_first=True),
    "people:close_account": Way(undo="people:let_back_in"),
    "people:erase_person": Way(typed="email"),
    "people:unlink_single_sign_on": Way(because="the next log-in through the provider links the account again"),
    "people:revoke_invitation": Way(undo="people:resend_invitation"),
    "people:close_institution": Way(undo="people:reopen_institution"),
    "exchange:revoke_key": Way(typed="reason"),
    "exchange:delete_peer": Way(asks_first=True),
    "exchange:undo_decision": Way(because="it returns objects to review, where they are decided on again"),
    "exchange:stop_peer": Way(undo="exchange:resume_peer"),
    "people:revoke_token": Way(because="a key that leaked has to be dead at once; another is made on the same page"),
    "people:revoke_tokens": Way(
        because="its page asks which keys to revoke; new ones are made on the page beside it"
    ),
    "people:end_session": Way(because="a stranger has to be out at once; the owner logs in again"),
    "people:end_sessions": Way(because="a stranger has to be out at once; the owner logs in again"),
    "desk:end_appointment": Way(undo="people:reopen_appointment"),
    "desk:undo_sheet": Way(because="it brings back what was there, and the same file can be sent again"),
    "desk:discard_sheet": Way(because=SEND_AGAIN),
}


def takes_away(name: str) -> bool:
    """Said by its name; programs with a key are left alone."""
    words, address = set(name.partition(":")[2].split("_")), ADDRESSES[name]
    return "POST" in address.methods and address.who != KEY and bool(TAKES_AWAY & words)


def test_each_deed_that_takes_something_away_has_its_line():
    assert {plain(name) for name in ADDRESSES if takes_away(name)} == set(WAYS)


@pytest.fixture
def scene(client, scene_for) -> Scene:
    """What an administrator can undo; the list was applied."""
    person = make.signed_in(client, Role.ADMINISTRATOR)
    scene = scene_for(person)
    Batch.objects.filter(pk=scene.sheet.pk).update(state=Batch.State.APPLIED, applied_at=timezone.now())
    return scene


GIVEN = {
    "desk:end_appointment": {"on": "2026-11-01"},
    "people:close_institution": {"on": "2026-11-01"},
    "desk:merge_groups": {"all": "1"},
}
UNDONE = [name for name, way in WAYS.items() if way.undo]
TYPED = [name for name, way in WAYS.items() if way.typed]
ASKING = [name for name, way in WAYS.items() if way.asks_first]


def forms_of(answer) -> list[html.HtmlElement]:
    return [form for form in html.fromstring(answer.content).xpath("//main//form") if form.method.upper() == "POST"]


@pytest.mark.parametrize("name", UNDONE)
def test_the_page_after_the_deed_offers_the_way_back(client, scene, name):
    answer = client.post(ADDRESSES[name].url(name, scene), GIVEN.get(name, {}), follow=True)
    assert answer.redirect_chain
    assert WAYS[name].undo in {
        resolve(form.action.partition("?")[0]).view_name for form in forms_of(answer) if form.action
    }


@pytest.mark.parametrize("name", TYPED)
def test_the_deed_is_refused_until_something_is_typed(client, scene, name):
    url = ADDRESSES[name].url(name, scene)
    asked = [form for form in forms_of(client.get(url)) if WAYS[name].typed in form.fields]
    assert len(asked) == 1
    before = Event.objects.count()
    assert client.post(url, {WAYS[name].typed: " "}).status_code == 422
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ASKING)
def test_the_deed_is_asked_about_on_a_page_of_its_own(client, scene, name):
    url = ADDRESSES[name].url(name, scene)
    before = Event.objects.count()
    page = client.get(url)
    assert [form.action for form in forms_of(page) if form.action in (None, url)]
    assert "?" in html.fromstring(page.content).findtext(".//h1")
    assert Event.objects.count() == before


def test_a_saved_list_that_was_deleted_comes_back_as_it_was(client):
    person = make.user(Role.READER)
    view = SavedView.objects.create(owner=person, name="Mine", query="?kind=pledge")
    client.force_login(person)
    client.post(reverse("desk:delete_view", args=[view.pk]))
    mine = SavedView.objects.filter(owner=person)
    assert not mine.exists()
    client.post(reverse("desk:restore_view"))
    back = mine.get()
    assert (back.name, back.query) == ("Mine", "?kind=pledge")
    back.delete()
    client.post(reverse("desk:restore_view"))
    assert not mine.exists()
