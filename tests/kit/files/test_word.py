"""Word files from right to left: said of the paragraph, of each run, and of its size and weight, in Word's order."""

import pytest
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from servanda.kit.files.word import RowCell, add_rows, is_right_to_left, turn, turn_table


def names(properties) -> list[str]:
    return [part.tag.rpartition("}")[2] for part in properties]


def test_a_paragraph_and_its_runs_are_turned_in_the_order_of_the_schema():
    paragraph = Document().add_paragraph()
    run = paragraph.add_run("توصية")
    run.bold, run.font.size = True, Pt(9)
    paragraph.alignment = 1
    turn(paragraph, is_rtl=True, size=9)
    assert names(paragraph._p.pPr) == ["bidi", "jc"]
    assert names(run._r.rPr) == ["b", "bCs", "sz", "szCs", "rtl"]
    assert run._r.rPr.find(qn("w:szCs")).get(qn("w:val")) == "18"


def test_what_reads_from_left_to_right_stays_as_it_is():
    paragraph = Document().add_paragraph("Ratify.")
    turn(paragraph, is_rtl=False)
    assert paragraph._p.pPr is None


@pytest.mark.parametrize(("language", "turned"), [("ar", True), ("en", False)])
def test_a_table_begins_where_the_language_of_the_page_begins(language, turned):
    table = Document().add_table(rows=1, cols=2)
    with override(language):
        turn_table(table)
    assert (table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) is turned


@pytest.mark.parametrize("is_rtl", [True, False])
def test_arabic_words_in_a_cell_that_begins_from_left_to_right_have_its_size_and_weight(is_rtl):
    table = Document().add_table(rows=0, cols=1)
    add_rows(table, [[RowCell("Decree 12، 1 يناير 2025", 5.0, is_rtl, is_bold=True)]], size=9)
    properties = table.rows[0].cells[0].paragraphs[0].runs[0]._r.rPr
    assert names(properties) == ["b", "bCs", "szCs", *(["rtl"] if is_rtl else [])]
    assert properties.find(qn("w:szCs")).get(qn("w:val")) == "18"


@pytest.mark.parametrize(
    ("language", "turned"), [("ar", True), ("ar-dz", True), ("fa", True), ("az", False), ("en", False), ("", False)]
)
def test_which_languages_read_from_right_to_left(language, turned):
    assert is_right_to_left(language) is turned
