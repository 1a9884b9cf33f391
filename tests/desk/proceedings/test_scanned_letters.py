"""A letter that was scanned: nothing is read, so a person enters it beside its pages, and the scan is kept."""

from pathlib import Path

import pytest
from django.core.files import File
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.proceedings.models import Proceeding, ProceedingFile
from servanda.recommendations.imports import pipeline
from servanda.sources.files import scans
from tests import make, proceedings_make
from tests.sources import documents_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(client, monkeypatch):
    monkeypatch.setattr(scans, "program", lambda: None)
    make.country()
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def batch(by, tmp_path) -> Batch:
    path = documents_make.page_without_text(tmp_path / "letter.pdf")
    with path.open("rb") as content:
        sent = pipeline.receive_file(file=File(content), name=path.name, by=by)
    pipeline.preview_batch(sent)
    return sent


def address(batch: Batch) -> str:
    return f"{reverse('desk:add_proceeding')}?scan={batch.key}"


def test_the_import_of_a_scan_says_what_to_do_next(client, batch):
    page = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert "no text recognition is installed. Enter the fields yourself" in page
    assert address(batch) in page


def test_the_form_shows_the_pages_of_the_scan_and_keeps_it_as_a_file_of_the_mechanism(client, batch, by):
    page = client.get(address(batch)).content.decode()
    picture = reverse("desk:page_image", args=[batch.key, 1])
    assert picture in page
    assert client.get(picture).content.startswith(b"\x89PNG")
    assert client.get(reverse("desk:page_image", args=[batch.key, 2])).status_code == 404
    body = proceedings_make.mandate()
    sending = {"type": "communication:allegation", "reference": "AL SVN 3/2026", "title": "Detention"}
    sending |= {"bodies": [body.pk], "received_on": "2026-01-14"}
    answer = client.post(address(batch), sending, follow=True)
    made = Proceeding.objects.get()
    file = ProceedingFile.objects.get()
    assert (file.proceeding, file.name, file.kind, file.is_shared) == (made, "letter.pdf", "letter", False)
    assert "The scan was added to its files." in answer.content.decode()


def test_a_file_that_is_no_scan_and_a_key_of_nothing_are_not_found(client, by, tmp_path):
    path: Path = documents_make.pdf(tmp_path / "text.pdf")
    with path.open("rb") as content:
        read = pipeline.receive_file(file=File(content), name=path.name, by=by)
    for key in (read.key, "7e7de30b-219d-4224-9ab3-212bcc29a13a", "x"):
        assert client.get(f"{reverse('desk:add_proceeding')}?scan={key}").status_code == 404


def test_a_scan_added_to_an_entry_is_said_not_to_be_read(client, by, tmp_path):
    made = proceedings_make.proceeding(by)
    path = documents_make.page_without_text(tmp_path / "annex.pdf")
    with path.open("rb") as content:
        sending = {"kind": "annex", "file": content}
        answer = client.post(reverse("desk:add_proceeding_file", args=[made.key]), sending, follow=True)
    assert "Nothing is read from it" in answer.content.decode()
