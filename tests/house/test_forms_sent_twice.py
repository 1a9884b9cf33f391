"""Every form that makes something makes one thing, however often it is sent; the second time leads to the first."""

import threading
from collections.abc import Callable
from copy import copy
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import resolve, reverse
from lxml import html

from servanda.kit.templatetags.form_keys import FIELD
from servanda.people.access import Role
from servanda.people.models import SentForm
from servanda.recommendations.models import Note, Recommendation
from tests import assessing_make, make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import plain
from tests.house.answers import body_of
from tests.house.marked_fields import OURS
from tests.house.page_forms import form_of
from tests.house.scene import Scene, set_scene
from tests.house.test_mass_assignment import BESIDES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The first word of an address that makes something; every other first word changes or ends what there is.
MAKING = {
    *(
        "add",
        "answer",
        "appoint",
        "ask",
        "assess",
        "assign",
        "bulk",
        "complete",
        "contribute",
        "copy",
        "correct",
        "create",
        "decide",
    ),
    *(
        "enter",
        "comment",
        "evaluate",
        "introduce",
        "invite",
        "link",
        "list",
        "make",
        "mark",
        "measure",
        "name",
        "open",
        "paste",
        "place",
        "propose",
        "receive",
        "register",
        "reply",
        "request",
        "save",
    ),
    *("send", "settle", "set", "sign", "split", "start", "succeed", "theme", "turn", "write"),
}
CHANGING = {
    "pull",
    *(
        "accept",
        "apply",
        "assume",
        "attach",
        "change",
        "check",
        "choose",
        "clear",
        "close",
        "confirm",
        "continue",
        "decline",
        "delete",
        "detach",
    ),
    *(
        "describe",
        "dismiss",
        "discard",
        "dissolve",
        "draft",
        "draw",
        "drop",
        "edit",
        "end",
        "erase",
        "extend",
        "fold",
        "follow",
        "forget",
        "give",
        "join",
        "keep",
    ),
    *(
        "learn",
        "let",
        "map",
        "merge",
        "move",
        "offer",
        "override",
        "prepare",
        "preview",
        "publish",
        "read",
        "recognise",
        "record",
        "translate",
        "reset",
        "review",
        "refuse",
    ),
    *(
        "reinstate",
        "reject",
        "release",
        "remind",
        "remove",
        "rename",
        "renew",
        "reopen",
        "replace",
        "republish",
        "resend",
        "resolve",
        "restore",
        "resume",
        "retire",
        "retract",
        "retry",
    ),
    *(
        "return",
        "review",
        "revoke",
        "share",
        "show",
        "stop",
        "submit",
        "take",
        "undo",
        "unlink",
        "unmerge",
        "unpublish",
        "use",
    ),
    *("adopt", "cancel", "divide", "expect", "leave", "validate", "withdraw", "withhold"),
}
# What is made once without the key of the form, and why.
ONE_BY_ITSELF = {
    "desk:open_consultation": "a consultation that is open is refused the second time",
    "portal:comment_on_draft": "the comment holds the key of its form",
    "desk:add_consultation_comment": "the comment holds the key of its form",
    "desk:reply_consultation_comment": "the version of the comment that the form names is over after the first time",
    "desk:invite_to_consultation": "a person is invited once: a constraint of the table",
    "portal:contribute": "the contribution holds the key of its form",
    "desk:contribute": "the contribution holds the key of its form",
    "desk:start_update": "the update holds the key of its form",
    "desk:enter_on_behalf": "the update holds the key of its form",
    "desk:save_update": "it changes the draft that the address names",
    "desk:answer_recommendations": "a record is answered by an action once: a constraint of the table",
    "desk:answer_cluster": "a cluster is answered by an action once: a constraint of the table",
    "desk:propose_cluster_again": "it deletes the row of a rejection",
    "desk:answer_again": "it takes up a row that exists",
    "desk:decide_position": "it settles a draft that exists",
    "desk:decide_suggestions": "a suggestion is decided once: the second finds it decided",
    "desk:decide_rows": "a row of a file has one decision",
    "desk:decide_group": "a row of a file has one decision",
    "desk:set_status": "a status replaces the one before; the same one again changes nothing",
    "desk:set_milestones": "the list replaces the one before",
    "desk:set_obligation_state": "a state replaces the one before; the same one again is refused",
    "desk:assign_sections": "the list replaces the one before; its version is asked for",
    "desk:undo_assignment": "a change that was undone is refused",
    "desk:write_section": "it changes the text that the address names",
    "desk:translate_section": "it changes the translation that the address names",
    "desk:review_translation": "a translation that has been reviewed is refused",
    "desk:review_headings": "a heading that has been reviewed is left as it is",
    "desk:remove_report_translation": "a language that was removed is refused",
    "desk:set_steps": "the list replaces the one before",
    "desk:set_usual_steps": "the list replaces the one before",
    "desk:add_usual_steps": "a step with the same title is not added again",
    "desk:undo_reset": "a reset that was undone is refused",
    "desk:request_for_gap": "a request for a gap that is still open is refused",
    "desk:undo_request_for_gap": "a withdrawn request is not found",
    "desk:complete_self_assessment": "one that is completed is refused",
    "desk:register_for_session": "a person has one registration for a session: a constraint of the table",
    "desk:register_for_meeting": "a person with an address is registered once: a constraint of the table",
    "portal:accept_meeting_invitation": "a person with an address is registered once: a constraint of the table",
    "desk:invite_to_meeting": "an address is invited once: a constraint of the table",
    "desk:resend_meeting_invitation": "it sends the same link again",
    "desk:offer_exercises": "the exercises are offered once: a constraint of the table",
    "desk:set_date_order": "the order replaces the one before",
    "desk:start_exercise": "a person has one start of an exercise: a constraint of the table",
    "desk:set_attendance": "the list replaces the one before",
    "desk:introduce": "a request and a mechanism are introduced once: a constraint of the table",
    "desk:evaluate_cooperation": "a side has one evaluation: a constraint of the table",
    "desk:set_rule": "the version that the form names is over after the first time",
    "desk:set_agenda": "the list replaces the one before",
    "desk:write_minutes": "the version that the form names is over after the first time",
    "desk:make_commitment": "a decision that is followed up is refused",
    "desk:add_next_obligation": "the next one is there already after the first time, which is refused",
    "desk:complete_step": "a step that is done is refused",
    "desk:set_dimensions": "the list replaces the one before",
    "desk:link_indicator": "an indicator and a record are linked once: a constraint of the table",
    "desk:link_records": "an indicator and a record are linked once: a constraint of the table",
    "desk:link_update": "an update and a record are linked once: a constraint of the table",
    "desk:link_to_treaty": "a record that is linked already is left as it is; the record is locked",
    "desk:link_to_treaty@reservation": "a record that is linked already is left as it is; the record is locked",
    "desk:set_measure_facts": "the version of the record that the form names is over after the first time",
    "desk:turn_into_obligation": "the version of the record that the form names is over after the first time",
    "desk:turn_into_recommendation": "an obligation that has lapsed is refused",
    "desk:set_treaty_links": "the list replaces the one before",
    "desk:add_declaration": "what was added already is not added again",
    "desk:link_practice": "a practice and a record have one decision: a constraint of the table",
    "desk:set_endorsement": "a mechanism has one entry on a practice: a constraint of the table",
    "desk:answer_questions": "an answer replaces the one before; the same one again changes nothing",
    "desk:set_facts": "a value replaces the one before; the same one again changes nothing",
    "desk:set_procedures": "the list replaces the one before",
    "desk:name_suggested": "an institution that is named on a question already is not suggested again",
    "desk:set_question_links": "the list replaces the one before",
    "desk:split_report_section": "the version of the section that the form names is over after the first time",
    "desk:use_current_template": "sections that have the guidance and facts of the template are refused",
    "desk:split_unit": "the version of the unit that the form names is over after the first time",
    "desk:save_draft": "an institution has one answer to a communication: a constraint of the table",
    "desk:write_reply": "the text replaces the one before",
    "desk:start_clearance": "a reply that is in clearance is refused the second time",
    "desk:start_next_submission": "the reply that was sent is an earlier one after the first time, which is refused",
    "desk:start_report_clearance": "a report that is in clearance is refused the second time",
    "desk:open_promised_measure": "an action that all internal users see already is refused",
    "desk:set_named_institutions": "the list replaces the one before",
    "desk:set_questions": "the list replaces the one before",
    "desk:set_clearance_steps": "the list replaces the one before",
    "desk:set_retention_periods": "the periods replace those before",
    "desk:set_visit": "the values replace those before",
    "desk:set_programme": "the list replaces the one before",
    "desk:link_report": "the report replaces the one before",
    "desk:set_case": "the values replace those before",
    "desk:set_case_course": "the list replaces the one before",
    "desk:link_case_measures": "a measure belongs to one case: a constraint of the table",
    "desk:set_standing_invitation": "there is one or none",
    "desk:set_delegation": "the list replaces the one before",
    "desk:set_points": "the list replaces the one before",
    "desk:take_advance_questions": "a question is taken over once: a constraint of the table",
    "desk:attach_letter": "a communication has one document, and a second one is refused",
    "desk:add_points": "a cluster has one point in a dialogue: a constraint of the table",
    "desk:share_entry": "the audience replaces the one before",
    "exchange:receive_parcel": "the same parcel is refused the second time",
    "exchange:receive_unsigned": "the same file is refused the second time",
    "exchange:decide_received": "a decision replaces the one before",
    "desk:add_members": "a record is in a cluster once: a constraint of the table",
}
MAKES = sorted(
    name
    for name, address in ADDRESSES.items()
    if "POST" in address.methods
    and name.partition(":")[2].partition("_")[0] in MAKING
    and name not in ONE_BY_ITSELF
    and not name.startswith("api:")
)
# Forms that another test sends, because they need a person or several pages before them.
SENT_ELSEWHERE = {
    "desk:turn_into_measures": "several pages; the last one is guarded like the others",
    "desk:settle_past_deadlines": "several pages; the last one is guarded like the others",
    "desk:bulk_edit": "several pages; the last one is guarded like the others",
    "desk:assess_in_bulk": "several pages; the last one is guarded like the others",
    "desk:assign_in_bulk": "several pages; the last one is guarded like the others",
    "desk:decide_in_bulk": "several pages; the last one is guarded like the others",
    "desk:answer_in_bulk": "several pages; the last one is guarded like the others",
    "desk:sign_assessment": "only for people of an accredited institution",
    "desk:propose_position": "only for people of an institution that is asked",
    "desk:add_word_template": "it takes a Word file, and the same one is added once: test_word_templates",
    "desk:send_translation_table": "it takes a table of this very translation: test_translation_table_pages",
    "desk:send_word_file": "it takes a file of this very report: test_returning_pages sends one twice",
}
ON_PAGE: dict[str, str] = {
    "desk:receive_files": "desk:imports",
    "desk:save_view": "desk:register",
}
# What the form needs that its page does not show.
NEEDED: dict[str, Callable[[Scene], dict[str, object]]] = {
    "desk:add_by_rules": lambda _scene: {FIELD: str(uuid4())},
    "desk:add_labels": lambda _scene: {"national-plan": str(make.term("Water", taxonomy="national-plan").pk)},
    "desk:make_cluster": lambda _scene: {
        "name": "Ours",
        "record": [make.recommendation().code, make.recommendation().code],
    },
    "desk:enter_grades": lambda scene: {
        f"grade-{scene.voices.graded.pk}": str(assessing_make.grade("partial", "mechanism").pk),
        f"reason-{scene.voices.graded.pk}": "Half of it is done.",
    },
    "desk:add_section_note": lambda _scene: {"kind": "comment", "replacement": "", "owner": "", "due_on": ""},
    "desk:link_recommendations": lambda _scene: {"codes": make.recommendation().code, "relation": "repeats"},
}


