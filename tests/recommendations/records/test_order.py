"""The order of records of one document."""

from importlib import import_module
from pathlib import Path

import docx
import pytest
from django.apps import apps

from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from servanda.sources.models import DocumentReading
from tests import make
from tests.sources.units.test_reading import confirmed, sent

pytestmark = pytest.mark.django_db
NUMBERS = ["9", "10(a)", "10(b)", "11"]
ASKS = (
    "9. The Committee recommends that the State party ratify the Convention.",
    "10. The Committee recommends that the State party:",
    "(a) Amend its criminal code so that protection orders are enforced without delay;",
    "(b) Ensure that sufficient shelters are available in all regions.",
    "11. The Committee recommends that the State party adopt a national action plan.",
)


@pytest.fixture
def imported(tmp_path):
    make.country()
    make.body("CERD")
    by = make.user(Role.COORDINATOR)
    reading = DocumentReading.objects.get(batch=sent(observations(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD")
    confirmed(DocumentReading.objects.get(pk=reading.pk), by)


def observations(path: Path) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "CERD/C/SVN/CO/7"
    document.add_heading("Concluding observations on the seventh periodic report of Slovenia", 1)
    for line in ASKS:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def paragraphs() -> list[str]:
    return list(Recommendation.objects.order_by("order_key").values_list("paragraph", flat=True))


def test_lettered_paragraphs_stand_between_their_neighbours(imported):
    assert paragraphs() == NUMBERS


def test_records_that_were_imported_before_are_ordered_by_the_update(imported):
    for record in Recommendation.objects.filter(paragraph__contains="("):
        record.order_key = record.order_key.replace(" ", "-000010.a ", 1)
        record.save()
    assert paragraphs() != NUMBERS
    import_module("servanda.recommendations.migrations.0002_order_of_lettered_paragraphs").order_records(apps, None)
    assert paragraphs() == NUMBERS
