"""A JSON file of a hundred thousand brackets, 200 kB, is refused on the page and never fills the memory."""

import json
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

DEEPEST = 100_000
FIRST = b'[{"AnnotationId": "1", "Text": "Ratify.", "Countries": ["Slovenia"], "Symbol": "A/HRC/59/15"},'
API_FIRST = b'{"annotationId": "1", "countryIds": [], "bodyId": "2"}\n'
DEEP = {
    "lists": b"[" * DEEPEST + b"]" * DEEPEST,
    "lists never closed": b"[" * DEEPEST,
    "objects": b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST,
    "objects never closed": b'{"a":' * DEEPEST,
    "both": b'[{"a":' * (DEEPEST // 2) + b"1" + b"}]" * (DEEPEST // 2),
    "both never closed": b'[{"a":' * (DEEPEST // 2),
    "a field of the first record": b'[{"Text": ' + b"[" * DEEPEST,
}
ENOUGH_MEMORY = 30_000_000


@pytest.fixture
def coordinator(client):
    make.country()
    return make.signed_in(client, Role.COORDINATOR)


@pytest.mark.parametrize("content", DEEP.values(), ids=DEEP)
def test_a_deep_file_is_refused_with_its_reason(client, coordinator, content):
    tracemalloc.start()
    try:
        file = SimpleUploadedFile("export.json", content)
        answer = client.post(reverse("desk:receive_files"), {"files": file, "country": "SVN"}, follow=True)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert "has too many nested levels soon after record 0: at most 64 levels can be read." in answer.content.decode()
    assert most < ENOUGH_MEMORY
    assert not Batch.objects.exists()
    assert "too many nested levels" in Event.objects.get(action="refused").difference


@pytest.mark.parametrize("shape", ["uhri-json", "uhri-api"])
@pytest.mark.parametrize("content", DEEP.values(), ids=DEEP)
def test_a_file_that_becomes_deep_later_fails_in_the_preview(coordinator, content, shape):
    """Its first records say what it is, so it is received; enough of them that the first piece has no more."""
    first = FIRST + b" " * 40_000 if shape == "uhri-json" else API_FIRST + b" " * 40_000
    file = SimpleUploadedFile("export.json", first + content)
    batch = pipeline.receive_file(file=file, name="export.json", by=coordinator)
    assert batch.shape == shape
    pipeline.preview_batch(batch)
    assert batch.state == Batch.State.FAILED
    assert "has too many nested levels soon after record 1" in batch.message


def test_one_record_that_never_ends_is_refused(client, coordinator):
    wide = FIRST[:-2] + b', "Themes": [' + b"[]," * 3_000_000
    file = SimpleUploadedFile("export.json", wide)
    answer = client.post(reverse("desk:receive_files"), {"files": file, "country": "SVN"}, follow=True)
    assert "has a record that is too long soon after record 0." in answer.content.decode()


def test_deep_lists_within_a_text_are_text(coordinator):
    record = {"AnnotationId": "1", "Text": "[{" * DEEPEST, "Countries": ["Slovenia"], "Symbol": "A/HRC/59/15"}
    file = SimpleUploadedFile("export.json", json.dumps([record]).encode())
    batch = pipeline.receive_file(file=file, name="export.json", by=coordinator)
    pipeline.preview_batch(batch)
    assert batch.state == Batch.State.PREVIEWED
