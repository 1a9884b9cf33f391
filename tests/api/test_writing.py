"""Changing a record with a key: what may be changed, by whom, and never over the work of others."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import User
from servanda.recommendations.editing import services as editing
from servanda.recommendations.models import Recommendation, RecommendingState, TextVersion
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

TEXT = {"text": "Ratify at once."}


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@pytest.fixture
def key(coordinator) -> str:
    return make.token(coordinator, scope="write")


@pytest.fixture
def record() -> Recommendation:
    return make.recommendation("Ratify.", paragraph="140.10")


def address(code: str, end: str = "") -> str:
    return reverse("api:recommendation", args=[code]) + end


def send(client, method: str, url: str, key: str, body: object = None, *, version: object = 1):
    headers = {"authorization": f"Bearer {key}"}
    if version is not None:
        headers["if-match"] = f'"{version}"' if isinstance(version, int) else version
    data = body if isinstance(body, str) else json.dumps(body)
    return client.generic(method, url, data, content_type="application/json", headers=headers)


def patch(client, record, key: str, body: object, **how):
    return send(client, "PATCH", address(record.code), key, body, **how)


def put(client, record, key: str, body: object, language: str = "en", **how):
    return send(client, "PUT", address(record.code, f"/texts/{language}"), key, body, **how)


def post(client, record, key: str, deed: str, **how):
    return send(client, "POST", address(record.code, f"/{deed}"), key, **how)


WAYS = {
    "edit_recommendation": lambda client, record, key, **how: patch(client, record, key, {"kind": "pledge"}, **how),
    "write_text": lambda client, record, key, **how: put(client, record, key, TEXT, **how),
    "publish_recommendation": lambda client, record, key, **how: post(client, record, key, "publish", **how),
    "unpublish_recommendation": lambda client, record, key, **how: post(client, record, key, "unpublish", **how),
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def parameters(answer) -> list[str]:
    return [fault["parameter"] for fault in answer.json()["errors"]]


def untouched(record: Recommendation) -> bool:
    now = Recommendation.objects.get(pk=record.pk)
    same_texts = [text.text for text in TextVersion.objects.current().filter(recommendation=record)] == ["Ratify."]
    return (now.version, now.kind, now.is_published, same_texts) == (1, "recommendation", record.is_published, True)


def test_a_correction_changes_what_it_names_and_nothing_else(client, record, key, coordinator):
    record.also_concerns.add(make.country("FRA", "France"))
    RecommendingState.objects.create(recommendation=record, country=make.country("HRV", "Croatia"))
    answer = patch(client, record, key, {"kind": "pledge", "decide_by": "2026-12-01"})
    shown = answer.json()
    assert (answer.status_code, shown["kind"], shown["decide_by"]) == (200, "pledge", "2026-12-01")
    assert (shown["version"], answer["ETag"]) == (2, '"2"')
    assert (shown["also_concerns"], shown["recommending"], shown["paragraph"]) == (["FRA"], ["HRV"], "140.10")
    assert shown["document"]["symbol"] == "A/HRC/59/15"
    event = Event.objects.get(action="recommendation-edited")
    assert (event.actor, json.loads(event.difference)) == (
        coordinator,
        {"kind": ["recommendation", "pledge"], "decide_by": ["", "2026-12-01"]},
    )
    assert event.request_id == answer["X-Request-ID"]
    assert record.history.first().history_user == coordinator


def test_every_field_of_the_page_can_be_corrected_by_its_codes(client, record, key):
    make.country("HRV", "Croatia"), make.country("FRA", "France"), make.institution("moj")
    body = {
        "kind": "observation",
        "symbol": "A/HRC/60/1",
        "paragraph": "141.2",
        "date": "2025-03-24",
        "language": "fr",
        "decide_by": "2026-01-02",
        "confidentiality": "restricted",
        "restricted_to": ["moj"],
        "also_concerns": ["FRA"],
        "recommending": ["HRV"],
    }
    shown = patch(client, record, key, body).json()
    assert shown.pop("document")["symbol"] == body.pop("symbol")
    assert {name: shown[name] for name in body} == body
    assert shown["code"] == record.code


def test_null_takes_a_date_away(client, record, key):
    Recommendation.objects.filter(pk=record.pk).update(date="2025-03-24", decide_by="2026-01-02")
    shown = patch(client, record, key, {"decide_by": None}).json()
    assert (shown["decide_by"], shown["date"]) == (None, "2025-03-24")


def test_a_correction_that_changes_nothing_makes_no_version(client, record, key):
    assert patch(client, record, key, {"kind": "recommendation"})["ETag"] == '"1"'
    assert not Event.objects.filter(action="recommendation-edited").exists()


def test_a_text_takes_the_place_of_the_one_before_and_stays_the_original(client, record, key):
    answer = put(client, record, key, TEXT)
    (text,) = answer.json()["texts"]
    assert (text["text"], text["is_original"]) == ("Ratify at once.", True)
    assert answer["ETag"] == '"2"'
    assert TextVersion.objects.get(text="Ratify.").ended_at is not None


def test_a_text_in_another_language_or_in_plain_words_stands_beside_it(client, record, key, coordinator):
    put(client, record, key, {"text": "Ratifier.", "is_machine": True, "is_reviewed": True}, "fr")
    shown = put(client, record, key, {"text": "Sign it.", "form": "plain"}, version=2).json()
    found = [(text["language"], text["form"], text["text"], text["is_machine"]) for text in shown["texts"]]
    assert found == [
        ("en", "full", "Ratify.", False),
        ("en", "plain", "Sign it.", False),
        ("fr", "full", "Ratifier.", True),
    ]
    assert TextVersion.objects.get(language="fr").reviewed_by == coordinator


def test_publishing_and_taking_back_are_for_a_version_as_well(client, key):
    record = make.recommendation(is_published=False)
    assert post(client, record, key, "publish").json()["is_published"]
    assert client.get(address(record.code)).status_code == 200
    assert post(client, record, key, "unpublish").status_code == 412
    assert not post(client, record, key, "unpublish", version=2).json()["is_published"]
    assert client.get(address(record.code)).status_code == 404


@every_way
def test_who_names_no_version_is_asked_for_it(client, record, key, way):
    for named in (None, "*", ""):
        answer = way(client, record, key, version=named)
        assert (answer.status_code, parameters(answer)) == (428, ["If-Match"])
    assert untouched(record)


BEYOND_AN_ENGINE = pytest.param('"99999999999999999999"', marks=pytest.mark.database)


@every_way
@pytest.mark.parametrize("named", [2, 0, '"abc"', "1", '"1", "2"', 'w/"1"', '"-1"', '"١"', BEYOND_AN_ENGINE])
def test_another_version_is_told_what_is_saved_and_what_it_sent(client, record, key, way, named):
    if isinstance(named, str):
        named = named.encode().decode("latin-1")
    answer = way(client, record, key, version=named)
    assert (answer.status_code, parameters(answer), answer["ETag"]) == (412, ["If-Match"], '"1"')
    assert (
        answer.json()["present"]
        == client.get(address(record.code), headers={"authorization": f"Bearer {key}"}).json()
    )
    assert untouched(record)


def test_what_was_sent_too_late_comes_back(client, record, key):
    editing.publish_recommendation(recommendation=record, by=make.user(Role.COORDINATOR))
    patch(client, record, key, {"kind": "pledge"})
    late = put(client, record, key, TEXT).json()
    assert late["sent"] == TEXT
    assert late["present"]["kind"] == "pledge"


def test_a_version_that_compression_weakened_is_known(client, record, key):
    assert patch(client, record, key, {"kind": "pledge"}, version='W/"1"').status_code == 200


@every_way
def test_a_key_that_reads_does_not_write(client, record, coordinator, way):
    answer = way(client, record, make.token(coordinator))
    assert (answer.status_code, parameters(answer)) == (403, ["Authorization"])
    assert untouched(record)
    assert Event.objects.get(action="page-denied").actor == coordinator


@every_way
@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.FOCAL_POINT, Role.AUTHORITY, Role.AUDITOR])
def test_a_key_that_writes_is_worth_nothing_when_the_role_does_not(client, record, way, role):
    assert way(client, record, make.token(make.user(role), scope="write")).status_code == 403
    assert untouched(record)


@every_way
def test_a_cookie_never_writes(record, coordinator, way):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(coordinator)
    answer = browser.generic("PATCH", address(record.code), '{"kind": "pledge"}', headers={"if-match": '"1"'})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert way(browser, record, "srv_nothing").status_code == 401
    assert untouched(record)


def test_a_key_needs_no_token_against_forged_forms(record, key):
    assert patch(Client(enforce_csrf_checks=True), record, key, {"kind": "pledge"}).status_code == 200


@every_way
def test_a_record_out_of_sight_is_as_one_that_is_not_there(client, key, way):
    gone = make.recommendation("Ratify.", withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Printed twice.")
    missing = Recommendation(code="SVN-MISSING")
    answers = [way(client, record, key, version=version) for record in (gone, missing) for version in (1, 7, None)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert untouched(gone)


def test_a_refusal_is_told_and_kept_in_the_trail(client, key, coordinator):
    record = make.recommendation(is_published=False, confidentiality="internal")
    answer = post(client, record, key, "publish")
    assert answer.status_code == 409
    assert "Set the confidentiality of this record to public before" in answer.json()["errors"][0]["message"]
    event = Event.objects.get(action="refused")
    assert (event.actor, event.object_label) == (coordinator, "publish_recommendation")
    assert event.request_id == answer["X-Request-ID"]
    assert Recommendation.objects.get(pk=record.pk).version == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"title": "x"}, ["title"]),
        ({"kind": "pledge", "is_published": True}, ["is_published"]),
        ({"kind": "decree"}, ["kind"]),
        ({"kind": None}, ["kind"]),
        ({"kind": 1}, ["kind"]),
        ({"date": "24.03.2025"}, ["date"]),
        ({"date": "2025-02-30"}, ["date"]),
        ({"language": "English"}, ["language"]),
        ({"confidentiality": "restricted"}, ["restricted_to"]),
        ({"recommending": ["XXX"]}, ["recommending"]),
        ({"recommending": "HRV"}, ["recommending"]),
        ({"also_concerns": [1]}, ["also_concerns"]),
        ({"restricted_to": ["\0"]}, ["restricted_to"]),
        ({"paragraph": "1\0"}, ["paragraph"]),
        ({"symbol": "x" * 121}, ["symbol"]),
        ([], ["body"]),
        ("", ["body"]),
    ],
)
def test_what_makes_no_sense_is_named(client, record, key, body, named):
    answer = patch(client, record, key, body)
    assert (answer.status_code, parameters(answer)) == (422, named)
    assert untouched(record)


@pytest.mark.parametrize(
    ("body", "language", "named"),
    [
        ({}, "en", ["text"]),
        ({"text": " "}, "en", ["text"]),
        ({"text": "x\0"}, "en", ["text"]),
        ({**TEXT, "form": "short"}, "en", ["form"]),
        (TEXT, "English", ["language"]),
        ({**TEXT, "is_original": True, "is_machine": True}, "en", ["is_machine"]),
        ({**TEXT, "reviewed_by": 1}, "en", ["reviewed_by"]),
        ({**TEXT, "version": 1}, "en", ["version"]),
    ],
)
def test_a_text_that_makes_no_sense_is_named(client, record, key, body, language, named):
    answer = put(client, record, key, body, language)
    assert (answer.status_code, parameters(answer)) == (422, named)
    assert untouched(record)


NO_JSON = ["{", "kind=pledge", "[" * 100_000, r'{"paragraph": "\ud800"}', r'{"\udfff": 1}', "\xff"]


@pytest.mark.parametrize("body", NO_JSON)
def test_a_body_that_is_no_json_is_told_so(client, record, key, body):
    answer = patch(client, record, key, body)
    assert (answer.status_code, parameters(answer)) == (400, ["body"])


@pytest.mark.parametrize(
    ("method", "end", "allowed"),
    [
        ("DELETE", "", "GET, HEAD, OPTIONS, PATCH"),
        ("PUT", "", "GET, HEAD, OPTIONS, PATCH"),
        ("GET", "/publish", "OPTIONS, POST"),
        ("HEAD", "/texts/en", "OPTIONS, PUT"),
        ("DELETE", "/texts/en", "OPTIONS, PUT"),
    ],
)
def test_other_methods_are_refused_with_or_without_a_key(client, record, key, method, end, allowed):
    for answer in (
        client.generic(method, address(record.code, end)),
        send(client, method, address(record.code, end), key),
    ):
        assert (answer.status_code, answer["Allow"]) == (405, allowed)


def test_answers_to_changes_are_kept_by_nobody(client, record, key):
    for answer in (patch(client, record, key, {"kind": "pledge"}), patch(client, record, key, {"kind": "pledge"})):
        assert "no-store" in answer["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer
