"""What was looked for is shown in the words of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.language.words.highlight import pieces
from servanda.language.words.search_query import parse

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]


def hits(text: str, query: str, language: str) -> list[str]:
    return [piece.text for piece in pieces(text, parse(query, LANGUAGES), language) if piece.is_hit]


@pytest.mark.parametrize(
    ("text", "query", "language", "found"),
    [
        ("Ratify the Convention; who ratified it?", "ratifying", "en", ["Ratify", "ratified"]),
        ("Fight torture of women, women!", "woman torture", "en", ["torture", "women", "women"]),
        ("Women and children", '"women and children"', "en", ["Women and children"]),
        ("Women, then children", '"women children"', "en", []),
        ("See A/HRC/59/15, para. 140.10.", "140.10", "en", ["140.10"]),
        ("Respecter l’État de droit", "etat", "fr", ["l’État"]),
        ("Respecter l’État de droit", "état", "fr", ["l’État"]),
        ("保障人权理事会的工作", "人权", "zh", ["人权"]),
        ("Права женщин", "права", "ru", ["Права"]),
        ("Prevent torture", "-torture", "en", []),
        ("", "torture", "en", []),
    ],
)
def test_forms_of_a_word_phrases_and_symbols_are_marked(text, query, language, found):
    assert hits(text, query, language) == found


@given(st.text(max_size=60), st.text(max_size=20))
def test_the_pieces_are_the_text(text, query):
    assert "".join(piece.text for piece in pieces(text, parse(query, LANGUAGES), "en")) == text
