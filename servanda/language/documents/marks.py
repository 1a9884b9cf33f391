"""Recognises marks at the start of paragraphs: numbers, letters or roman numerals of items, dashes of lists."""

import re
from dataclasses import dataclass
from enum import StrEnum

from servanda.kit.patterns import lazy_pattern

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"  # the order of letters for items in Arabic documents
ALPHABETS = (LATIN, CYRILLIC, ABJAD)
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# Variant forms of Arabic letters, and invisible characters between them.
ALIKE = str.maketrans({"ا": "أ", "إ": "أ", "آ": "أ", "ى": "ي", "ـ": None, "\u200d": None, "\u200c": None})

_DIGITS = r"[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]"
NUMBER = lazy_pattern(
    rf"^\s*(?:§\s*|[¶•]\s*)?(?P<n>{_DIGITS}{{1,3}})(?:\.(?P<sub>{_DIGITS}{{1,3}}))?"
    rf"(?:(?<=\.\d)\s+(?=\S)|(?<=\.\d\d)\s+(?=\S)|(?<=\.\d\d\d)\s+(?=\S)|\s?[.．。)](?!{_DIGITS})\s*|\s?[-–—](?=\s"
    rf"|[\u0600-\u06ff]|$)\s*|\s*\t\s*)(?P<rest>.*)$",
    re.S,
)
BARE_NUMBER = lazy_pattern(rf"^\s*(?P<n>{_DIGITS}{{1,3}})\s*\.\s*$")
LETTER = lazy_pattern(
    r"^\s*(?:\([\s\u200c\u200d]*(?P<both>[^\W\d_]{1,5})[\s\u200c\u200d]?[-–ـ]?[\s\u200c\u200d]*\)"
    r"|(?P<one>[^\W\d_]{1,5})\s?\))\s*(?P<rest>.*)$",
    re.S,
)
DOTTED_ROMAN = lazy_pattern(r"^\s*(?P<one>[ivxl]{1,6})\.\s*(?P<rest>.*)$", re.S)
DOTTED_LETTER = lazy_pattern(r"^\s*(?P<one>[a-z])\.\s+(?P<rest>.*)$", re.S)
NUMBERED_ITEM = lazy_pattern(
    rf"^\s*(?:\(\s?(?P<both>{_DIGITS}{{1,2}})\s?\)|(?P<one>{_DIGITS}{{1,2}})\s?[).])\s+(?P<rest>\S.*)$", re.S
)
BULLET = lazy_pattern(r"^\s*(?:[•▪●○■◦\uf0b7\uf0a7\uf02d]\s*|[-–—]\s+)(?P<rest>\S.*)$", re.S)
CLOSES_ITEM = lazy_pattern(r"[:;：؛；،,.]\s*(?:and|or|y|e|o|u|et|ou|и|или|و|أو)?\s*$", re.I)
HEADING_BEHIND = lazy_pattern(r"^(?P<text>.{20,}?[;.])\s+(?P<heading>[A-ZÀ-Ý][^;.:?!]{3,160}[^;.:?!\s\d])\s*$", re.S)
CLOSES_WITHIN = 12  # characters before the next item
NUMBER_HERE = lazy_pattern(rf"(?<![\w.,/])({_DIGITS}{{1,3}})\.\s?(?=[^\W\d_])")
BRACKETED_HERE = lazy_pattern(rf"[;؛.]\s+\((?P<n>{_DIGITS}{{1,2}})\)\s+(?=\S)")
ITEM_HERE = lazy_pattern(r"\(?[\s\u200c\u200d]{0,4}[^\W\d_]{1,4}[\s\u200c\u200d]{0,4}\)\s*(?=\S)")


