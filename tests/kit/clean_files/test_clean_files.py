"""A name planted in each place that tells of an author is in no byte of the cleaned file; the text stays."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from PIL import Image
from python_calamine import CalamineWorkbook

from servanda.kit.clean_files import apart, pictures, process
from servanda.kit.clean_files.fields import treatment_of
from servanda.kit.clean_files.parts import NotCleaned
from servanda.kit.refusal import Refused
from servanda.progress.evidence.file_kinds import KINDS, kind_of
from tests.kit import planted_office as office
from tests.kit import planted_pdf as pdf
from tests.kit.planted_office import NAME

PDF, ODT, ODS = "application/pdf", process.ODT, process.ODS
DOCX, XLSX = f"{process.OFFICE}wordprocessingml.document", f"{process.OFFICE}spreadsheetml.sheet"
PLANTED = {
    "docx": (DOCX, office.docx),
    "docx of a library": (DOCX, office.docx_of_library),
    "xlsx": (XLSX, office.xlsx),
    "odt": (ODT, lambda: office.open_document(ODT, office.ODT_BODY)),
    "ods": (ODS, lambda: office.open_document(ODS, office.ODS_BODY)),
    "pdf": (PDF, pdf.planted),
    "pdf form": (PDF, pdf.form_filled_in),
}


def cleaned(content: bytes, mime: str, place: Path) -> bytes:
    path = place / "file"
    path.write_bytes(content)
    return apart.cleaned(path, mime, "report.file")


@pytest.fixture
def in_this_process(monkeypatch):
    """What becomes of each planted name, and of some refused files, is seen in a process of its own; starting one is
    what takes time."""
    monkeypatch.setattr(apart, "cleaned_apart", lambda path, mime: process.cleaned(str(path), mime))


def layers(content: bytes) -> list[bytes]:
    """The file as it is, and whatever is packed in it."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found += [part.filename.encode() for part in archive.infolist()]
            found += [layer for part in archive.infolist() for layer in layers(archive.read(part))]
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as document:
            for thing in document.objects:
                found.append(thing.unparse(resolved=True))
                if isinstance(thing, pikepdf.Stream):
                    found.append(thing.read_raw_bytes())
                    is_picture = "/Filter" in thing and b"/DCTDecode" in thing.Filter.unparse()
                    found.append(b"" if is_picture else thing.read_bytes())
            found.append(str(document.trailer.keys()).encode())
    return found


