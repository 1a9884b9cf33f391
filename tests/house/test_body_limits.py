"""How much each page receives: 1 MB, or the limit that it names, for whom it names."""

import ast
import inspect
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse

from servanda.intake.models import Batch
from servanda.kit.server.body_limits import ALLOWED, ASKS, MEGABYTE, BodyLimit
from tests import make
from tests.house.syntax import nodes_beside

pytestmark = pytest.mark.django_db
PACKAGE = Path(__file__).resolve().parents[2] / "servanda"
FORM = "application/x-www-form-urlencoded"


def views() -> dict[tuple[str, str], object]:
    """All views of the house, by their module and name."""
    found, waiting = {}, [get_resolver()]
    while waiting:
        for pattern in waiting.pop().url_patterns:
            if isinstance(pattern, URLPattern):
                view = inspect.unwrap(pattern.callback)
                found[view.__module__, view.__name__] = pattern.callback
            else:
                waiting.append(pattern)
    return found


def readers_of_files() -> set[tuple[str, str]]:
    """Functions in whose text `request.FILES` stands."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(("servanda", *path.relative_to(PACKAGE).with_suffix("").parts))
        for function in nodes_beside(["FILES"], path.read_text()):
            if isinstance(function, ast.FunctionDef) and ".FILES" in ast.unparse(function):
                found.add((module, function.name))
    return found


def test_every_page_that_accepts_files_names_its_limit():
    by_name, readers = views(), readers_of_files()
    assert len(readers) >= 5
    without = [name for name in readers if not isinstance(getattr(by_name.get(name), "body_limit", None), BodyLimit)]
    assert without == []


def test_no_page_without_files_receives_more_than_others():
    named = {name for name, view in views().items() if hasattr(view, "body_limit")}
    assert named == readers_of_files()


LIMITS = {
    ("servanda.desk.imports.views", "receive_files"): 600,
    ("servanda.desk.sheets.views", "send_sheet"): 20,
    ("servanda.desk.consultations.comments", "add_consultation_comment"): 20,
    ("servanda.desk.consultations.comments", "edit_consultation_comment"): 20,
    ("servanda.desk.contributions.views", "contribute"): 20,
    ("servanda.desk.proceedings.files", "add_proceeding_file"): 7,
    ("servanda.desk.training.materials", "add_material"): 7,
    ("servanda.desk.mechanisms.legal_texts", "add_legal_text"): 7,
    ("servanda.desk.meetings.contents", "add_paper"): 7,
    ("servanda.desk.obligations.files", "add_obligation_file"): 7,
    ("servanda.desk.updates.evidence", "add_evidence"): 7,
    ("servanda.desk.updates.reviewing", "enter_on_behalf"): 7,
    ("servanda.desk.updates.writing", "save_update"): 7,
    ("servanda.desk.reports.returning", "send_word_file"): 40,
    ("servanda.desk.reports.translation_tables", "send_translation_table"): 10,
    ("servanda.desk.reports.word_templates", "add_word_template"): 10,
    ("servanda.exchange.format.views", "check_file"): 20,
    ("servanda.exchange.parcels.views", "receive_parcel"): 20,
    ("servanda.exchange.parcels.views", "receive_unsigned"): 20,
}


def test_the_limits_are_these_and_those_of_evidence_follow_the_setting(settings):
    settings.EVIDENCE_MB = 7
    assert {
        name: view.body_limit.megabytes() for name, view in views().items() if hasattr(view, "body_limit")
    } == LIMITS


def large(address: str, client, megabytes: int = 2, **headers: str) -> HttpResponse:
    """Announced, and not sent: the answer has to come without it."""
    return client.generic("POST", address, b"", CONTENT_LENGTH=str(megabytes * MEGABYTE), **headers)


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json", "text/plain"])
@pytest.mark.parametrize("name", ["desk:receive_files", "portal:contribute", "set_language", "account_login"])
def test_a_stranger_sends_at_most_one_megabyte_anywhere(client, name, kind):
    answer = large(reverse(name), client, CONTENT_TYPE=kind)
    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()


def test_an_address_that_does_not_exist_receives_no_more(client):
    assert large("/nowhere/", client).status_code == 413


def test_the_page_is_in_the_language_of_the_reader_and_needs_no_script(client):
    answer = large("/language/", client, HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    assert 'dir="rtl"' in answer
    assert "<script" not in answer


def test_the_api_answers_a_program_in_json(client):
    answer = large("/api/v1/recommendations", client, CONTENT_TYPE="application/json")
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["errors"][0]["message"]


def test_whoever_may_import_sends_more_and_still_not_everything(client):
    make.signed_in(client, "coordinator")
    asked = large(reverse("desk:receive_files"), client, 500, **{ASKS: True})
    assert (asked.status_code, int(asked[ALLOWED]) // MEGABYTE) == (204, 600)
    refused = large(reverse("desk:receive_files"), client, 601)
    assert refused.status_code == 413
    assert "600 MB" in refused.content.decode()


def test_a_reader_sends_no_import(client):
    make.signed_in(client, "reader")
    assert large(reverse("desk:receive_files"), client).status_code == 413


def test_a_file_within_the_limit_arrives(client):
    make.signed_in(client, "coordinator")
    file = SimpleUploadedFile("large.csv", b"Text,Country\n" + b"a,b\n" * 400_000)
    client.post(reverse("desk:receive_files"), {"files": file})
    assert Batch.objects.get().size > MEGABYTE
