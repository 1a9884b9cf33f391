"""Documents of monitoring bodies from files: the same units whatever the shape, a sentence for what is none."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servanda.kit.files.pdf import pdf_of
from servanda.sources.candidates import Unreadable
from servanda.sources.documents import blocks as document_blocks
from servanda.sources.documents.blocks import read_blocks
from servanda.sources.documents.reader import read_document
from servanda.sources.documents.recognition import family_of
from servanda.sources.files.right_to_left import logical, with_whole_numbers
from tests.sources import documents_make

SHAPES = {
    "typed.docx": documents_make.typed_docx,
    "listed.docx": documents_make.listed_docx,
    "printed.pdf": documents_make.pdf,
    "plain.txt": documents_make.text,
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_the_same_units(tmp_path, name):
    reading = read_document(SHAPES[name](tmp_path / name))
    assert [unit.number for unit in reading.units] == documents_make.NUMBERS
    assert [unit.kind.value for unit in reading.units] == documents_make.KINDS
    assert [unit.number for unit in reading.units if unit.follow_up] == ["2(a)", "3"]
    assert [unit.number for unit in reading.units if unit.dissemination] == ["4"]
    assert reading.units[0].text.endswith("lack of data on it.")
    assert reading.units[-1].text.endswith("in parliament.")
    assert reading.title == documents_make.ROWS[0][1]
    assert reading.family.code == "concluding-observations"
    assert reading.language == "en"


def test_the_symbol_in_the_header_tells_the_state_and_a_pdf_its_pages(tmp_path):
    reading = read_document(documents_make.pdf(tmp_path / "a.pdf"))
    assert (reading.symbol, reading.state) == (documents_make.SYMBOL, "SVN")
    assert {unit.page for unit in reading.units} <= set(range(1, reading.pages + 1))
    assert all(unit.page for unit in reading.units)


def test_a_general_comment_can_be_linked_and_demands_nothing(tmp_path):
    path = tmp_path / "comment.txt"
    path.write_text("General comment No. 4 (2017)\n\n1. States parties should act.\n\n2. They shall report.\n")
    reading = read_document(path)
    assert reading.family.code == "general-comment"
    assert {unit.kind.value for unit in reading.units} == {"information"}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("CEDAW/C/BGR/CO/8", "concluding-observations"),
        ("CPT/Inf (2024) 14", "cpt"),
        ("CM/Del/Dec(2026)1553/H46-19", "cm-decision"),
        ("Corte Interamericana de Derechos Humanos", "iacthr"),
        ("Comisión Interamericana de Derechos Humanos", "iachr"),
        ("GREVIO baseline evaluation report", "grevio"),
        ("Report of the Special Rapporteur on her visit to Testland", "visit-report"),
        ("Minutes of the board", "other"),
    ],
)
def test_the_first_page_tells_the_family(printed, code):
    assert family_of(printed).code == code


def test_a_document_that_mixes_languages_says_so(tmp_path):
    path = tmp_path / "mixed.txt"
    path.write_text(
        "1. The Committee recommends that the State party adopt the law on equality.\n\n"
        "2. Le Comité recommande à l’État partie d’adopter la loi sur l’égalité des personnes.\n"
    )
    assert any("The document contains several languages (" in note for note in read_document(path).notes)


def refused(path) -> str:
    with pytest.raises(Unreadable) as refusal:
        read_document(path)
    return str(refusal.value)


def test_a_scan_without_text_is_refused_in_plain_words(tmp_path):
    assert "contains only images of pages, no text. Send a version" in refused(
        documents_make.page_without_text(tmp_path / "scan.pdf")
    )


def test_a_protected_pdf_is_refused_in_plain_words(tmp_path):
    assert "protected by a password" in refused(documents_make.locked_pdf(tmp_path / "closed.pdf"))


def test_too_many_pages_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(document_blocks, "MOST_PAGES", 2)
    path = documents_make.page_without_text(tmp_path / "long.pdf", pages=3)
    assert "at most 2 are read" in refused(path)


def test_pages_without_text_are_named_with_their_file(tmp_path):
    path = tmp_path / "issues.pdf"
    rows = ["<p>1. Please describe the law.</p>", "", "", "<p>2. Please give data.</p>"]
    pages = '<div style="page-break-after:always"></div>'.join(rows)
    path.write_bytes(pdf_of(f'<html lang="en"><body>{pages}</body></html>'))
    found = read_document(path)
    assert [unit.number for unit in found.units] == ["1", "2"]
    assert found.notes[0].startswith("issues.pdf has no text on pages 2, 3.")
    assert not any("has no text" in note for note in read_document(documents_make.pdf(tmp_path / "whole.pdf")).notes)


def test_a_file_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(document_blocks, "MOST_SECONDS", 1)
    path = documents_make.pdf(tmp_path / "slow.pdf")
    documents_make.reading_never_ends(monkeypatch)
    assert "takes too long" in refused(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 broken", "damaged or incomplete"),
        (b"PK\x03\x04 broken", "."),
        (b"\xd0\xcf\x11\xe0 old", "old Word file"),
        (b"\x00\x01\x02", "neither PDF, DOCX nor plain text"),
        (b"No numbers here.", "No numbered paragraphs"),
        ("🙂\x07\x0b".encode(), "."),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(tmp_path, content, message):
    path = tmp_path / "file.any"
    path.write_bytes(content)
    assert message in refused(path)


def test_arabic_in_a_pdf_is_read_in_the_order_in_which_it_is_read(tmp_path):
    path = tmp_path / "ar.pdf"
    rows = "<p>1- تحيط اللجنة علماً بالقانون.</p><p>2- توصي اللجنة الدولة الطرف بما يلي:</p>"
    rows += "<p>(أ) اعتماد القانون (2017)؛</p><p>(ب) الإصلاح.</p>"
    path.write_bytes(pdf_of(f'<html lang="ar" dir="rtl"><body style="font-family:DejaVu Sans">{rows}</body></html>'))
    units = read_document(path).units
    assert [unit.number for unit in units] == ["1", "2(a)", "2(b)"]
    assert units[1].text == "اعتماد القانون (2017)؛"
    assert units[2].text == "الإصلاح."


def test_recognised_arabic_is_read_from_its_first_row_down_whatever_size_its_rows_were_guessed_in():
    """What tesseract 5.5 made of a picture of our own sentences, without the picture."""
    units = read_document(Path(__file__).parents[2] / "fixtures" / "recognised" / "arabic.pdf").units
    assert [unit.number for unit in units] == ["1", "2(a)", "2(b)"]
    assert units[0].text.startswith("تحيط اللجنة علماً بالقانون الجديد")
    assert units[0].text.endswith("في جميع أنحاء البلد في السنوات الأخيرة.")
    assert units[1].text.endswith("في المناطق الريفية والحضرية وتخصيص الموارد اللازمة لتنفيذه؛")


def test_the_first_digit_that_recognition_loses_is_counted_on():
    lines = ["8-تلاحظ", "9-توصي", "0-ترحب", "في عام 2014", "2-تأسف", "13-تطلب", "2017-2014", "9-ليس رقماً تالياً"]
    expected = ["8-تلاحظ", "9-توصي", "10-ترحب", "في عام 2014", "12-تأسف", "13-تطلب", "2017-2014", "9-ليس رقماً تالياً"]
    assert list(with_whole_numbers(["3-أ", "5-ب", "7-ج", *lines]))[3:] == expected


def test_letters_of_a_ligature_that_stand_at_one_place_are_turned():
    assert logical([("ا", 9.0), ("إ", 7.0), ("ل", 7.0), ("ش", 5.0)]) == "الإش"[0] + "لإ" + "ش"


def test_a_lam_with_its_alif_stays_in_the_order_in_which_it_is_read():
    assert logical([("ا", 9.0), ("ل", 7.0), ("إ", 7.0), ("ش", 5.0)]) == "الإش"


def test_a_word_that_the_file_lists_from_left_to_right_is_turned():
    placed = [("م", 30.0), (" ", 28.0), ("ة", 10.0), ("ب", 13.0), ("ا", 16.0), ("ت", 19.0), ("ك", 22.0), ("ً", 10.0)]
    assert logical(placed) == "م كتابةً"


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("الفترة .2021-2019", "الفترة 2019-2021."),
        ("المواد 30-5", "المواد 5-30"),
        ("(4-1)", "(1-4)"),
        ("12- 4 دول", "12- 4 دول"),
        ("القانون 97-17", "القانون 17-97"),
    ],
)
def test_a_range_of_numbers_in_arabic_begins_with_the_lower_one(drawn, read):
    mirrored = drawn.translate(str.maketrans("()", ")("))
    assert logical([(sign, float(place)) for place, sign in enumerate(reversed(mirrored))][::-1]) == read


def test_footnote_marks_and_numbers_of_arabic_rows_stand_where_they_are_read(tmp_path):
    path = tmp_path / "ar.pdf"
    mark = '<sup style="font-size:6pt">1</sup>'
    first = f"1. يرجى بيان العقوبات بموجب المادة 59{mark} من القانون الجنائي وبيان تنفيذ القانون رقم 12 لسنة 2018."
    rows = f"<p>قائمة المسائل</p><p>{first}</p><p>2. كيف تحدد الميزانية؟{mark}</p>"
    style = "font-family:DejaVu Sans;width:330px"
    path.write_bytes(pdf_of(f'<html lang="ar" dir="rtl"><body style="{style}">{rows}</body></html>'))
    [first, second] = read_document(path).units
    assert "المادة 59 من القانون" in first.text
    assert first.text.endswith("لسنة 2018.")
    assert second.text.endswith("حدد الميزانية؟")


def test_rows_of_a_table_in_a_pdf_are_apart_where_their_numbers_have_no_sign(tmp_path):
    path = tmp_path / "table.pdf"
    questions = ("Which laws apply?", "Who decides? Please describe how.", "When was it?")
    rows = "".join(f"<tr><td>{place}</td><td>{text}</td><td></td></tr>" for place, text in enumerate(questions, 1))
    path.write_bytes(pdf_of(f"<html><body><p>Questionnaire for States</p><table>{rows}</table></body></html>"))
    assert [(unit.number, unit.text) for unit in read_document(path).units] == [
        (str(place), text) for place, text in enumerate(questions, 1)
    ]


def test_questions_that_are_numbered_with_a_word_are_apart_in_a_pdf_without_space_between_them(tmp_path):
    path = tmp_path / "named.pdf"
    rows = "<br>".join(
        ["Questionnaire for States.", "Q1. Which laws apply?", "Q2. Describe them.", "Q3. When was it?"]
    )
    path.write_bytes(pdf_of(f"<html><body><p>{rows}</p></body></html>"))
    assert [unit.number for unit in read_document(path).units] == ["1", "2", "3"]


def test_a_part_and_the_next_question_are_apart_in_a_pdf_without_space_between_them(tmp_path):
    """A question mark of full width ends a sentence, too."""
    path = tmp_path / "parts.pdf"
    rows = "<br>".join(
        ["List of issues.", "1. 采取了哪些措施？", "2. Please describe the law.", "Part II", "3. Since when?"]
    )
    path.write_bytes(pdf_of(f"<html><body style='font-family:DejaVu Sans'><p>{rows}</p></body></html>"))
    texts = [unit.text for unit in read_document(path).units]
    assert texts[1:] == ["Please describe the law.", "Since when?"]


def test_a_long_heading_that_ends_with_articles_is_one_in_a_pdf(tmp_path):
    path = tmp_path / "long.pdf"
    heading = f"Prohibition of torture {'and of other cruel, inhuman or degrading treatment ' * 4} (arts. 7 and 9)"
    rows = f"<p>List of issues</p><p>1. What was done?</p><p><b>{heading}</b></p><p>2. What is planned?</p>"
    rows += "<p>3. When?</p>"
    path.write_bytes(pdf_of(f"<html><body>{rows}</body></html>"))
    assert [(unit.text, unit.articles) for unit in read_document(path).units] == [
        ("What was done?", ""),
        ("What is planned?", "7, 9"),
        ("When?", "7, 9"),
    ]


def test_an_arabic_row_whose_pieces_stand_in_one_another_is_read_from_the_right(tmp_path):
    """Vowel signs cut the row; what stands on both sides of a piece is one line for pdfium."""
    path = tmp_path / "ar.pdf"
    row = "3. يرجى تقديم بيانات إحصائية عن طلبات اللجوء وعدد من أُعيدوا أو سُلّموا أو طُردوا، مع ذكر البلدان"
    path.write_bytes(
        pdf_of(f'<html lang="ar" dir="rtl"><body style="font-family:DejaVu Sans"><p>{row}</p></body></html>')
    )
    [block] = read_blocks(path).blocks
    assert block.text.startswith("3. يرجى تقديم")
    assert block.text.endswith("ردوا، مع ذكر البلدان")


@pytest.mark.django_db
def test_the_command_prints_what_was_read_as_json(tmp_path):
    out = StringIO()
    call_command("read_document", str(documents_make.typed_docx(tmp_path / "a.docx")), "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert [unit["number"] for unit in document["units"]] == documents_make.NUMBERS
    term = {"words": "within two years", "count": 2, "unit": "years", "clock": "", "every": 0, "date": None}
    assert document["units"][1]["deadline"] == term
    assert [unit["due"] for unit in document["units"]] == ["", "", "", "follow-up", "dissemination"]
    assert [unit["general_comments"] for unit in document["units"]] == [[] for _unit in document["units"]]


@pytest.mark.django_db
def test_the_command_ends_with_a_sentence_for_what_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match="contains only images of pages, no text. Send a version"):
        call_command("read_document", str(documents_make.page_without_text(tmp_path / "scan.pdf")))
    with pytest.raises(CommandError, match="No such file"):
        call_command("read_document", str(tmp_path / "absent.pdf"))