def hits(content: bytes) -> list[bytes]:
    spelled = [NAME.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    spelled += [NAME.encode().hex().encode(), base64.b64encode(NAME.encode())[:8]]
    wanted = [word.lower() for word in spelled]
    return [layer[:200] for layer in layers(content) if any(word in layer.lower() for word in wanted)]


@pytest.mark.parametrize("shape", PLANTED)
def test_a_planted_name_is_in_no_byte_of_the_cleaned_file(shape, tmp_path):
    mime, make = PLANTED[shape]
    content = make()
    assert hits(content)
    assert hits(cleaned(content, mime, tmp_path)) == []


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("shape", PLANTED)
def test_cleaning_twice_changes_nothing_more(shape, tmp_path):
    mime, make = PLANTED[shape]
    once = cleaned(make(), mime, tmp_path)
    assert cleaned(once, mime, tmp_path) == once


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("shape", PLANTED)
def test_the_cleaned_file_is_of_the_same_kind(shape, tmp_path):
    mime, make = PLANTED[shape]
    path = tmp_path / "cleaned"
    path.write_bytes(cleaned(make(), mime, tmp_path))
    ending = next(kind.endings[0] for kind in KINDS if kind.mime == mime)
    assert kind_of(path, f"cleaned{ending}").mime == mime


@pytest.mark.usefixtures("in_this_process")
def test_a_word_file_accepts_insertions_and_drops_deletions(tmp_path):
    content = cleaned(office.docx(), DOCX, tmp_path)
    shown = office.texts(content, tmp_path / "read.docx")
    assert [text.replace("\n", "") for text in shown] == office.SHOWN
    parts = office.parts_of(content)
    assert any(b"A head." in part for part in parts.values())
    assert sum(b"A note." in part for part in parts.values()) == 2
    assert any(b"https://example.org/ramp" in part for part in parts.values())
    assert any(b"A cell." in part for part in parts.values())
    assert sum(name.endswith((".png", ".jpeg")) for name in parts) == 4


@pytest.mark.parametrize(
    ("instruction", "becomes"),
    [
        ('HYPERLINK "https://example.org/a"', "stays"),
        ('HYPERLINK "https://example.org/a" \\l "part_2" \\o "Our page"', "stays"),
        ('HYPERLINK \\l "_Toc123"', "stays"),
        ('HYPERLINK \\l "a" "file://server/share/x"', "unlinked"),
        ('HYPERLINK "https://example.org" "\\\\\\\\server\\\\share"', "unlinked"),
        ('HYPERLINK "https://example.org" \\t "file:///C:/x"', "unlinked"),
        ('HYPERLINK \\l "D:/shared/x"', "unlinked"),
        ("HYPERLINK", "unlinked"),
        ('RD "other.docx"', "unlinked"),
        ("DDEAUTO c:\\\\x.exe", "unlinked"),
        ('TOC \\o "1-3" \\h \\z \\u', "stays"),
        ("SEQ Table \\* ARABIC", "stays"),
        ('DOCPROPERTY "Title"', "unlinked"),
        ("DOCPROPERTY Manager", "forgotten"),
        ("= 1 + 2", "stays"),
    ],
)
def test_a_field_that_points_elsewhere_keeps_only_its_text(instruction, becomes):
    assert treatment_of(instruction) == becomes


@pytest.mark.usefixtures("in_this_process")
def test_the_text_of_a_word_file_stays_with_its_tables_and_pictures(tmp_path):
    before = office.docx_of_library()
    after = cleaned(before, DOCX, tmp_path)
    assert office.texts(after, tmp_path / "a.docx") == office.texts(before, tmp_path / "b.docx")
    parts = office.parts_of(after)
    assert any(b"A head" in part for part in parts.values())
    assert any(b"A cell" in part for part in parts.values())
    assert any(name.endswith(".jpeg") for name in parts)


@pytest.mark.usefixtures("in_this_process")
def test_the_values_of_a_workbook_stay(tmp_path):
    after = cleaned(office.xlsx(), XLSX, tmp_path)
    book = CalamineWorkbook.from_filelike(BytesIO(after))
    assert book.sheet_names == ["Ramps"]
    assert book.get_sheet_by_name("Ramps").to_python() == [["No ramp", 42.0, 2.0, 7.0]]
    parts = b"".join(office.parts_of(after).values())
    assert parts.count(b"<f") == parts.count(b"<f>1+1</f>") == 1


@pytest.mark.usefixtures("in_this_process")
def test_the_text_of_open_documents_stays(tmp_path):
    after = office.parts_of(cleaned(office.open_document(ODT, office.ODT_BODY), ODT, tmp_path))
    body = etree.fromstring(after["content.xml"])
    assert "".join(body.itertext()).replace("\n", "") == office.ODT_SHOWN
    assert "Pictures/1.png" in after
    assert next(iter(after)) == "mimetype"
    sheet = cleaned(office.open_document(ODS, office.ODS_BODY), ODS, tmp_path)
    assert CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python() == [["No ramp"]]


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("make", [pdf.plain, pdf.planted])
def test_the_text_of_a_pdf_stays_and_its_links_to_the_web(make, tmp_path):
    before = make()
    after = cleaned(before, PDF, tmp_path)
    assert pdf.text_of(after) == pdf.text_of(before)
    assert (b"https://example.org/" in b"".join(layers(after))) == (make is pdf.planted)
    assert after.count(b"startxref") == 1


@pytest.mark.usefixtures("in_this_process")
def test_what_was_filled_into_a_form_is_printed_into_the_page(tmp_path):
    assert "Filled in" in "".join(pdf.text_of(cleaned(pdf.form_filled_in(), PDF, tmp_path)))


def bomb() -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE w:document [<!ENTITY a0 "ha">{entities}]><w:document {office.SPACES}>&a9;</w:document>'


OUTSIDE = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {office.SPACES}>&a;</w:document>'
OBJECT = "<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>"
EMF = (office.picture("rEmf"), {"word/media/e.emf": b"\x01\0\0\0" + NAME.encode()})
EMF[1]["word/_rels/document.xml.rels"] = office.relations(("rEmf", "image", "media/e.emf"))
REFUSED = {
    "entities that swell": (DOCX, lambda: office.docx(more={"word/document.xml": bomb()}), "damaged"),
    "a file of this machine": (DOCX, lambda: office.docx(more={"word/document.xml": OUTSIDE}), "damaged"),
    "no XML": (DOCX, lambda: office.docx(more={"word/document.xml": "<w:document"}), "damaged"),
    "a missing part": (DOCX, lambda: office.docx(more={"_rels/.rels": office.relations()}), "damaged"),
    "an embedded object": (DOCX, lambda: office.docx(body=OBJECT), "other files or programs"),
    "another document": (DOCX, lambda: office.docx(body='<w:altChunk r:id="x"/>'), "other files or programs"),
    "a drawing": (
        DOCX,
        lambda: office.docx(body=EMF[0], more=EMF[1]),
        "it contains images of an unsupported type. Save it as",
    ),
    "an object in a sheet": (XLSX, lambda: office.xlsx(in_sheet="<oleObjects/>"), "other files or programs"),
    "half an archive": (DOCX, lambda: office.docx()[:900], "damaged"),
    "an object in ODT": (
        ODT,
        lambda: office.open_document(ODT, "<office:text><draw:object/></office:text>"),
        "other files or programs",
    ),
    "half a PDF": (PDF, lambda: b"%PDF-1.7\n" + pdf.plain()[900:1200], "damaged"),
    "a PDF with a password": (PDF, lambda: pdf.encrypted(user="u", owner="o"), "encrypted"),
    "a PDF that may not be changed": (PDF, lambda: pdf.encrypted(user="", owner="o"), "encrypted"),
    "a PDF of a form program": (PDF, pdf.of_a_form_program, "not supported"),
    "a picture inside a page of PDF": (
        PDF,
        pdf.drawn_inline,
        "it contains images of an unsupported type. Save it as",
    ),
    "a format that is not known": ("application/zip", lambda: office.archive({"a.zip": b"PK"}), "not supported"),
}


APART = {"entities that swell", "half an archive", "half a PDF", "an object in a sheet", "a format that is not known"}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_cannot_be_cleaned_is_refused_with_what_to_do(request, shape, tmp_path):
    if shape not in APART:
        request.getfixturevalue("in_this_process")
    mime, make, why = REFUSED[shape]
    with pytest.raises(Refused, match=why) as refused:
        cleaned(make(), mime, tmp_path)
    assert "report.file" in str(refused.value)
    assert "ave it as PDF" in str(refused.value)


def test_an_archive_that_swells_ends_alone(tmp_path):
    body = office.run(" " * 20_000_000)
    with pytest.raises(Refused, match="damaged|too large"):
        cleaned(office.docx(body=f"<w:p>{body}</w:p>"), DOCX, tmp_path)


@pytest.mark.usefixtures("in_this_process")
def test_two_parts_of_one_name_are_refused(tmp_path):
    content = BytesIO(office.docx())
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Refused, match="damaged"):
        cleaned(content.getvalue(), DOCX, tmp_path)


@pytest.mark.usefixtures("in_this_process")
def test_a_file_that_is_two_formats_is_only_the_one_it_says(tmp_path):
    both = pdf.plain() + office.docx()
    after = cleaned(both, PDF, tmp_path)
    assert hits(after) == []
    assert b"PK\x03\x04" not in after


@pytest.mark.parametrize("make", [office.png, office.jpeg, office.tiff, office.gif])
def test_a_picture_inside_a_document_keeps_its_pixels_alone(make):
    before = make()
    _ending, after = pictures.cleaned(before)
    assert NAME.encode() not in after
    shown = [Image.open(BytesIO(content)).convert("RGB").tobytes() for content in (before, after)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + bytes(20), b"<svg/>", b"", b"GIF89a"])
def test_a_broken_picture_is_refused(content):
    with pytest.raises(NotCleaned):
        pictures.cleaned(content)