def url_of(name: str, scene: Scene) -> str:
    return ADDRESSES[name].url(name, scene)


def test_every_address_that_takes_a_form_is_known_to_make_or_to_change():
    verbs = {
        name.partition(":")[2].partition("_")[0]
        for name, address in ADDRESSES.items()
        if "POST" in address.methods and not name.startswith("portal:choose")
    }
    assert verbs - MAKING - CHANGING == set()
    assert set() == MAKING & CHANGING
    assert ONE_BY_ITSELF.keys() - ADDRESSES.keys() == set()


def test_every_view_that_makes_something_is_guarded(scene_for):
    scene = scene_for()
    bare = [name for name in MAKES if not getattr(resolve(url_of(name, scene)).func, "makes_once", False)]
    assert bare == []


# A round starts from a list: without a filter its page offers the lists, not the form.
LIST_OF = {"desk:open_round": "?kind=recommendation"}


def filled(client: Client, name: str, scene: Scene) -> QueryDict:
    """The form as its page shows it, with what it needs besides."""
    form = QueryDict(mutable=True)
    if "GET" in ADDRESSES[name].methods:
        for key, values in form_with_key(body_of(client.get(url_of(name, scene) + LIST_OF.get(name, "")))).items():
            form.setlist(key, values)
    else:
        form[FIELD] = str(uuid4())
    for key, value in BESIDES.get(name, dict)(*([scene] if name in BESIDES else [])).items():
        form.setlist(key, value if isinstance(value, list) else [value])
    for key, value in NEEDED.get(name, dict)(*([scene] if name in NEEDED else [])).items():
        form.setlist(key, value if isinstance(value, list) else [value])
    return form