class Sort(StrEnum):
    NUMBER = "number"
    LETTER = "letter"
    ROMAN = "roman"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and the text after it; `printed` is the mark as in the document, with ASCII digits."""

    sort: Sort
    printed: str
    value: int
    rest: str
    sub: int = 0  # the 15 of "69.15"


def number_of(text: str) -> Mark | None:
    """The number at the start of a paragraph: "12. The Committee", "12- " before Arabic, "٣٠-", "69.15 Ensure"."""
    match = NUMBER.match(text)
    if not match or match["rest"][:1] in tuple(";,.)]:"):
        return None
    if match["rest"][:1].islower() and text.rstrip()[: match.start("rest")].endswith("."):
        return None  # "Article 7 1.c"
    value, sub = ascii_digits(match["n"]), ascii_digits(match["sub"] or "0")
    printed = f"{value}.{sub}" if sub else str(value)
    return Mark(Sort.NUMBER, printed, value, match["rest"], sub) if value else None


def ascii_digits(printed: str) -> int:
    return int("".join(str(int(sign)) for sign in printed))


def item_of(
    text: str, *, expected: str = "", after_roman: int = 0, dotted: bool = False, dotted_letters: bool = False
) -> Mark | None:
    """The letter or roman numeral at the start of an item.

    "(i)" is a letter if the previous item was (h), and a roman numeral otherwise; likewise "(c)" and "(v)".
    """
    match = LETTER.match(text) or (DOTTED_ROMAN.match(text) if dotted else None)
    if dotted_letters and match is None:
        match = DOTTED_LETTER.match(text)
    if not match:
        return None
    sign = (match.groupdict().get("both") or match["one"]).strip()
    text_after = match["rest"]
    place = letter_value(sign)
    roman = roman_value(sign.lower())
    if dotted and roman:
        return Mark(Sort.ROMAN, sign.lower(), roman, text_after)
    if place and (not roman or letter_of(place) == expected):
        return Mark(Sort.LETTER, letter_of(place), place, text_after)
    if roman and roman in (1, after_roman + 1):
        return Mark(Sort.ROMAN, sign.lower(), roman, text_after)
    if place:
        return Mark(Sort.LETTER, letter_of(place), place, text_after)
    return None


def numbered_item_of(text: str, *, expected: int) -> Mark | None:
    """The next numbered item below a sentence that announces items: "(1) Adopt", "1) Adopt", "1. Adopt"."""
    match = NUMBERED_ITEM.match(text)
    if not match or ascii_digits(match["both"] or match["one"]) != expected:
        return None
    return Mark(Sort.LETTER, str(expected), expected, match["rest"])


def bracketed_of(text: str) -> Mark | None:
    """The number in brackets at the start of a point: "(3) Orders the State"."""
    match = NUMBERED_ITEM.match(text)
    if not match or not match["both"]:
        return None
    value = ascii_digits(match["both"])
    return Mark(Sort.LETTER, str(value), value, match["rest"])


def bracketed_inside(text: str) -> list[str]:
    """Split a point "(5) ...;" before the next one, "(6) ...", where the file lost the line break between them."""
    first = bracketed_of(text)
    if first is None:
        return [text]
    cuts, wanted = [0], first.value + 1
    for match in BRACKETED_HERE.finditer(text):
        if ascii_digits(match["n"]) == wanted:
            cuts.append(match.start("n") - 1)
            wanted += 1
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def bullet_of(text: str) -> Mark | None:
    match = BULLET.match(text)
    return Mark(Sort.BULLET, "•", 0, match["rest"]) if match else None


def letter_value(sign: str) -> int:
    """The position of a letter in its alphabet, from 1; 27 for "aa"; 0 for anything else."""
    plain = sign.lower().translate(ALIKE)
    if len(plain) == 2 and plain[0] == plain[1] and plain[0] in LATIN:
        return len(LATIN) + LATIN.index(plain[0]) + 1
    if len(plain) != 1:
        return 0
    return next((letters.index(plain) + 1 for letters in ALPHABETS if plain in letters), 0)


def letter_of(value: int) -> str:
    """The Latin letter for a position, so that 24 (b) has the same name in all languages."""
    return LATIN[value - 1] if value <= len(LATIN) else LATIN[(value - 1) % len(LATIN)] * 2


def roman_value(sign: str) -> int:
    if not sign or any(letter not in ROMAN for letter in sign):
        return 0
    worth = [ROMAN[letter] for letter in sign]
    return sum(
        -current if current < following else current
        for current, following in zip(worth, [*worth[1:], 0], strict=True)
    )


def items_inside(text: str) -> list[str]:
    """Split a paragraph before each of its inline items: "...: (a) Ensure ...; (b) Adopt ..."."""
    cuts, wanted = [0], 1
    for match in ITEM_HERE.finditer(text):
        mark = item_of(text[match.start() :], expected=letter_of(wanted))
        if (
            mark
            and mark.sort == Sort.LETTER
            and mark.value == wanted
            and CLOSES_ITEM.search(text[max(0, match.start() - CLOSES_WITHIN) : match.start()])
        ):
            cuts.append(match.start())
            wanted += 1
    if wanted <= 2:  # a single (a) is a reference, not a list
        return [text]
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def heading_behind(text: str) -> tuple[str, str]:
    """A paragraph and the heading of the next one, if the line break between them was lost."""
    match = HEADING_BEHIND.match(text)
    return (match["text"], match["heading"]) if match else (text, "")


def numbers_inside(text: str) -> list[str]:
    """Split a text that lost its line breaks before 1., 2., 3. and so on, as long as the numbers are consecutive."""
    cuts, wanted = [0], 1
    for match in NUMBER_HERE.finditer(text):
        if ascii_digits(match[1]) == wanted:
            cuts.append(match.start(1))
            wanted += 1
    if wanted <= 2:
        return [text]
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
