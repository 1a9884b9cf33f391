"""Lines of PDF files in which signs are drawn apart from their words, such as brackets of a second font."""

from servanda.sources.files.pdf_lines import is_footer
from servanda.sources.files.right_to_left import in_drawn_order, latin_in_drawn_order

SIZE = 11.0
WIDTH = 5.0


def drawn(*placed: tuple[str, float]) -> list[tuple[str, float, float, float, float]]:
    """Signs with the place of their left edge, each as wide as the others."""
    return [(sign, place, 100.0, place + 0.2, place + WIDTH - 0.2) for sign, place in placed]


def test_brackets_that_are_drawn_behind_their_letter_are_put_around_it():
    line = drawn(("أ", 60), (")", 65), ("(", 55), (" ", 50), ("م", 45), ("ن", 40))
    assert in_drawn_order(line, SIZE) == "(أ) من"


def test_numbers_and_symbols_within_the_line_are_read_from_the_left():
    line = drawn(("ب", 60), (" ", 55), ("2", 45), ("0", 50), ("ج", 75))
    assert in_drawn_order(line, SIZE) == "ج ب 20"


def test_a_line_in_order_is_left_to_the_other_rules():
    assert in_drawn_order(drawn(("م", 60), ("ن", 55)), SIZE) == ""
    assert latin_in_drawn_order(drawn(("A", 10), ("B", 15)), SIZE) == ""


def test_the_running_head_among_arabic_is_put_in_order():
    line = drawn(("Q", 10), ("/", 15), ("-", 25), ("5", 20), ("6", 30))
    assert latin_in_drawn_order(line, SIZE) == "Q/5-6"


def test_page_numbers_and_job_numbers_stand_below_footnotes():
    assert all(map(is_footer, ["2", "GE.24-21345", "2 GE.24-21345 (E)", "Page 3 of 12", "12"]))
    assert not any(map(is_footer, ["Adopted by the Committee.", "(a) Women"]))
