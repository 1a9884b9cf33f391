"""Letters whose words no reader knows are read by their positions and forms.

`letters_of_any_wording.json`: whole letters in the forms of twenty years, and parts that replace those of a usual
letter, one or two at a time. All words are invented; of the published letters only the forms were taken.
"""

import json
from datetime import date
from pathlib import Path

import docx
import pytest

from servanda.kit.files.pdf import pdf_of
from servanda.sources.documents.reader import read_document, recognise

MADE = json.loads(Path(__file__).with_name("letters_of_any_wording.json").read_text(encoding="utf-8"))
LETTERS = MADE["letters"]
USUAL = {
    "head": "Mandates of the Special Rapporteur on the right to food; the Working Group on Arbitrary Detention",
    "ref": "Ref.: AL TST 5/2026",
    "day": "12 March 2026",
    "sal": "Excellency,",
    "cap": "We have the honour to address you in our capacities as mandate holders, pursuant to resolutions 1/1 and "
    "2/2.",
    "facts": "On 3 January 2026 two farmers were arrested. The police must answer such complaints within ten days.",
    "lead": "As it is our responsibility to seek to clarify cases, we would be grateful for your observations on "
    "the following matters:",
    "questions": [
        "1. Please provide any information.",
        "2. Please explain the legal basis.",
        "3. What was done since?",
    ],
    "reply": "We would appreciate receiving a response within 60 days. Past this delay, this communication "
    "will be made public.",
    "end": "Please accept, Excellency, the assurances of our highest consideration.",
}
OF_USUAL = {"reference": "AL TST 5/2026", "day": "2026-03-12", "mandates": 2, "questions": 3, "reply": [60, "days"]}


def facts_of(path: Path) -> dict[str, object]:
    reading = read_document(path)
    reply = next((unit.deadline for unit in reading.units if unit.duty), None)
    return {
        "reference": reading.symbol,
        "day": reading.adopted and reading.adopted.isoformat(),
        "mandates": len(reading.mandates),
        "questions": sum(unit.kind == "question" for unit in reading.units),
        "reply": reply and (reply.day.isoformat() if reply.day else [reply.count, str(reply.length)]),
    }


def written(rows: list[str], path: Path) -> Path:
    if path.suffix == ".pdf":
        path.write_bytes(pdf_of("".join(f"<p>{row}</p>" for row in rows)))
    elif path.suffix == ".docx":
        document = docx.Document()
        for row in rows:
            document.add_paragraph(row)
        document.save(str(path))
    else:
        path.write_text("\n\n".join(rows), encoding="utf-8")
    return path


# The PDF files of this page have the stops of Arabic lines in other places than those of the United Nations.
@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in LETTERS for kind in ("txt", "docx", "pdf") if kind != "pdf" or "Arabic" not in name],
)
def test_a_letter_is_read_in_any_words(name, kind, tmp_path):
    path = written(LETTERS[name]["rows"], tmp_path / f"letter.{kind}")
    assert recognise(path)
    assert facts_of(path) == LETTERS[name]["expected"]


def test_each_part_of_a_letter_is_read_in_other_words(tmp_path):
    wrong = []
    for changed, expected in MADE["parts"]:
        parts = [part for part in {**USUAL, **changed}.values() if part]
        rows = [row for part in parts for row in (part if isinstance(part, list) else [part])]
        found = facts_of(written(rows, tmp_path / "letter.txt"))
        if found != OF_USUAL | expected:
            wrong.append((changed, found))
    assert not wrong


def test_the_day_before_which_a_reply_is_due_takes_the_next_year_that_comes(tmp_path):
    rows = [*LETTERS["old fax"]["rows"][:-2], "Your Government’s reply should reach us before the 1st of March."]
    reply = next(unit for unit in read_document(written(rows, tmp_path / "letter.txt")).units if unit.duty)
    assert reply.deadline.day == date(2010, 3, 1)


@pytest.mark.parametrize(
    "rows",
    [
        ["Reply of the Government of Testland", "Ref.: AL TST 5/2026", "1. The arrest was lawful in every respect."],
        [
            "The Permanent Mission of Testland presents its compliments and has the honour to refer to the letter",
            "AL TST 5/2026",
            "Excellency,",
            "1. The farmers were released on bail on the order of the court.",
        ],
        [
            "Respuesta del Gobierno de Testlandia a la comunicación AL TST 5/2026",
            "Excelencia,",
            "1. La detención fue ordenada por un juez competente.",
        ],
    ],
    ids=["reply", "note", "Spanish"],
)
def test_a_reply_of_a_state_is_no_letter_of_special_procedures(rows, tmp_path):
    assert read_document(written(rows, tmp_path / "reply.txt")).family.code != "sp-letter"
