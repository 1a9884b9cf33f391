"""Files that no one's word processor writes: each ends with a sentence or with a smaller answer, and soon."""

import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest

from servanda.intake.models import Batch
from servanda.kit.files import archives
from servanda.language.documents import marks
from servanda.people.access import Role
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import Shape, detect
from servanda.sources.documents.reader import read_document
from servanda.sources.files import document_text, pdf
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import read_into_units
from servanda.sources.upr import conclusions
from tests import make
from tests.sources.documents_make import printed_pdf

LAST = "It urges the State party to act."
TITLE = "Concluding observations on the fifth periodic report of Slovenia"
LIST = (
    '<w:abstractNum w:abstractNumId="99"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="99">{number}</w:num></w:numbering>'
)
IN_LIST = '<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="99"/></w:numPr>'
PARAGRAPH = "<w:p><w:pPr>{said}</w:pPr><w:r><w:t>The Committee recommends a law.</w:t></w:r></w:p>"
STYLE = '<w:style w:type="paragraph" w:styleId="{own}"><w:name w:val="{own}"/><w:basedOn w:val="{other}"/></w:style>'
CELL = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr>{said}</w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FIRST, TWELFTH, NAMED = (PARAGRAPH.format(said=IN_LIST.format(level=level)) for level in (0, 12, "x"))
WITHOUT_END = {
    "styles in a circle": {
        "styles": STYLE.format(own="A", other="B") + STYLE.format(own="B", other="A"),
        "body": PARAGRAPH.format(said='<w:pStyle w:val="A"/>'),
    },
    "letters": {"form": "lowerLetter", "start": "2000000000", "body": FIRST},
    "a roman number": {"form": "upperRoman", "start": "2000000000", "body": FIRST},
    "a level too deep": {"body": TWELFTH},
    "a cell": {"body": CELL.format(said='<w:gridSpan w:val="2000000000"/>')},
    "insertions": {"body": f"<w:p>{'<w:ins/>' * 60_000}</w:p>"},
    "deleted paragraphs": {"body": "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>" * 20_000},
}
MALFORMED = {
    "a start in words": {"start": "one", "body": FIRST},
    "no list": {"number": "", "body": FIRST},
    "a level in words": {"body": NAMED},
    "merged with nothing": {"body": CELL.format(said="<w:vMerge/>")},
    "perhaps bold": {"body": '<w:p><w:r><w:rPr><w:b w:val="maybe"/></w:rPr><w:t>Bold?</w:t></w:r></w:p>'},
    ". See the list of bodies.": {"root": f'<w:document xmlns:w="{SPACE}"/>'},
    "another root": {"root": "<a/>"},
    "no mark-up": {"root": "no mark-up"},
    "entities": {"root": f'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "{"&b;" * 99_999}">]><a>{"&c;" * 99_999}</a>'},
}


def word(path, *, body="", styles="", form="decimal", start="1", number='<w:abstractNumId w:val="99"/>', root=""):
    """A sound document with something put in that Word would not write."""
    document = docx.Document()
    for text in (
        TITLE,
        "1. The Committee recommends that the State party adopt a law.",
        "2. It urges the State party to act.",
    ):
        document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    made = LIST.format(start=start, form=form, number=number)
    put = {
        "word/document.xml": ("<w:body>", f"<w:body>{body}"),
        "word/styles.xml": ("</w:styles>", f"{styles}</w:styles>"),
        "word/numbering.xml": ("</w:numbering>", made),
    }
    with zipfile.ZipFile(content) as sound, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sound.namelist():
            text = sound.read(part)
            if part in put:
                text = text.replace(*(piece.encode() for piece in put[part]), 1)
            archive.writestr(part, root.encode() if root and part == "word/document.xml" else text)
    return path


@pytest.mark.parametrize("malice", WITHOUT_END.values(), ids=WITHOUT_END)
def test_what_would_count_without_end_is_read_in_a_moment(tmp_path, malice):
    path = word(tmp_path / "hostile.docx", **malice)
    start = time.process_time()
    assert detect(path) == Shape.DOCUMENT
    units = read_document(path).units
    assert time.process_time() - start < 5
    assert [unit.text for unit in units][-1] == LAST
    assert all(len(unit.number) < 40 for unit in units)


