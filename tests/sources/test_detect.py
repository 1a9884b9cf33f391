"""The shape of a file by its content, and what is refused before anything is parsed."""

import json
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter

from servanda.kit.files import archives
from servanda.sources import detect
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import Shape
from tests.paths import SLOVENIA, SOURCES

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
CELL = '<table:table-cell office:value-type="string"><text:p>Adopt</text:p></table:table-cell>'


def given(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "any-name.pdf.json"
    path.write_bytes(content)
    return path


def open_document(path: Path, rows: str, media_type: str = SPREADSHEET) -> Path:
    table = f'<table:table table:name="S">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media_type, zipfile.ZIP_STORED)
        archive.writestr("content.xml", f"<office:document-content {NAMESPACES}>{body}</office:document-content>")
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["Text", "To"])
    return path


def changed(source: Path, target: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            content = before.read(item)
            after.writestr(item.filename, content.replace(old, new) if item.filename == part else content)
    return target


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (SOURCES / "uhri_export.json", Shape.UHRI_JSON),
        (SOURCES / "uhri_export.xlsx", Shape.UHRI_XLSX),
        (SOURCES / "uhri_api.jsonl", Shape.UHRI_API),
        (SOURCES / "upr_info_mac_roman.csv", Shape.SHEET),
        (SLOVENIA / "upr2-thematic-list.docx", Shape.THEMATIC_LIST),
        (SLOVENIA / "upr3-thematic-list.docx", Shape.THEMATIC_LIST),
        (SLOVENIA / "upr4-thematic-list.docx", Shape.THEMATIC_LIST),
        (SLOVENIA / "upr4-report.pdf", Shape.WORKING_GROUP),
        (SLOVENIA / "upr1-addendum.pdf", Shape.WORKING_GROUP),
    ],
)
def test_the_content_tells_the_shape_and_the_name_does_not(tmp_path, path, shape):
    assert detect.detect(given(tmp_path, path.read_bytes())) == shape


def test_a_list_of_api_records_a_workbook_and_an_ods_are_told_apart(tmp_path):
    lines = (SOURCES / "uhri_api.jsonl").read_text(encoding="utf-8").splitlines()
    assert detect.detect(given(tmp_path, f"[{','.join(lines)}]".encode())) == Shape.UHRI_API
    assert detect.detect(workbook(tmp_path / "a.xlsx")) == Shape.SHEET
    assert (
        detect.detect(open_document(tmp_path / "a.ods", f"<table:table-row>{CELL}{CELL}</table:table-row>"))
        == Shape.SHEET
    )


def test_a_word_document_without_a_list_is_left_to_the_reader_of_reports(tmp_path):
    document = docx.Document()
    document.add_paragraph("Report of the Working Group on the Universal Periodic Review")
    document.save(tmp_path / "report.docx")
    assert detect.detect(tmp_path / "report.docx") == Shape.WORKING_GROUP


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \x00\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n rest", "is a picture"),
        (b"\xff\xd8\xff\xe0 rest", "is a picture"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b"\xef\xbb\xbf<html>", "is a web page"),
        (b'[{"name": "Peru"}]', "is JSON, but does not contain UHRI records. Save the data"),
        (b'["a", "b"]', "is JSON, but does not contain UHRI records. Save the data"),
        (b"[]", "contains no records."),
        ('[{"AnnotationId": "x"}]'.encode("utf-16"), "is JSON in UTF-16. Save it in UTF-8."),
        (b'[{"AnnotationId": ', "ends unexpectedly after record 0"),
        (
            b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" * 40,
            "is of a type that cannot be read. Send a JSON, XLSX, ODS",
        ),
        (
            b"Just a sentence, with a comma.\nAnd another one, and so on, again.\nEnd.",
            "is of a type that cannot be read. Send a JSON, XLSX, ODS",
        ),
        (b"%PDF-1.7\n1 0 obj << >> endobj", "is incomplete. Download it again."),
    ],
)
def test_what_cannot_be_read_says_so_in_plain_words(tmp_path, content, message):
    with pytest.raises(Unreadable, match=message):
        detect.detect(given(tmp_path, content))


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        ("EncryptedPackage", "is protected by a password. Save it without a password"),
        ("Workbook", "save it as XLSX"),
    ],
)
def test_old_and_locked_office_files_say_how_to_save_them(tmp_path, stream, message):
    content = detect.OLD_OFFICE + bytes(504) + stream.encode("utf-16-le") + bytes(512)
    with pytest.raises(Unreadable, match=message):
        detect.detect(given(tmp_path, content))


