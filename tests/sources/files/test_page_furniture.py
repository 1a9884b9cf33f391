"""Numbers of pages and running heads are neither units nor parts of them."""

import pytest

from servanda.kit.files.pdf import pdf_of
from servanda.sources.documents.reader import read_document
from servanda.sources.files import document_text
from servanda.sources.files.document_text import TextLine, footnote_rows

LAWS = ("a press law", "the bill on equality", "rules on custody", "a budget", "new school books")


def paged(tmp_path, footer: str, header: str = "", language: str = "en"):
    rows = "".join(
        f"<p>{number}. The Committee recommends that the State party adopt measure {number} without delay, in law and"
        " in practice, and that it report on it.</p>"
        for number in range(1, 9)
    )
    style = (
        f"@page{{size:A5;@bottom-center{{content:{footer}}}@top-left{{content:'{header}'}}}}body{{font:16pt serif}}"
    )
    path = tmp_path / "paged.pdf"
    path.write_bytes(pdf_of(f"<html lang='{language}'><style>{style}</style><body>{rows}</body></html>"))
    return read_document(path)


@pytest.mark.parametrize(
    "footer",
    [
        "counter(page)",
        "'– ' counter(page) ' –'",
        "'Page ' counter(page)",
        "'Page ' counter(page) ' of ' counter(pages)",
        "counter(page) '/' counter(pages)",
        "'Página ' counter(page) ' de ' counter(pages)",
        "counter(page, arabic-indic)",
        "counter(page, lower-roman)",
    ],
)
def test_numbers_of_pages_of_a_pdf_are_no_units(tmp_path, footer):
    units = paged(tmp_path, footer).units
    assert [unit.number for unit in units] == [str(number) for number in range(1, 9)]
    assert all(unit.text.endswith("report on it.") for unit in units)


@pytest.mark.parametrize("mark", ["2", "- 2 -", "Page 2", "2/9", "Page 2 of 9", "٢"])
def test_numbers_of_pages_of_a_text_are_no_units(tmp_path, mark):
    path = tmp_path / "a.txt"
    path.write_text(
        "1. The Committee recommends that the State party\nadopt the\n"
        f"{mark}\n\nbill on equality.\n\n2. The Committee is concerned.\n\n{mark}\n\n3. It regrets the delay.\n"
    )
    assert [(unit.number, unit.text) for unit in read_document(path).units] == [
        ("1", "The Committee recommends that the State party adopt the bill on equality."),
        ("2", "The Committee is concerned."),
        ("3", "It regrets the delay."),
    ]


def test_a_number_within_a_paragraph_stays(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("1. The Committee requests information within\n30\ndays of today.\n\n2. It ends here.\n")
    assert read_document(path).units[0].text == "The Committee requests information within 30 days of today."


def test_running_heads_of_a_text_with_pages_leave_it(tmp_path):
    path = tmp_path / "a.txt"
    pages = [
        f"Board of Testland\n{number}. The Committee recommends that the State party adopt\n{law}.\n\n{number}"
        for number, law in enumerate(LAWS, 1)
    ]
    path.write_text("\f".join(pages))
    assert [unit.text for unit in read_document(path).units] == [
        f"The Committee recommends that the State party adopt {law}." for law in LAWS
    ]


def test_verbs_that_open_a_line_part_the_points_of_a_decision(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "12/99 Testland Press Council / Testland\n\nHolding\n\nFor these reasons, the Commission\nHolds a violation "
        "of Article 9 of the Charter and\nRequests the Government of Testland to release the editors.\n"
        "Testville, Testland, 15th November 1999.\n"
    )
    assert [(unit.kind.value, unit.text) for unit in read_document(path).units] == [
        ("information", "Holds a violation of Article 9 of the Charter and"),
        ("recommendation", "Requests the Government of Testland to release the editors."),
    ]


def test_a_running_head_that_is_cut_off_is_neither_text_nor_symbol(tmp_path):
    reading = paged(tmp_path, "counter(page)", header="CERD/C/TST/CO/")
    assert reading.symbol == ""
    assert all("CERD" not in unit.text for unit in reading.units)


def test_a_head_on_both_of_two_pages_is_no_text(tmp_path):
    rows = "<p>1. The Committee recommends a law.</p><p style='page-break-before:always'>2. It regrets the delay.</p>"
    style = "@page{size:A5;@top-left{content:'Board of Testland'}}body{font:12pt serif}"
    path = tmp_path / "two.pdf"
    path.write_bytes(pdf_of(f"<html lang='en'><style>{style}</style><body>{rows}</body></html>"))
    assert [unit.text for unit in read_document(path).units] == [
        "The Committee recommends a law.",
        "It regrets the delay.",
    ]


@pytest.mark.parametrize("mark", ["b", "span"])
def test_a_heading_whose_second_line_begins_with_a_number_is_no_footnote(tmp_path, mark):
    """What is below it on the page would be lost with it."""
    text = "Please describe the measures that were taken, in law and in practice, and their results."
    rows = [f"<p><{mark}>B. Application of articles<br>1 to 27 of the Covenant</{mark}></p>"]
    rows += [f"<p><{mark}>Legal framework (art. 2)</{mark}></p>"] + [f"<p>{number}. {text}</p>" for number in (1, 2)]
    style = "@page{size:A5;@bottom-left{content:'GE.26-04321'}}body{font:12pt serif}b{font-size:16pt}"
    head = "<p>Human Rights Committee</p><p>List of issues prior to submission of the fourth report of Ostovar</p>"
    path = tmp_path / "paged.pdf"
    path.write_bytes(pdf_of(f"<html lang='en'><style>{style}</style><body>{head}{''.join(rows)}</body></html>"))
    found = [(unit.number, unit.articles) for unit in read_document(path).units if unit.kind == "question"]
    assert found == [("1", "2"), ("2", "2")]


@pytest.mark.parametrize(
    "notes",
    [
        ["1 see CEDAW/C/SVN/6, paragraph 12, and the replies of the State party.", "2 http://www.stat.example/data."],
        ["1 véase CEDAW/C/SVN/6, párrafo 12.", "2 ibid., párrafo 14."],
        ["1 voir CEDAW/C/SVN/6, paragraphe 12.", "2 ibid., paragraphe 14."],
    ],
)
def test_a_footnote_that_begins_with_a_small_letter_is_no_part_of_the_text_above(notes):
    rows = [
        "5. The Committee is concerned about violence against women and girls in rural",
        "areas and in institutions",
    ]
    lines = [TextLine(text=row, page=1) for row in [*rows, *notes]] + [TextLine(text="for them.", page=2)]
    assert footnote_rows(lines, set()) == {2, 3}


def test_chinese_lines_are_joined_without_a_space_and_numbers_and_latin_words_with_one():
    assert document_text.joined(["其预算如何", "确定？请说明", "2025 年的"]) == "其预算如何确定？请说明 2025 年的"
