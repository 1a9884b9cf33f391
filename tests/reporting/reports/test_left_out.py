"""What the printed report leaves out of a text is said to whoever writes it."""

import pytest

from servanda.reporting.documents.blocks import Notes, SectionReader
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.left_out import left_out_of

TABLE = "| Year | Boys | Girls |\n|---|---|---|\n| 2024 | 1 | 2 |\n| 2025 | 3 | 4 | 5\\|6 |\n"


def printed(markdown: str) -> list[str]:
    return [block.text for block in SectionReader("", 1, {}, Notes(), "").read(markdown)]


def test_a_picture_is_a_gap_that_is_named_and_not_counted():
    text = "Two words ![A chart](data:image/png;base64,AAAA)"
    assert printed(text) == ["Two words [Picture left out: A chart]"]
    assert words_of(text) == 2
    assert left_out_of(f"{text}\n\n![B](x.png)") == ["2 pictures are left out of the report. Describe them in words."]


def test_cells_behind_the_last_column_are_named():
    sentence = "These cells are left out, because the first row of their table has fewer columns: “5|6”."
    assert left_out_of(TABLE) == [sentence]
    assert left_out_of(f"Before.\r\n\r\n{TABLE}") == [sentence]


def test_characters_that_change_the_direction_are_named():
    text = "Before \u202eafter\u202c."
    assert printed(text) == ["Before after."]
    sentence = "2 invisible characters that change the direction of the text are left out of the report."
    assert left_out_of(text) == [sentence]


@pytest.mark.parametrize("text", ["", "Text.", "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 |", "| no table |", "`![x](y)`"])
def test_other_texts_are_printed_whole(text):
    assert left_out_of(text) == []


def test_bullets_of_word_are_printed_as_a_list():
    blocks = list(SectionReader("", 1, {}, Notes(), "").read("•\tOne\n•\tTwo"))
    assert [(block.kind, block.text) for block in blocks] == [("item", "One"), ("item", "Two")]
