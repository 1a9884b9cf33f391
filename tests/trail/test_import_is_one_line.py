import pytest
from django.core.files.base import ContentFile

from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.services.loading import load_vocabulary
from tests import make
from tests.paths import SLOVENIA

pytestmark = pytest.mark.django_db


def test_a_file_of_many_records_is_applied_with_one_line_and_not_one_for_each():
    load_vocabulary()
    path = min(SLOVENIA.glob("upr*report*"), key=lambda path: path.stat().st_size)
    by = make.user("coordinator")
    batch = pipeline.receive_file(file=ContentFile(path.read_bytes()), name=path.name, by=by)
    pipeline.preview_batch(batch)
    before = Event.objects.count()
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    assert Recommendation.objects.count() > 50
    assert list(Event.objects.order_by("sequence").values_list("action", flat=True))[before:] == ["import-applied"]
