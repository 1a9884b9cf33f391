"""What a DOCX prints outside plain paragraphs: tracked changes, content controls, text boxes, lists in tables."""

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from servanda.sources.documents.reader import read_document
from servanda.sources.files import word_lines

W = nsdecls("w")
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


def saved(document, tmp_path: Path) -> Path:
    document.save(str(tmp_path / "list.docx"))
    return tmp_path / "list.docx"


def with_paragraph(content: str, tmp_path: Path) -> Path:
    """A questionnaire whose second paragraph has this content."""
    document = docx.Document()
    document.add_paragraph("Questionnaire for States")
    document.add_paragraph()._p.addprevious(parse_xml(f"<w:p {W}>{content}</w:p>"))
    return saved(document, tmp_path)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            RUN.format("1. Please ") + f'<w:ins w:id="1" w:author="a">{RUN.format("describe")}</w:ins>',
            "1. Please describe",
        ),
        (
            f'{RUN.format("1. Why")}<w:del w:id="1" w:author="a"><w:r><w:delText> not</w:delText></w:r></w:del>',
            "1. Why",
        ),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format('1. Why?')}</w:sdtContent></w:sdt>", "1. Why?"),
        (f'<w:smartTag w:element="a">{RUN.format("1. Why?")}</w:smartTag>', "1. Why?"),
        (f'<w:fldSimple w:instr="REF a">{RUN.format("1. Why?")}</w:fldSimple>', "1. Why?"),
    ],
)
def test_a_paragraph_has_the_words_that_are_printed_when_changes_are_accepted(content, text, tmp_path):
    assert text in list(word_lines.read(with_paragraph(content, tmp_path)))


def test_paragraphs_of_controls_and_text_boxes_are_read_in_their_place(tmp_path):
    document = docx.Document()
    document.add_paragraph("First")
    control = f"<w:sdt {W}><w:sdtPr/><w:sdtContent><w:p>{RUN.format('Second')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:txbxContent><w:p>{RUN.format('Fourth')}</w:p></w:txbxContent>"
    drawn = f"<w:p {W}>{RUN.format('Third')}<w:r><w:pict>{box}</w:pict></w:r></w:p>"
    document.add_paragraph("Fifth")._p.addprevious(parse_xml(control))
    document.paragraphs[-1]._p.addprevious(parse_xml(drawn))
    assert list(word_lines.read(saved(document, tmp_path))) == ["First", "Second", "Third", "Fourth", "Fifth"]


def test_a_text_box_that_is_stored_twice_is_read_once(tmp_path):
    box = f"<w:txbxContent><w:p>{RUN.format('Box')}</w:p></w:txbxContent>"
    markup = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    path = with_paragraph(f"<w:r><mc:AlternateContent {markup}>{twice}</mc:AlternateContent></w:r>", tmp_path)
    assert list(word_lines.read(path)).count("Box") == 1


def test_questions_of_one_cell_and_of_a_table_in_it_are_apart(tmp_path):
    document = docx.Document()
    document.add_paragraph("Questionnaire for States")
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = "1. Which laws apply?"
    cell.add_paragraph("2. Who applies them?")
    cell.add_table(1, 2).rows[0].cells[0].text = "3"
    cell.tables[0].rows[0].cells[1].text = "Please provide data."
    assert [(unit.number, unit.text) for unit in read_document(saved(document, tmp_path)).units] == [
        ("1", "Which laws apply?"),
        ("2", "Who applies them?"),
        ("3", "Please provide data."),
    ]


def test_automatic_numbers_of_table_cells_are_read(tmp_path):
    document = docx.Document()
    document.add_paragraph("Questionnaire for States")
    table = document.add_table(0, 2)
    for question in ("Which laws apply?", "Who applies them?"):
        number, cell = table.add_row().cells
        number.paragraphs[0].style = "List Number"
        cell.text = question
    assert [(unit.number, unit.text) for unit in read_document(saved(document, tmp_path)).units] == [
        ("1", "Which laws apply?"),
        ("2", "Who applies them?"),
    ]


def test_a_deleted_paragraph_has_no_number_and_the_reader_says_that_changes_were_accepted(tmp_path):
    document = docx.Document()
    document.add_paragraph("Questionnaire for States")
    rows = [document.add_paragraph(text, style="List Number") for text in ("Which laws apply?", "", "Since when?")]
    mark = f'<w:rPr {W}><w:del w:id="1" w:author="a"/></w:rPr>'
    rows[1]._p.get_or_add_pPr().append(parse_xml(mark))
    gone = '<w:del {} w:id="2" w:author="a"><w:r><w:delText>Why?</w:delText></w:r></w:del>'
    rows[1]._p.append(parse_xml(gone.format(W)))
    reading = read_document(saved(document, tmp_path))
    assert [(unit.number, unit.text) for unit in reading.units] == [("1", "Which laws apply?"), ("2", "Since when?")]
    assert "read as if all of them were accepted" in " ".join(reading.notes)


def test_the_prompt_of_an_empty_control_is_not_read(tmp_path):
    prompt = "<w:sdt{}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    click = RUN.format("Click here to enter text.")
    document = docx.Document()
    first = document.add_paragraph("1. Name: ")
    first._p.append(parse_xml(prompt.format(f" {W}", click)))
    first._p.addnext(parse_xml(prompt.format(f" {W}", f"<w:p>{click}</w:p>")))
    assert "".join(word_lines.read(saved(document, tmp_path))) == "1. Name:"
