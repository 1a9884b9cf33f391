"""Every field of a record and of a text is sent to every address that writes; only what is listed is taken."""

import json

import pytest
from django.urls import reverse

from servanda.api.corrections import Correction, TextWriting
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation, TextVersion
from tests import make

pytestmark = pytest.mark.django_db

# What each address lists; the names of the record's fields, beside those that the page for editing asks for.
BY_PATCH = {
    *("kind", "symbol", "paragraph", "date", "language", "decide_by", "confidentiality"),
    *("restricted_to", "also_concerns", "recommending"),
    *("national_code", "priority", "horizon", "articles", "territory"),
    *("public_reason", "protects_person"),
}
BY_PUT = {"text", "form", "is_original", "is_machine", "is_reviewed", "source"}


def columns(model) -> list[str]:
    fields = model._meta.get_fields()
    return sorted({field.name for field in fields} | {getattr(field, "attname", field.name) for field in fields})


def rows(record: Recommendation) -> list:
    return [Recommendation.objects.values().get(pk=record.pk), list(record.texts.values())]


@pytest.fixture
def record():
    return make.recommendation("Ratify.")


@pytest.fixture
def send(client, record):
    key = make.token(make.user(Role.COORDINATOR), scope="write")

    def send(method: str, name: str, body: dict, end: list):
        return client.generic(
            method,
            reverse(f"api:{name}", args=[record.code, *end]),
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {key}", "if-match": '"1"'},
        )

    return send


def test_the_addresses_list_what_may_be_changed():
    assert set(Correction.model_fields) == BY_PATCH
    assert set(TextWriting.model_fields) == BY_PUT


@pytest.mark.parametrize("name", [name for name in columns(Recommendation) if name not in BY_PATCH])
def test_no_other_field_of_a_record_is_taken(send, record, name):
    before = rows(record)
    answer = send("PATCH", "recommendation", {"kind": "pledge", name: 1}, [])
    assert (answer.status_code, [fault["parameter"] for fault in answer.json()["errors"]]) == (422, [name])
    assert rows(record) == before


@pytest.mark.parametrize("name", [name for name in columns(TextVersion) if name not in BY_PUT])
def test_no_other_field_of_a_text_is_taken(send, record, name):
    before = rows(record)
    answer = send("PUT", "write_text", {"text": "Ratify at once.", name: 1}, ["en"])
    assert (answer.status_code, [fault["parameter"] for fault in answer.json()["errors"]]) == (422, [name])
    assert rows(record) == before


def test_unpublishing_takes_a_public_reason_and_no_field_of_the_record(send, record):
    before, sent = rows(record), dict.fromkeys(columns(Recommendation), "internal")
    assert send("POST", "unpublish_recommendation", sent, []).status_code == 422
    assert rows(record) == before


def test_a_deed_without_a_form_takes_nothing_that_is_sent(send, record):
    Recommendation.objects.filter(pk=record.pk).update(is_published=False)
    (before, texts), sent = rows(record), dict.fromkeys(columns(Recommendation), "internal")
    assert send("POST", "publish_recommendation", sent, []).status_code == 200
    after, texts_after = rows(record)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"is_published", "version", "changed_at"}
    assert texts_after == texts
