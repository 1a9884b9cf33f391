"""One recommendation as a PDF and as a Word file."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from pypdfium2 import PdfDocument

from servanda.recommendations.models import Position, Tagging
from tests import assessing_make, make

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


@pytest.fixture
def record():
    record = make.recommendation("Ratify the Convention.", stand="supported")
    Position.objects.create(recommendation=record, stand="supported", date=date(2025, 3, 1), comment="At once.")
    Position.objects.create(recommendation=record, stand="noted", is_draft=True, comment=CANARY)
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="source", scheme="uhri")
    Tagging.objects.create(recommendation=record, term=make.term(CANARY), origin="machine", confidence=0.9)
    assessing_make.assessment(record, "partial", reason="The law is in force.")
    return record


def fetch(client, record, format: str, language: str = "en"):
    url = reverse("portal:recommendation_file", args=[record.code, format])
    return client.get(url, headers={"accept-language": language})


def words_of_docx(answer) -> list[str]:
    return [line.text for line in Document(BytesIO(b"".join(answer.streaming_content))).paragraphs]


def test_the_word_file_holds_what_the_page_shows_in_its_order(client, record):
    answer = fetch(client, record, "docx")
    assert record.code in answer["Content-Disposition"]
    lines = words_of_docx(answer)
    wanted = [
        "Ratify the Convention.",
        "Labels",
        "Position of the State",
        "At once.",
        "Implementation status",
        "The law is in force.",
    ]
    assert [line for line in lines if line in wanted] == wanted
    assert any(line.startswith("Supported, 1 March 2025") for line in lines)
    assert lines[-1] == f"http://testserver{record.get_absolute_url()}"
    assert CANARY not in "\n".join(lines)


def test_the_pdf_holds_the_same_on_one_page(client, record):
    paper = PdfDocument(b"".join(fetch(client, record, "pdf").streaming_content))
    words = paper[0].get_textpage().get_text_bounded()
    assert len(paper) == 1
    paper.close()
    for part in ("Ratify the Convention.", "Supported, 1 March 2025", "The law is in force.", "1 / 1"):
        assert part in words
    assert CANARY not in words


def test_a_word_file_in_arabic_is_written_from_right_to_left_and_the_text_as_its_language_is(client, record):
    file = Document(BytesIO(b"".join(fetch(client, record, "docx", "ar").streaming_content)))
    by_text = {line.text: "w:bidi" in line._p.xml for line in file.paragraphs}
    assert by_text["Ratify the Convention."] is False
    assert by_text["موقف الدولة"] is True


@pytest.mark.parametrize("fields", [{"is_published": False}, {"confidentiality": "internal"}])
def test_there_is_no_file_of_what_is_not_public(client, fields):
    assert fetch(client, make.recommendation(**fields), "pdf").status_code == 404
    assert fetch(client, make.recommendation(), "odt").status_code == 404
