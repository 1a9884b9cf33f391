"""Documents that leave the system: one content, written as a PDF and as a Word file."""

from io import BytesIO

import pypdfium2
import pytest
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from servanda.kit.files.paper import ROOM, USUAL, Paper, Part, Table, TextLine, write_docx, write_pdf

CODES = [TextLine("SVN-UPR-3-122.101", is_code=True), TextLine("Ratify the Convention. " * 12, "en"), TextLine("12")]


def paper(**fields) -> Paper:
    table = Table(["No.", "Text", "Records"], [CODES] * fields.pop("rows", 1), numbers=frozenset({2}))
    return Paper(
        title="Overview",
        issuer="Office",
        day="1 March 2025",
        status="Draft",
        notices=["Draft: contains positions that are not decided."],
        facts=[("State", "Slovenia"), ("Body", "CRC")],
        parts=[Part("Records", [TextLine("As of today.")], table, ["2 more."])],
        source=[TextLine("https://example.org/a/", is_code=True)],
        **fields,
    )


def docx(**fields):
    return Document(BytesIO(write_docx(paper(**fields))))


def test_the_title_block_comes_first_and_the_status_is_on_each_page():
    document = docx()
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Office",
        "Overview",
        "Draft: contains positions that are not decided.",
        "State\tSlovenia",
        "Body\tCRC",
        "Records",
        "As of today.",
        "2 more.",
        "https://example.org/a/",
    ]
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "Office · Overview · 1 March 2025 · Draft"
    assert all(field in section.footer._element.xml for field in ("PAGE", "NUMPAGES"))


def test_the_head_of_a_table_repeats_and_its_columns_have_the_width_of_their_contents():
    (table,) = docx().tables
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    code, text, number = (column.width.cm for column in table.columns)
    assert code + text + number == pytest.approx(ROOM, abs=0.05)
    assert text > 2 * code > 2 * number
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [None, None, 2]


def test_in_arabic_the_file_runs_from_right_to_left_and_texts_keep_their_direction():
    with override("ar"):
        document = docx(heading=TextLine("Ratify.", "en"))
    (table,) = document.tables
    turned = {line.text: "w:bidi/" in line._p.xml for line in document.paragraphs}
    assert (turned["Ratify."], turned["State\tSlovenia"], turned["As of today."]) == (False, True, True)
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells][0] == 2  # a code, where lines begin
    assert "\u200f" in document.sections[0].header.paragraphs[0].text


def test_a_latin_value_keeps_the_number_before_it_and_the_mark_behind_it_in_arabic():
    values = ["18,000 EUR، half a post.", "Slovenia", "1,200", "18,000 يورو"]
    made = Paper("Overview", "Office", "1 March 2025", [], facts=[("Cost", value) for value in values])
    with override("ar"):
        shown = [value for _label, value in made.title_block]
        assert shown == ["\u200e18,000 EUR، half a post.\u200e", *values[1:]]
        written = Document(BytesIO(write_docx(made))).paragraphs
    assert f"Cost\t{shown[0]}" in [paragraph.text for paragraph in written]
    assert [value for _label, value in made.title_block] == values


def test_a_note_does_not_touch_the_table_above_it():
    note = next(paragraph for paragraph in docx().paragraphs if paragraph.text == "2 more.")
    assert note.paragraph_format.space_before.pt >= 3


def test_the_pdf_says_the_same_and_repeats_head_and_running_line_on_each_page():
    with override("en"):
        sheets = pypdfium2.PdfDocument(write_pdf(paper(rows=60)))
    texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
    assert len(texts) > 1
    for number, text in enumerate(texts[:2], 1):
        assert "Office · Overview · 1 March 2025 · Draft" in text
        assert f"{number} / {len(texts)}" in text
        assert "No." in text
    assert "Slovenia" in texts[0]
    assert "https://example.org/a/" in texts[-1]


def test_a_line_that_is_typed_is_read_from_the_side_of_its_first_letter():
    typed = TextLine("خطة", is_typed=True)
    assert (typed.direction, TextLine("Plan").direction, TextLine("Plan", "ar").direction) == ("rtl", "ltr", "rtl")
    with override("ar"):
        assert (TextLine("Plan").direction, TextLine("A/HRC/1", is_code=True).direction) == ("rtl", "ltr")
        mixed, latin = TextLine("Gazette، 1 يناير 2025", is_typed=True), TextLine("Gazette", is_typed=True)
        assert (mixed.direction, latin.direction) == ("rtl", "ltr")
    assert Table(["A"], [[TextLine("x")]]).widths(USUAL) == [pytest.approx(ROOM)]