def form_with_key(page: bytes) -> dict[str, list[str]]:
    """Of several forms on a page, the one that makes something."""
    forms = html.fromstring(page).xpath(f"//form[.//input[@name='{FIELD}']]")
    return form_of(b"<main>" + html.tostring(forms[0]) + b"</main>") if forms else {}


def rows() -> dict[str, int]:
    """How many each table has, in one query."""
    tables = [model._meta.db_table for model in OURS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in tables))
        return dict(zip(tables, cursor.fetchone(), strict=True))


WITH_A_FILE = {
    *("desk:add_proceeding_file", "desk:add_obligation_file"),
    *("desk:add_paper", "desk:add_material", "desk:add_legal_text"),
}


def files_for(name: str) -> dict:
    if name == "desk:receive_files":
        return {"files": SimpleUploadedFile("list.csv", b"Text,State\nProtect every person.,SVN\n")}
    if name in WITH_A_FILE:
        return {"file": SimpleUploadedFile("annex.csv", b"Year,Cases\n2025,3\n")}
    if plain(name) == "desk:send_sheet":
        return {"file": SimpleUploadedFile("sheet.csv", b"Code,Title\nA-1,An action\n")}
    return {}


def sent_twice(name: str, scene: Scene, client: Client) -> str:
    """What is wrong with it; nothing where the second time made nothing and led to the first."""
    url = url_of(name, scene)
    form = filled(client, name, scene)
    if FIELD not in form:
        return "the page has no key"
    answers, counts = [], []
    for _time in range(2):
        cache.clear()
        data = dict(form.lists()) | files_for(name)
        answers.append(client.post(url, data))
        counts.append(rows())
    if name == "people:make_token":  # the key is shown on the answer itself
        return "" if counts[0] == counts[1] and answers[1].status_code == 302 else "made twice"
    if answers[0].status_code != 302:
        faults = [
            getattr(context.get("form"), "errors", None)
            for context in answers[0].context or []
            if context.get("form")
        ]
        return f"the first was not taken: {answers[0].status_code} {faults[:1]}"
    if not SentForm.objects.filter(pk=form[FIELD]).exists():
        return "the first was refused"
    if answers[1].status_code != 302 or answers[0]["Location"] != answers[1]["Location"]:
        return "the second does not lead to the first"
    if not any("already sent" in str(message) for message in get_messages(answers[1].wsgi_request)):
        return "the second is not told"
    return "" if counts[0] == counts[1] else f"made twice: {set(counts[1].items()) - set(counts[0].items())}"


