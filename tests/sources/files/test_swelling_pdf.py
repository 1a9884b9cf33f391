"""A PDF of a few thousand bytes that swells to more than a machine holds, or that never ends, is refused alone."""

import resource
import tempfile

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import detect
from servanda.sources.documents.reader import read_document
from servanda.sources.files import pdf, scans
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import read_into_units
from tests import make
from tests.sources.documents_make import printed_pdf, reading_never_ends, swelling_stream

TITLE = "Concluding observations on the fifth periodic report of Slovenia"
FIRST = [
    TITLE,
    "1. The Committee recommends that the State party adopt a law.",
    "2. It urges the State party to act.",
]
SMALL, SWOLLEN = 10_000, 400_000_000  # bytes
TOO_MUCH = "needs too much memory or is"


@pytest.fixture(scope="module")
def swelling():
    page = swelling_stream(["3. The Committee urges."], millions=SWOLLEN // 1_000_000)
    assert len(page) < SMALL
    return page


@pytest.fixture(autouse=True)
def less_memory(monkeypatch):
    """As much as is used by many tests at once; unpacked, the page asks for twice its size."""
    monkeypatch.setattr(pdf, "MOST_MEMORY", 700_000_000)


@pytest.fixture
def by(client):
    make.country()
    return make.signed_in(client, Role.COORDINATOR)


def grown() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_000


@pytest.mark.django_db
def test_what_swells_on_its_first_page_is_refused_at_the_door(client, by, tmp_path, swelling):
    path = printed_pdf(tmp_path / "swelling.pdf", [swelling])
    before = grown()
    file = SimpleUploadedFile("swelling.pdf", path.read_bytes())
    answer = client.post(reverse("desk:receive_files"), {"files": [file]}, follow=True)
    assert f"swelling.pdf could not be read: it {TOO_MUCH}" in answer.content.decode()
    assert not Batch.objects.exists()
    assert grown() - before < SWOLLEN // 4


@pytest.mark.django_db
def test_the_worker_survives_what_swells_further_in_and_reads_the_next(client, by, tmp_path, swelling):
    batches = []
    for name, pages in (("late.pdf", [FIRST, ["3. It urges."], swelling]), ("sound.pdf", [FIRST])):
        with printed_pdf(tmp_path / name, pages).open("rb") as file:
            batches.append(pipeline.receive_file(file=File(file), name=name, by=by))
    before = grown()
    for batch in batches:
        read_into_units(batch)
        batch.refresh_from_db()
    late, sound = batches
    assert (late.shape, late.state, sound.state) == ("document", "failed", "uploaded")
    assert TOO_MUCH in late.message
    assert DocumentReading.objects.get(batch=sound).units.filter(number="2").exists()
    assert grown() - before < SWOLLEN // 4
    page = client.get(reverse("desk:show_import", args=[late.key])).content.decode()
    assert TOO_MUCH in page
    assert reverse("desk:recognise_text", args=[late.key]) not in page


def test_no_picture_is_drawn_of_a_page_that_swells_and_the_others_are(tmp_path, swelling):
    path = printed_pdf(tmp_path / "swelling.pdf", [FIRST, swelling])
    assert pdf.drawn(path, 1).startswith(b"\x89PNG")
    with pytest.raises(Unreadable, match=TOO_MUCH):
        pdf.drawn(path, 2)


def test_what_swells_is_no_scan(tmp_path, swelling):
    assert not scans.is_scan(printed_pdf(tmp_path / "swelling.pdf", [swelling]))


def test_what_swells_less_is_read(tmp_path):
    path = printed_pdf(tmp_path / "wide.pdf", [swelling_stream(FIRST, millions=20)])
    assert read_document(path).units[-1].number == "2"


def test_a_look_that_does_not_end_is_ended(tmp_path, monkeypatch):
    path = printed_pdf(tmp_path / "slow.pdf", [FIRST])
    monkeypatch.setattr(pdf, "MOST_SECONDS", 1)
    reading_never_ends(monkeypatch)
    with pytest.raises(Unreadable, match="takes too long to be read"):
        detect(path)


def test_a_page_that_somebody_looks_at_is_waited_for_no_longer_than_a_look(tmp_path, monkeypatch):
    path = printed_pdf(tmp_path / "slow.pdf", [FIRST])
    monkeypatch.setattr(pdf, "MOST_SECONDS_ON_A_PAGE", 1)
    reading_never_ends(monkeypatch)
    with pytest.raises(Unreadable, match="takes too long to be read"):
        pdf.drawn(path, 1)


def test_a_module_that_somebody_leaves_in_the_folder_for_temporary_files_is_not_run(tmp_path, monkeypatch):
    path = printed_pdf(tmp_path / "sound.pdf", [FIRST])
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    for name in ("pypdfium2", "json", "servanda"):
        (shared / f"{name}.py").write_text(f"open({str(tmp_path / 'was_run')!r}, 'w')")
    assert pdf.pages(path) == 1
    assert not (tmp_path / "was_run").exists()
