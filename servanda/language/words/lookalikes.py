"""Letters that look like others, such as the Cyrillic а in a Latin word: the table of Unicode (UTS 39)."""

from collections.abc import Iterable
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

FIRST_ARABIC, LAST_ARABIC = "\u0621", "\u064a"  # the letters of the Arabic language


def without_lookalikes(text: str) -> str:
    """The text with the plain letter in place of each that looks like it: in alphabets with capitals the letter of
    a to z, in the Arabic script the letter of the Arabic language."""
    return text if text.isascii() else text.translate(table())


@cache
def table() -> dict[int, str]:
    letters = (char for char in confusables_data if len(char) == 1 and char.isalpha() and not char.isascii())
    plain = ((char, plain_letter(char, (row["c"] for row in confusables_data[char]))) for char in letters)
    return {ord(char): letter for char, letter in plain if letter}


def plain_letter(char: str, alike: Iterable[str]) -> str:
    """The plain letter of the same case among those that look alike, or ""."""
    is_cased = char.lower() != char.upper()
    letters = [letter for letter in alike if len(letter) == 1 and letter.isalpha()]
    if is_cased:
        return min((letter for letter in letters if is_latin(letter, char)), default="")
    if FIRST_ARABIC <= char <= LAST_ARABIC:
        return ""
    return min((letter for letter in letters if FIRST_ARABIC <= letter <= LAST_ARABIC), default="")


def is_latin(letter: str, char: str) -> bool:
    return letter.isascii() and letter.isupper() == char.isupper()