PARTS = 4


# One guard answers for all forms; how it meets the constraint of its table, both engines tell with some of them.
@pytest.mark.parametrize("part", [pytest.param(0, marks=pytest.mark.database), *range(1, PARTS)])
def test_a_form_sent_twice_makes_one_thing_and_leads_to_it(scene_for, part):
    person = make.user(Role.ADMINISTRATOR)
    scene = scene_for(person)
    browser = Client()
    browser.force_login(person)
    wrong = {}
    for name in [name for name in MAKES if name not in SENT_ELSEWHERE][part::PARTS]:
        client = Client()
        client.cookies = copy(browser.cookies)
        with transaction.atomic():
            if fault := sent_twice(name, scene, client):
                wrong[name] = fault
            transaction.set_rollback(True)
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(ON_PAGE))
def test_a_form_on_another_page_carries_its_key(client, scene_for, name):
    person = make.signed_in(client, Role.ADMINISTRATOR)
    scene = scene_for(person)
    page = html.fromstring(body_of(client.get(url_of(ON_PAGE[name], scene) + ("?q=" if "register" in name else ""))))
    forms = page.xpath(f"//form[@action='{url_of(name, scene)}']")
    assert forms
    assert all(form.xpath(f".//input[@name='{FIELD}']") for form in forms)