@pytest.mark.parametrize("malice", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_word_file_ends_with_a_sentence(tmp_path, malice):
    path = word(tmp_path / "malformed.docx", **malice)
    assert detect(path) in {Shape.DOCUMENT, Shape.WORKING_GROUP}
    with pytest.raises(Unreadable, match="Save it again as DOCX"):
        read_document(path)


def test_what_the_file_asks_to_be_fetched_is_not(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    path = word(tmp_path / "fetch.docx", body="<w:p><w:r><w:t>Here: &e;</w:t></w:r></w:p>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, rest = parts["word/document.xml"].split(b"?>", 1)
    parts["word/document.xml"] = head + f'?><!DOCTYPE a [<!ENTITY e SYSTEM "file://{secret}">]>'.encode() + rest
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "the secret" not in str(read_document(path).blocks)


def test_a_picture_that_does_not_shrink_makes_up_for_no_text_that_does(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:p/>" * 3_000_000)
        archive.writestr(zipfile.ZipInfo("word/media/a.png"), bytes(range(256)) * 4_000)
    with pytest.raises(Unreadable, match="was not opened"):
        archives.names_inside(path)


def many_parts(number: int, *, comment: bytes = b"") -> bytes:
    """An archive that lists so many parts of one byte each; beyond 65,535 in the ZIP64 format."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", b"")
        archive.comment = comment
        [part] = archive.infolist()
        archive.filelist.extend([part] * (number - 1))
    return file.getvalue()


@pytest.mark.parametrize(("number", "comment"), [(50_000, b""), (50_000, b"x" * 900), (70_000, b"")])
def test_a_list_of_very_many_parts_is_not_read(tmp_path, monkeypatch, number, comment):
    path = tmp_path / "many.zip"
    path.write_bytes(many_parts(number, comment=comment))
    assert archives.size_of_directory(path) == 47 * number
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(Unreadable, match="too many parts"):
        archives.names_inside(path)


@pytest.mark.parametrize("comment", [b"", b"Made by hand.", b"\0\0"])
def test_the_size_of_the_list_of_parts_is_that_of_the_archive(tmp_path, comment):
    path = tmp_path / "honest.zip"
    path.write_bytes(many_parts(3, comment=comment))
    assert archives.size_of_directory(path) == 3 * 47
    path.write_bytes(b"no archive")
    assert archives.size_of_directory(path) == 0


EMOJI = {ord("#"): "D83DDE00", ord("~"): "D83D", ord("^"): "0001"}


@pytest.mark.django_db
def test_emoji_halves_of_signs_and_control_characters_of_a_pdf_are_kept_or_left_out(tmp_path):
    path = printed_pdf(
        tmp_path / "emoji.pdf",
        [["# Concluding observations ~^", "1. The Committee recommends # a law^~."]],
        signs=EMOJI,
    )
    batch = Batch(shape="document", name="emoji.pdf", created_by=make.user(Role.COORDINATOR))
    with path.open("rb") as file:
        batch.file.save("emoji.pdf", file)
    read_into_units(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.message) == (Batch.State.UPLOADED, "")
    reading = DocumentReading.objects.get(batch=batch)
    text = "\n".join([reading.title, *reading.blocks.values_list("text", flat=True)])
    assert "😀" in text
    assert not {"\x01", "\ud83d"} & set(text)


def test_a_page_with_more_letters_than_paper_holds_is_refused(tmp_path):
    path = printed_pdf(tmp_path / "long.pdf", [["1. The Committee recommends. " * 40] * 200])
    with pytest.raises(Unreadable, match="Split it"):
        read_document(path)


@pytest.mark.parametrize("size", ["0 0 1 100000000", "0 0 14400 14400", "0 0 0 0"])
def test_the_picture_of_a_page_is_small_however_large_the_page_says_it_is(tmp_path, size):
    path = printed_pdf(tmp_path / "large.pdf", [["A"]], size=size)
    picture = pdf.drawn(path, 1)
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert 0 < width <= pdf.WIDTH + 1
    assert 0 < height <= pdf.TALLEST + 1


def test_several_people_look_at_pages_at_once(tmp_path):
    path = printed_pdf(tmp_path / "a.pdf", [["1. The Committee recommends a law."]])
    with ThreadPoolExecutor(4) as people:
        drawn = list(people.map(lambda _person: pdf.drawn(path, 1), range(4)))
    assert all(picture.startswith(b"\x89PNG") for picture in drawn)


def test_a_page_that_cannot_be_drawn_is_not_there(tmp_path):
    path = printed_pdf(tmp_path / "short.pdf", [["A"]], pages_said=3)
    with pytest.raises(Unreadable):
        pdf.drawn(path, 3)


@pytest.mark.parametrize("line", [" " * 3_000, "\t" * 3_000 + "x", "1" + " " * 3_000 + "x", "二" + "、 " * 3_000])
def test_a_line_of_blanks_is_no_heading_and_takes_no_time(line):
    start = time.process_time()
    assert not conclusions.HEADING.match(line)
    assert not conclusions.PLEDGES.match(line)
    assert time.process_time() - start < 1


def test_twenty_thousand_items_and_lines_are_cut_and_joined_in_a_moment():
    start = time.process_time()
    assert len(marks.items_inside("Take: (a) Ensure; (b) adopt; (c) act " + "(a) " * 20_000)) == 4
    assert marks.items_inside("Take: " + "\u200c" * 20_000) == ["Take: " + "\u200c" * 20_000]
    assert len(document_text.joined(["The Committee is con-", *["cerned at it"] * 20_000])) > 240_000
    assert time.process_time() - start < 3


def office_file(path, *, method: int = zipfile.ZIP_STORED):
    """An OpenDocument file, with its media type in the first part."""
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", b"<x/>")
        archive.writestr("année.xml", b"x")
    return path


def spoil(path, before: bytes, after: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(before, after))


NAME = "année.xml".encode()
IN_LIST_OF_PARTS = b"PK\x01\x02\x14\x03"


@pytest.mark.parametrize(
    ("before", "after"),
    [(NAME, NAME.replace(b"\xc3\xa9", b"\xff\xff")), (IN_LIST_OF_PARTS + b"\x14", IN_LIST_OF_PARTS + b"\xff")],
    ids=["a name that is no UTF-8", "a version of the format that does not exist"],
)
def test_a_list_of_parts_that_cannot_be_read_is_refused_with_a_sentence(tmp_path, before, after):
    path = office_file(tmp_path / "law.odt")
    spoil(path, before, after)
    with pytest.raises(Unreadable, match=r"law\.odt is damaged or incomplete"):
        detect(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_no_office_program_uses_is_refused(tmp_path, method):
    with pytest.raises(Unreadable, match=r"law\.odt is damaged or incomplete"):
        detect(office_file(tmp_path / "law.odt", method=method))


def test_a_media_type_that_cannot_be_unpacked_is_refused_with_a_sentence(tmp_path):
    path = office_file(tmp_path / "law.odt", method=zipfile.ZIP_DEFLATED)
    content = path.read_bytes()
    start = 30 + len("mimetype")
    path.write_bytes(content[:start] + b"\xff" * 8 + content[start + 8 :])
    with pytest.raises(Unreadable, match=r"law\.odt is damaged or incomplete"):
        detect(path)
