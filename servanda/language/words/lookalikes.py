"""Letters that look like others, such as the Cyrillic а in a Latin word: the table of Unicode (UTS 39)."""

import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "


def without_lookalikes(text: str) -> str:
    """The text with the letter of a to z, of the same case, in place of each letter that looks like it.

    Only alphabets with capitals: the table also takes an Arabic alif for an l.
    """
    return text if text.isascii() else text.translate(table())


@cache
def table() -> dict[int, str]:
    letters = [char for char in confusables_data if len(char) == 1 and not char.isascii() and char.isalpha()]
    plain = {ord(char): plain_letter(char) for char in letters if char.lower() != char.upper()}
    return small_capitals() | {char: letter for char, letter in plain.items() if letter}


def small_capitals() -> dict[int, str]:
    """Such as ᴍ, by their names; the table of Unicode has none of them."""
    names = {char: unicodedata.name(chr(char), "").removeprefix(SMALL_CAPITAL) for char in range(0x250, 0xA800)}
    return {char: name.lower() for char, name in names.items() if len(name) == 1}


def plain_letter(char: str) -> str:
    """The plain letter of the same case among those that look alike, or ""."""
    alike = (row["c"] for row in confusables_data[char])
    letters = (letter for letter in alike if len(letter) == 1 and letter.isascii() and letter.isalpha())
    return min((letter for letter in letters if letter.isupper() == char.isupper()), default="")
