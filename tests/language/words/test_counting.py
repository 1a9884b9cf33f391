"""Words as word processors count them."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.language.words.counting import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("The State supports 140.1 and 140.3.", 6),
        ("A/HRC/43/8, para. 12", 3),
        ("well-known", 1),
        ("2019–2024", 2),
        ("law—practice", 2),
        ("l’égalité d'accès", 2),
        ("10 700 mots", 3),
        ("كلمة، وكلمة أخرى", 3),
        ("\u202bكلمة\u202c", 1),
        ("\u202b \u202c", 0),
        ("права человека", 2),
        ("soft\u00adhyphen", 1),
    ],
)
def test_words_are_divided_by_white_space_and_dashes(text, words):
    assert count_words(text) == words


def counted_by_libreoffice() -> Iterator[tuple[str, int]]:
    """Lines of text, each with the number of words that LibreOffice 25.2 stored for a file with it alone."""
    with (Path(__file__).parent / "libreoffice_counts.csv").open(encoding="utf-8", newline="") as file:
        yield from ((row["text"], int(row["words"])) for row in csv.DictReader(file))


@pytest.mark.parametrize(("text", "words"), list(counted_by_libreoffice()))
def test_libreoffice_counts_the_same(text, words):
    assert count_words(text) == words
