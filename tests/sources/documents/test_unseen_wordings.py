"""Words and layouts of published letters and lists that were read wrongly when they were met first."""

import pytest

from servanda.language.documents.units import Block
from servanda.sources.documents.blocks import blocks_from_lines
from servanda.sources.documents.letters.units import letter_units
from servanda.sources.documents.reader import read_document, recognise
from servanda.sources.files.document_text import TextLine

LIST = """CEDAW/C/TST/Q/9
Committee on the Elimination of Discrimination against Women
List of issues and questions in relation to the ninth periodic report of Testland

1. Please provide information on the situation of women.

2. Please provide any
additional questions relating to the Convention, and the summary prepared by the State party.
"""


def test_a_list_that_speaks_of_additional_questions_is_no_file_of_the_upr(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(LIST, encoding="utf-8")
    assert recognise(path)


def test_a_list_of_questions_of_the_african_commission_is_a_list(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(
        "AFRICAN COMMISSION ON HUMAN AND PEOPLES’ RIGHTS\n\nList of questions on the periodic report of Testland\n\n"
        "1. What is the status of the Charter?\n\n2. Please furnish statistics.\n",
        encoding="utf-8",
    )
    reading = read_document(path)
    assert (reading.family.code, [unit.number for unit in reading.units]) == ("list-of-issues", ["1", "2"])


LETTER = """Mandates of the Special Rapporteur on the right to food; and the Special Rapporteur on torture.
REFERENCE: UA Housing (2000-9) Food (2000-9) G/SO 214 (53-24) TST 3/2014
31 January 2014

Excellency,

We would be interested in receiving the views of your Excellency’s Government, in particular on the points below:

1. Are the facts alleged in the above summary of the case accurate?

2. Please provide the details of any investigation.
"""


def test_the_reference_of_an_older_letter_has_the_files_of_its_mandates(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    reading = read_document(path)
    assert reading.symbol == "UA TST 3/2014"
    assert [unit.number for unit in reading.units if unit.kind == "question"] == ["1", "2"]


def test_numbered_standards_in_a_letter_are_no_questions():
    rows = ["Annex", "1. We would like to refer to article 19.", "2. We would also like to refer to article 21."]
    assert [unit for unit in letter_units([Block(row) for row in rows]) if unit.kind == "question"] == []


def line(text: str, foot: float, right: float) -> TextLine:
    return TextLine(text, 1, small=False, bold=False, left=90, right=right, foot=foot)


@pytest.mark.parametrize(
    ("texts", "right"),
    [(("1. What is done?", "Women"), 200), (("1. 请提供资料,说明是否已将其视为歧视。", "残疾妇女"), 420)],
)
def test_below_a_closed_line_that_ends_before_the_margin_begins_a_paragraph(texts, right):
    lines = [line("A line that fills the whole width of the page and goes on", 700, 500), line("here.", 680, 120)]
    lines += [line(texts[0], 660, right), line(texts[1], 640, 130)]
    assert [block.text for block in blocks_from_lines(lines)][-2:] == list(texts)


@pytest.mark.parametrize(
    "heading", ["Article 3", "Articles 5 to 9", "Artículos 12 y 13", "المادة 11", "第3条", "提高认识(第八条)"]
)
def test_a_heading_by_its_articles_begins_below_any_closed_line(heading):
    lines = [line("1. Which persons were returned, and to which countries were they?", 700, 500)]
    lines += [line(heading, 680, 160), line("2. What else was done?", 660, 230)]
    assert [block.text for block in blocks_from_lines(lines)][1] == heading


def test_articles_behind_an_open_line_go_on_with_it():
    lines = [
        line("1. Which persons were returned, contrary to the prohibition in", 700, 500),
        line("article 3", 680, 130),
    ]
    [block] = blocks_from_lines(lines)
    assert block.text.endswith("in article 3")