@pytest.mark.database
def test_a_refused_form_may_be_corrected_and_sent_again(client):
    make.signed_in(client, Role.COORDINATOR)
    record, key = make.recommendation(), str(uuid4())
    url = reverse("desk:add_note", args=[record.code])
    assert client.post(url, {FIELD: key, "text": " "}).status_code == 422
    assert client.post(url, {FIELD: key, "text": "Ask the ministry."}).status_code == 302
    again = client.post(url, {FIELD: key, "text": "Ask the ministry."}, follow=True)
    assert (again.redirect_chain[0][1], b"already sent" in again.content) == (302, True)
    assert Note.objects.count() == 1


def test_the_key_of_another_person_opens_nothing_and_makes_nothing(client):
    record, key = make.recommendation(), str(uuid4())
    url = reverse("desk:add_note", args=[record.code])
    for text in ("The first.", "The second."):
        make.signed_in(client, Role.COORDINATOR)
        answer = client.post(url, {FIELD: key, "text": text}, follow=True)
    assert "sent from another account" in answer.content.decode()
    assert Note.objects.get().text == "The first."


def test_a_form_without_a_key_or_with_a_broken_one_is_taken_as_it_is(client):
    make.signed_in(client, Role.COORDINATOR)
    url = reverse("desk:add_note", args=[make.recommendation().code])
    for key in ("", "x", "0" * 400):
        client.post(url, {FIELD: key, "text": "Ask."})
    assert Note.objects.count() == 3


if connection.vendor == "postgresql":  # a database in memory, as SQLite has it in tests, is one for all threads

    @pytest.mark.database
    @pytest.mark.django_db(transaction=True)
    def test_six_parallel_posts_of_a_new_record_make_one():
        person, start = make.user(Role.ADMINISTRATOR), threading.Barrier(6)
        scene, name, first = set_scene(person), "desk:create_recommendation", Client()
        first.force_login(person)
        form, before = filled(first, name, scene), Recommendation.objects.count()
        answers: list = []

        def send():
            client = Client()
            client.force_login(person)
            start.wait()
            answers.append(client.post(url_of(name, scene), dict(form.lists())))
            connections.close_all()

        threads = [threading.Thread(target=send) for _number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer["Location"] for answer in answers}) == 1
        assert Recommendation.objects.count() == before + 1