@pytest.mark.parametrize("path", [SOURCES / "uhri_export.xlsx", SLOVENIA / "upr4-thematic-list.docx"])
def test_a_truncated_office_file_is_damaged(tmp_path, path):
    whole = path.read_bytes()
    with pytest.raises(Unreadable, match="damaged or incomplete. Download it again"):
        detect.detect(given(tmp_path, whole[: len(whole) // 2]))


def test_a_truncated_sheet_inside_of_a_sound_archive_is_damaged(tmp_path):
    source = workbook(tmp_path / "a.xlsx")
    path = changed(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"</row></sheetData>", b"<c r=")
    with pytest.raises(Unreadable, match="damaged"):
        detect.detect(path)


def test_a_locked_archive_asks_for_one_without_a_password(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= archives.ENCRYPTED
    with pytest.raises(Unreadable, match="protected by a password"):
        detect.detect(given(tmp_path, bytes(content)))


def test_a_locked_pdf_asks_for_one_without_a_password(tmp_path):
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >>" % (b"11" * 32, b"22" * 32),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF\n" % len(
        content
    )
    with pytest.raises(Unreadable, match="protected by a password"):
        detect.detect(given(tmp_path, content + table + trailer))
    unlocked = trailer.replace(b"/Encrypt 3 0 R ", b"")
    assert detect.detect(given(tmp_path, content + table + unlocked)) == Shape.WORKING_GROUP


def test_an_archive_that_swells_is_not_opened(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    assert path.stat().st_size < 50_000
    with pytest.raises(Unreadable, match="unpacks to 30 MB and was not opened"):
        detect.detect(path)


def test_one_cell_in_the_last_corner_of_a_workbook_is_refused(tmp_path):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    part = "xl/worksheets/sheet1.xml"
    path = changed(workbook(tmp_path / "a.xlsx"), tmp_path / "far.xlsx", part, b"</sheetData>", far)
    with pytest.raises(Unreadable, match="spans more than 6,000,000 cells"):
        detect.detect(path)


def test_a_million_repeated_rows_of_an_ods_are_refused_unless_they_are_empty(tmp_path):
    row = '<table:table-row table:number-rows-repeated="1048575">{}</table:table-row>'
    wide = CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="1000"')
    with pytest.raises(Unreadable, match="spans more than"):
        detect.detect(open_document(tmp_path / "full.ods", row.format(wide)))
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = f"<table:table-row>{CELL}{empty}</table:table-row>" + row.format(empty)
    assert detect.detect(open_document(tmp_path / "usual.ods", rows)) == Shape.SHEET


def test_300_mb_are_fine_as_json_and_too_much_as_a_workbook(tmp_path):
    """The files are sparse: their size is real, their zeros take no room."""
    json_file, office_file, huge = (tmp_path / name for name in ("a.json", "a.xlsx", "b.json"))
    record = json.dumps([{"AnnotationId": "x", "AnnotationType": "-", "Text": "Adopt"}]).encode()
    for path, start, size in (
        (json_file, record[:-1], 300_000_000),
        (office_file, b"PK\x03\x04", 300_000_000),
        (huge, b"[", detect.MOST_BYTES + 1),
    ):
        with path.open("wb") as file:
            file.write(start)
            file.truncate(size)
    assert detect.detect(json_file) == Shape.UHRI_JSON
    with pytest.raises(Unreadable, match="too large for a document or workbook"):
        detect.detect(office_file)
    with pytest.raises(Unreadable, match="at most 600 MB"):
        detect.detect(huge)


def test_an_archive_of_files_or_of_drawings_is_not_a_sheet(tmp_path):
    path = tmp_path / "files.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "Text,To")
    drawing = open_document(tmp_path / "a.odg", "", "application/vnd.oasis.opendocument.graphics")
    for refused in (path, drawing):
        with pytest.raises(Unreadable, match="contains other files, or is of a type that cannot be"):
            detect.detect(refused)


def test_real_files_of_every_shape_are_told_apart(shared_data):
    shapes = {
        "recs/uhri_818_six_languages/raw_api_records.jsonl": Shape.UHRI_API,
        "recs/uhri_818_six_languages/export_shape_es.json": Shape.UHRI_JSON,
        "recs/uhri_export_fixture/uhri_export_shape_120.xlsx": Shape.UHRI_XLSX,
        "recs/upr_info/upr_info_pledges.csv": Shape.SHEET,
        "documents/upr_wg_reports/AND_2011.pdf": Shape.WORKING_GROUP,
        "documents/upr_wg_reports/AND_2011.txt": Shape.WORKING_GROUP,
    }
    assert {name: detect.detect(shared_data / name) for name in shapes} == shapes
