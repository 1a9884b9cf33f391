"""Widths of columns by what they contain."""

import pytest

from servanda.kit.files.column_widths import NARROWEST, Space, widths_by_content

SPACE = Space(width=17, letter=0.2, widest_word=5)


def test_a_long_text_takes_the_room_that_short_columns_leave():
    short, text = widths_by_content(["No.", "Text"], [["140.1", "word " * 80]], SPACE)
    assert short + text == pytest.approx(17)
    assert text > 8 * short


def test_a_column_fits_its_longest_word_and_a_date_with_no_break_spaces_is_one_word():
    rows = [["21\u00a0September\u00a02027", "word " * 200]]
    date, _text = widths_by_content(["Due", "Text"], rows, SPACE)
    assert date >= 17 * SPACE.letter


def test_a_word_may_be_broken_where_it_would_take_the_page():
    code, _text = widths_by_content(["No.", "Text"], [["x" * 60, "word " * 200]], SPACE)
    assert code == pytest.approx(SPACE.widest_word, abs=0.5)
    breakable, _text = widths_by_content(["No.", "Text"], [["x" * 60, "word " * 400]], SPACE, breakable={0})
    assert breakable < SPACE.widest_word


def test_many_wide_columns_share_the_page():
    widths = widths_by_content(["Implementation"] * 9, [["x"] * 9], SPACE)
    assert sum(widths) == pytest.approx(17)


def test_an_empty_table_has_widths_for_its_heads():
    assert min(widths_by_content(["A", "B"], [], SPACE)) >= NARROWEST
