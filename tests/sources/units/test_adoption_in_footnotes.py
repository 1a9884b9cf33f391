"""A term from the adoption of observations whose day only a footnote of the first page names."""

from datetime import date

import docx
import pytest
from django.core.files import File
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.sources.models import DocumentReading
from servanda.sources.units.obligations import due_of
from servanda.sources.units.reading import read_into_units
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SYMBOL = "CEDAW/C/SVN/CO/7"
ROWS = (
    "Distr.: General",
    "12 March 2026",
    "Committee on the Elimination of Discrimination against Women",
    "Concluding observations on the seventh periodic report of Slovenia*",
    "1. The Committee considered the seventh periodic report of Slovenia at its 2000th meeting.",
    "2. The Committee recommends that the State party adopt a law against hate speech.",
    "3. The Committee requests the State party to provide, within one year of the adoption of the present concluding "
    "observations, written information on the steps taken to implement paragraph 2.",
)
MEETING = "Adopted by the Committee at its 2010th meeting, held on 20 November 2025."
SESSION = "Adopted by the Committee at its ninety-second session (3–21 November 2025)."


@built_once
def by():
    make.country()
    make.body("CEDAW")
    return make.user(Role.COORDINATOR)


def word_file(path, note: str, rows=ROWS):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = SYMBOL
    for row in rows:
        document.add_paragraph(row)
    body = f'<w:footnote w:id="2"><w:p><w:r><w:tab/><w:t>*</w:t><w:tab/><w:t>{note}</w:t></w:r></w:p></w:footnote>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes xmlns:w="{SPACE}">{body}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(path))
    return path


def text_file(path, note: str):
    path.write_text("\n\n".join((SYMBOL, *ROWS[:4], f"* {note}", *ROWS[4:])), encoding="utf-8")
    return path


def due(path, by):
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    read_into_units(batch)
    reading = DocumentReading.objects.get(batch=batch)
    return due_of(reading.units.get(number="3"), reading)


@pytest.mark.parametrize(
    ("note", "due_on", "certainty"),
    [
        (MEETING, date(2026, 11, 20), "fixed"),
        (SESSION, date(2026, 11, 21), "estimate"),
        ("Adoptées par le Comité à sa 2010e séance, tenue le 20 novembre 2025.", date(2026, 11, 20), "fixed"),
        ("Adoptées par le Comité à sa 92e session (3-21 novembre 2025).", date(2026, 11, 21), "estimate"),
        (
            "Aprobadas por el Comité en su 92º período de sesiones (3 a 21 de noviembre de 2025).",
            date(2026, 11, 21),
            "estimate",
        ),
        (
            "اعتمدتها اللجنة في دورتها الثانية والتسعين (3-21 تشرين الثاني/نوفمبر 2025).",
            date(2026, 11, 21),
            "estimate",
        ),
        ("The annex was adopted by the Council on 3 March 2020.", date(2027, 3, 12), "estimate"),
    ],
)
def test_a_footnote_of_a_word_file_names_the_day_or_the_session(note, due_on, certainty, by, tmp_path):
    found = due(word_file(tmp_path / "co.docx", note), by)
    assert (found.due_on, found.certainty) == (due_on, certainty)


@pytest.mark.parametrize(
    ("note", "due_on", "certainty"),
    [(MEETING, date(2026, 11, 20), "fixed"), (SESSION, date(2026, 11, 21), "estimate")],
)
def test_so_does_a_row_with_an_asterisk(note, due_on, certainty, by, tmp_path):
    found = due(text_file(tmp_path / "co.txt", note), by)
    assert (found.due_on, found.certainty) == (due_on, certainty)


def test_the_first_paragraph_outranks_the_footnote(by, tmp_path):
    first = (
        "1. The Committee considered the report of Slovenia at its 1999th meeting, held on 5 November 2025. At its "
        "2008th meeting, held on 19 November 2025, it adopted the present concluding observations."
    )
    found = due(word_file(tmp_path / "co.docx", SESSION, (*ROWS[:4], first, *ROWS[5:])), by)
    assert (found.due_on, found.certainty) == (date(2026, 11, 19), "fixed")
