"""A letter is known by its reference, whatever its headings: it is confidential, and never refused."""

import docx
import pytest

from servanda.sources.documents.reader import read_document

QUESTIONS = ["A. Which rule closed the well?", "B. When will it be opened?"]


def text_of(rows, path):
    (path / "text.txt").write_text("\n\n".join(rows), encoding="utf-8")
    return read_document(path / "text.txt")


def in_table(rows, below, path):
    document = docx.Document()
    document.add_paragraph("JOINT LETTER")
    table = document.add_table(rows=0, cols=2)
    for label, text in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    for row in below:
        document.add_paragraph(row)
    document.save(str(path / "letter.docx"))
    return read_document(path / "letter.docx")


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("AL", "Questions to the Government"),
        ("UA", "Questions to the authorities"),
        ("OL", "Questions addressed to the State"),
        ("JAL", "Questions posées au Gouvernement"),
        ("JUA", "Preguntas dirigidas al Gobierno"),
        ("JOL", "Questionnaire"),
    ],
)
def test_a_reference_in_the_head_outweighs_any_heading(kind, heading, tmp_path):
    rows = [
        ("Reference", f"{kind} TST 7/2026"),
        ("Sent on", "15 January 2026"),
        ("Senders", "Special Rapporteur on the right to food"),
    ]
    reading = in_table(rows, ["On 5 May 2025 an office closed the well.", heading, *QUESTIONS], tmp_path)
    assert (reading.family.code, reading.family.is_confidential) == ("sp-letter", True)
    assert (reading.symbol, reading.mandates) == (f"{kind} TST 7/2026", ["Special Rapporteur on the right to food"])


@pytest.mark.parametrize(
    "row",
    ["AL TST 7/2026", "URGENT APPEAL (UA TST 7/2026)", "File: OL TST 7/2026", "JOINT LETTER — JAL/TST/7/2026",
     "Senders Special Rapporteur on the right to food; Special Rapporteur on poverty Reference AL TST 7/2026 Date"],
)  # fmt: skip
def test_a_reference_alone_makes_a_letter(row, tmp_path):
    reading = text_of([row, "12 March 2026", "Questions to the Government", *QUESTIONS], tmp_path)
    assert reading.family.is_confidential


@pytest.mark.parametrize(
    "rows",
    [
        [
            "Questionnaire on wells",
            "This follows the letter AL TST 7/2026, which the Government answered.",
            *QUESTIONS,
        ],
        [
            "Questionnaire on wells",
            "The mandate holders wrote to the State about it (Ref. AL TST 7/2026).",
            *QUESTIONS,
        ],
        ["Questionnaire on wells", "Of this told the joint communication AL TST 7/2026.", *QUESTIONS],
        ["Questionnaire on letters", "AL TST 7/2026", "UA TST 8/2026", "OL TST 9/2026", *QUESTIONS],
        ["Report on communications sent", "AL TST 7/2026", "1. The letter was about a well.", "2. It was closed."],
        [
            "Reply of the Government of Testland",
            "AL TST 7/2026",
            "1. The well is open.",
            "2. It was closed for a day.",
        ],
    ],
    ids=["sentence", "brackets", "communication", "several", "report", "reply"],
)
def test_a_document_that_cites_letters_is_none(rows, tmp_path):
    assert text_of(rows, tmp_path).family.code != "sp-letter"


@pytest.mark.parametrize(
    "asked",
    [
        "We would appreciate your prompt reply.",
        "Nous vous saurions gré de votre prompte réponse.",
        "Agradeceríamos su pronta respuesta.",
        "Agradeceríamos a sua pronta resposta.",
        "ونكون ممتنين لردكم العاجل.",
    ],
)
def test_a_letter_that_asks_in_any_sentence_is_not_refused(asked, tmp_path):
    rows = ["UA TST 7/2026", "12 March 2026", "The well of the village has been closed.", asked, "A. B."]
    reading = text_of(rows, tmp_path)
    assert [(unit.text, unit.duty) for unit in reading.units] == [(asked, "reply")]


def test_a_reference_in_the_header_of_every_page_counts(tmp_path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "UA TST 7/2026"
    for row in ("12 March 2026", "Questions to the Government", *QUESTIONS):
        document.add_paragraph(row)
    document.save(str(tmp_path / "letter.docx"))
    reading = read_document(tmp_path / "letter.docx")
    assert (reading.family.code, reading.symbol) == ("sp-letter", "UA TST 7/2026")
