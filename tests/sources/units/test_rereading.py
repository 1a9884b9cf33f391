"""A file that no reader knows, read as a document; a scan, recognised where the program for it is installed."""

from pathlib import Path

import docx
import pytest
from django.core.files import File
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.sources.files import scans
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import read_into_units
from servanda.sources.units.rereading import recognise_and_read
from tests import make
from tests.sources import documents_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(client):
    make.country()
    return make.signed_in(client, Role.COORDINATOR)


def sent(path: Path, by) -> Batch:
    """As it is when the reader that it was taken for has given up on it."""
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    pipeline.preview_batch(batch)
    return batch


def minutes(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("Conclusions of the parliamentary inquiry into prisons")
    for number, text in enumerate(["The Government should renew the prisons.", "Guards should be trained."], 1):
        document.add_paragraph(f"{number}.\t{text}")
    document.save(str(path))
    return path


def test_a_file_of_an_unknown_kind_is_read_by_its_numbers_once_a_person_says_so(client, by, tmp_path):
    batch = sent(minutes(tmp_path / "inquiry.docx"), by)
    assert (batch.shape, batch.state) == ("working-group", "failed")
    page = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert reverse("desk:read_as_document", args=[batch.key]) in page
    assert reverse("desk:recognise_text", args=[batch.key]) not in page
    client.post(reverse("desk:read_as_document", args=[batch.key]))
    batch.refresh_from_db()
    assert batch.shape == "document"
    read_into_units(batch)
    units = DocumentReading.objects.get(batch=batch).units
    assert list(units.values_list("number", flat=True)) == ["1", "2"]


def test_what_is_no_document_stays_what_it_is(client, by):
    sheet = Batch.objects.create(shape="sheet", name="x.csv", sha256="1" * 64, created_by=by)
    client.post(reverse("desk:read_as_document", args=[sheet.key]))
    sheet.refresh_from_db()
    assert sheet.shape == "sheet"


@pytest.fixture
def tesseract(tmp_path, monkeypatch):
    """In the place of the program: it knows English, and reads the same page whatever it is shown."""
    page = documents_make.pdf(tmp_path / "page.pdf")
    program = tmp_path / "tesseract"
    listing = '[ "$1" = --list-langs ] && echo eng && exit'
    program.write_text(f"#!/bin/sh\n{listing}\ncat > /dev/null\ncat '{page}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(scans, "program", lambda: str(program))


def test_a_scan_is_recognised_only_where_the_program_is_there(client, by, tmp_path, monkeypatch):
    monkeypatch.setattr(scans, "program", lambda: None)
    batch = sent(documents_make.page_without_text(tmp_path / "scan.pdf"), by)
    assert "contains only images of pages, no text. Send a version" in batch.message
    address = reverse("desk:recognise_text", args=[batch.key])
    assert address not in client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    client.post(address)
    batch.refresh_from_db()
    assert batch.state == "failed"


def test_a_scan_is_recognised_and_read_after_a_person_asked_for_it(client, by, tmp_path, tesseract):
    batch = sent(documents_make.page_without_text(tmp_path / "scan.pdf"), by)
    address = reverse("desk:recognise_text", args=[batch.key])
    assert address in client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    client.post(address)
    batch.refresh_from_db()
    scan = Path(batch.file.path)
    recognise_and_read(batch)
    batch.refresh_from_db()
    assert (batch.shape, batch.state, scan.exists()) == ("document", "uploaded", False)
    assert DocumentReading.objects.get(batch=batch).units.filter(number="2(a)").exists()


def test_the_first_page_tells_in_which_language_the_rest_is_looked_for(tmp_path, monkeypatch):
    """A stand-in that writes down what it was asked for; the page it gives back is in English."""
    page, asked = documents_make.pdf(tmp_path / "page.pdf"), tmp_path / "asked"
    program = tmp_path / "tesseract"
    listing = '[ "$1" = --list-langs ] && printf "ara\\neng\\nfra\\n" && exit'
    program.write_text(f"#!/bin/sh\n{listing}\necho \"$4\" >> '{asked}'\ncat > /dev/null\ncat '{page}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(scans, "program", lambda: str(program))
    scans.recognised(documents_make.page_without_text(tmp_path / "scan.pdf"), ["fr", "ar", "en", "es"])
    assert asked.read_text().split() == ["fra+ara+eng", "eng"]


def test_a_program_that_fails_leaves_a_sentence(client, by, tmp_path, monkeypatch):
    monkeypatch.setattr(scans, "program", lambda: "/bin/false")
    batch = sent(documents_make.page_without_text(tmp_path / "scan.pdf"), by)
    recognise_and_read(batch)
    batch.refresh_from_db()
    assert (batch.state, "could not be recognised" in batch.message) == ("failed", True)


def test_a_pdf_with_text_is_no_scan(tmp_path):
    assert scans.is_scan(documents_make.page_without_text(tmp_path / "scan.pdf"))
    assert not scans.is_scan(documents_make.pdf(tmp_path / "text.pdf"))
