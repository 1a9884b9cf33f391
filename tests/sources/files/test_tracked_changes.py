"""Word files with tracked changes are read as if all of them were accepted, and the person is told."""

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from servanda.sources.documents.reader import read_document
from servanda.sources.files import word_lines

TRACKED = 'w:id="1" w:author="A person" w:date="2026-02-17T09:00:00Z"'


def changed(content: str):
    return parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>")


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def inserted(text: str) -> str:
    return f"<w:ins {TRACKED}>{run(text)}</w:ins>"


def deleted(text: str) -> str:
    return f'<w:del {TRACKED}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def letter(path, *paragraphs: str):
    document = docx.Document()
    document.add_paragraph("Mandate of the Special Rapporteur on the right to food")
    document.add_paragraph("Ref.: AL SVN 1/2026")
    for content in paragraphs:
        document.element.body.insert_element_before(changed(content), "w:sectPr")
    document.save(str(path))
    return path


def test_inserted_text_is_read_and_deleted_text_is_not(tmp_path):
    path = letter(
        tmp_path / "letter.docx",
        deleted("16") + inserted("17") + run(" February 2026"),
        run("We would be grateful for your observations on the following matters:"),
        run("1. Please explain the legal basis."),
        deleted("2. Please name the witnesses."),
        inserted("2. Please state the remedies."),
        run("We would appreciate receiving a response within ") + deleted("30") + inserted("60") + run(" days."),
    )
    reading = read_document(path)
    assert reading.adopted.isoformat() == "2026-02-17"
    assert [unit.text for unit in reading.units if unit.kind == "question"] == [
        "Please explain the legal basis.",
        "Please state the remedies.",
    ]
    assert [unit.deadline.count for unit in reading.units if unit.duty] == [60]
    assert any(note.startswith("letter.docx contains tracked changes.") for note in reading.notes)


def test_a_deleted_paragraph_of_a_list_takes_no_number(tmp_path):
    document = docx.Document()
    document.add_paragraph("Mandate of the Special Rapporteur on the right to food")
    document.add_paragraph("We would be grateful for your observations on the following matters:")
    for text in ("Please explain the legal basis.", "", "Please state the remedies."):
        document.add_paragraph(text, style="List Number")
    gone = document.paragraphs[3]._p
    gone.pPr.append(parse_xml(f"<w:rPr {nsdecls('w')}><w:del {TRACKED}/></w:rPr>"))
    gone.append(parse_xml(deleted("Please name the witnesses.").replace("<w:del ", f"<w:del {nsdecls('w')} ")))
    document.save(str(tmp_path / "letter.docx"))
    questions = [unit for unit in read_document(tmp_path / "letter.docx").units if unit.kind == "question"]
    assert [(unit.number, unit.text) for unit in questions] == [
        ("1", "Please explain the legal basis."),
        ("2", "Please state the remedies."),
    ]


def test_a_file_without_changes_says_nothing_of_them(tmp_path):
    reading = read_document(letter(tmp_path / "letter.docx", run("1. Please explain the legal basis.")))
    assert not any("tracked changes" in note for note in reading.notes)


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(tmp_path):
    gone = f"<w:pPr><w:rPr><w:del {TRACKED}/></w:rPr></w:pPr>"
    path = letter(
        tmp_path / "letter.docx",
        gone + run("1. Please explain "),
        gone + run("the legal "),
        run("basis."),
        run("2. Please state the remedies."),
    )
    lines = list(word_lines.read(path))
    assert lines[-2:] == ["1. Please explain the legal basis.", "2. Please state the remedies."]


def test_a_row_that_was_deleted_is_not_read(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("Question", "Answer"), ("One", "Two")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')} {TRACKED}/>"))
    document.save(str(tmp_path / "table.docx"))
    assert list(word_lines.read(tmp_path / "table.docx")) == ["One\tTwo"]
