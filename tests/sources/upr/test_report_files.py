"""Which files are reports of the UPR Working Group, and what is said of those that are not or cannot be read."""

import zipfile

import docx
import pypdfium2
import pytest

from servanda.sources.candidates import Stand, Unreadable
from servanda.sources.upr import working_group
from tests.paths import SLOVENIA, TRUTH
from tests.sources.reports_make import HEAD, NAMES, add_numbering


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (SLOVENIA / "upr1-report.pdf", "working-group"),
        (SLOVENIA / "upr2-addendum.pdf", "addendum"),
        (SLOVENIA / "upr3-thematic-list.docx", "thematic-list"),
        (TRUTH / "upr1-outcome.pdf", None),
    ],
)
def test_the_shape_of_a_document_is_recognised_by_its_first_page(path, shape, tmp_path):
    anonymous = tmp_path / "download"
    anonymous.write_bytes(path.read_bytes())
    assert working_group.recognise(anonymous) == shape


def test_the_decision_on_the_outcome_is_refused_by_what_it_is():
    with pytest.raises(Unreadable, match="decision by which the Council adopted the outcome"):
        list(working_group.read(TRUTH / "upr1-outcome.pdf", country_names=NAMES))


def test_national_report_compilation_and_summary_are_refused_by_what_they_are(shared_data):
    folder = shared_data / "documents" / "slovenia_upr"
    for name, kind in (
        ("c3_g1923444", "national report"),
        ("c3_g1925890", "compilation"),
        ("c3_g1924226", "summary"),
    ):
        with pytest.raises(Unreadable, match=kind):
            list(working_group.read(folder / f"{name}.pdf", country_names=NAMES))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4 nothing behind", "damaged or incomplete"),
        (b"PK\x03\x04 nothing behind", "damaged or incomplete"),
        (b"\x00\x01\x02", "neither PDF, DOCX nor plain text"),
        (b"\xd0\xcf\x11\xe0 nothing behind", "protected by a password"),
        (b"Dear colleagues, see you on Monday.", "is not a report"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_plain_message(content, message, tmp_path):
    path = tmp_path / "wrong.bin"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        list(working_group.read(path, country_names=NAMES))
    assert working_group.recognise(path) is None


def test_a_pdf_of_pictures_is_refused_because_it_has_no_text(tmp_path):
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(tmp_path / "scan.pdf")
    with pytest.raises(Unreadable, match="contains only images of pages, no text. Send a version"):
        list(working_group.read(tmp_path / "scan.pdf", country_names=NAMES))


def test_a_word_file_that_unpacks_without_end_is_not_opened(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b" " * 310_000_000)
    with pytest.raises(Unreadable, match="unpacks to 310 MB and was not opened"):
        working_group.read(path, country_names=NAMES)


def test_a_word_report_with_automatic_numbers_is_read_like_a_pdf(tmp_path):
    document = docx.Document()
    add_numbering(document)
    for line in [*HEAD.splitlines(), "II.\tConclusions and/or recommendations"]:
        document.add_paragraph(line)
    numbered(document, "The following recommendations enjoy the support of Slovenia:", depth=0)
    numbered(document, "Ratify the Convention (Peru);", depth=1)
    numbered(document, "Build schools (Norway).", depth=1)
    numbered(document, "The recommendations below did not enjoy the support of Slovenia:", depth=0)
    numbered(document, "Abolish it (Spain).", depth=1)
    document.add_paragraph("Annex")
    document.save(tmp_path / "report.docx")
    found = list(working_group.read(tmp_path / "report.docx", country_names=NAMES))
    assert [(item.paragraph, item.position.stand) for item in found] == [
        ("60.1", Stand.SUPPORTED), ("60.2", Stand.SUPPORTED), ("61.1", Stand.NOTED),
    ]  # fmt: skip
    assert found[0].texts == {"en": "Ratify the Convention (Peru)"}


def test_a_report_in_a_language_that_cannot_be_read_asks_for_another_version():
    with pytest.raises(Unreadable, match="English, French or Spanish version"):
        working_group.read_text(
            "A/HRC/99/7\nتقرير الفريق العامل المعني بالاستعراض الدوري الشامل\nسلوفينيا\n", country_names=NAMES
        )


def numbered(document, text: str, *, depth: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = 91
    properties.get_or_add_ilvl().val = depth
